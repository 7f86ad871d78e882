/* Where things lie. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The repository. */
export const REPO = resolve(import.meta.dirname, '../../..');
/** Everything that a run leaves behind. */
export const TARGET = join(REPO, 'target/desktop');

/** A built program; `GUITAI_BIN` names the folder. */
export function program(name: string): string {
  const path = join(process.env['GUITAI_BIN'] ?? join(REPO, 'target/debug'), name);
  if (!existsSync(path)) throw new Error(`${path} is not built: cargo build --workspace`);
  return path;
}
