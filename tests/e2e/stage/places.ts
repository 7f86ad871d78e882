/* Where things lie. */
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** The repository. */
export const REPO = resolve(import.meta.dirname, '../../..');
/** Everything that a run leaves behind. */
export const TARGET = join(REPO, 'target/e2e');
/** The built pages; `GUITAI_PAGES` names others. */
export const PAGES = process.env['GUITAI_PAGES'] ?? join(REPO, 'ui/dist');

const EXE = process.platform === 'win32' ? '.exe' : '';

/** A built program; `GUITAI_BIN` names the folder. */
export function program(name: string): string {
  const path = join(process.env['GUITAI_BIN'] ?? join(REPO, 'target/debug'), name + EXE);
  if (!existsSync(path)) throw new Error(`${path} is not built: cargo build --workspace`);
  return path;
}

/** The system's Chromium: setup installs it, nothing is downloaded. */
export function browser(): string {
  const named = process.env['GUITAI_CHROMIUM'];
  if (named) return named;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/snap/bin'];
  for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
    const found = folders.map((folder) => join(folder, name + EXE)).find((path) => existsSync(path));
    if (found) return found;
  }
  throw new Error('no Chromium on this machine: cargo xtask setup');
}
