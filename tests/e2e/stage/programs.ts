/* The programs behind the page: the devhost with its api, and the simulator of platforms and ERP. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PAGES, program, TARGET } from './places';
import type { Commands } from '../../../ui/src/api/generated';

/** A program that says in one line of JSON where it listens. */
class Running {
  constructor(
    private readonly child: ChildProcess,
    readonly said: Record<string, unknown>,
  ) {}

  static async start(name: string, args: readonly string[], log: string): Promise<Running> {
    mkdirSync(join(TARGET, 'logs'), { recursive: true });
    const errors = openSync(join(TARGET, 'logs', `${log}.log`), 'w');
    const child = spawn(program(name), args, { stdio: ['ignore', 'pipe', errors], env: withoutKeychain() });
    const line = await new Promise<string>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`${name} ended with ${code}: see target/e2e/logs/${log}.log`)));
      if (child.stdout) createInterface({ input: child.stdout }).once('line', resolve);
    });
    child.removeAllListeners('exit');
    return new Running(child, JSON.parse(line) as Record<string, unknown>);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }
}

/** Without a session bus there is no keychain: the app must say so and keep secrets for this run only. */
function withoutKeychain(): NodeJS.ProcessEnv {
  return { ...process.env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent', DISPLAY: '' };
}

async function answer(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${text.slice(0, 300)}`);
  return text === '' ? null : (JSON.parse(text) as unknown);
}

/** The simulator's own books, and what somebody does on the platforms' side. */
export class Simulator {
  constructor(readonly admin: string) {}

  async books<T>(path: string): Promise<T> {
    return (await answer(await fetch(`${this.admin}/${path}`))) as T;
  }

  async tell<T>(path: string, body: unknown): Promise<T> {
    return (await answer(await fetch(`${this.admin}/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }))) as T;
  }

  act(act: Record<string, unknown>): Promise<unknown> {
    return this.tell('act', act);
  }

  ledger(): Promise<Ledger> {
    return this.books('ledger');
  }
}

/** What the simulator counted itself. */
export interface Ledger {
  orders_due: number;
  erp_documents: number;
  duplicated: number;
  not_in_erp: number;
  orders: { shop: string; number: string; due: boolean; erp_documents: number }[];
  synced: Record<string, { created: number; updated: number; listings: number }>;
}

/** What the simulator says when it listens. */
export interface Announcement {
  admin: string;
  services: Record<string, { url: string; credentials: Record<string, string>; stores: { remote_id: string; name: string }[] }>;
  printers: Record<string, { url: string; credentials: Record<string, string>; printers: { sn: string; key: string }[] }>;
}

/** A simulator of its own, for shops that are not the demo. */
export class World extends Simulator {
  private constructor(
    private readonly running: Running,
    readonly services: Announcement['services'],
    readonly printers: Announcement['printers'],
  ) {
    super(running.said['admin'] as string);
  }

  static async open(log: string): Promise<World> {
    const running = await Running.start('guitai-cli', ['simulator', 'serve', '--port', '0', '--seed', '1'], log);
    const said = running.said as unknown as Announcement;
    return new World(running, said.services, said.printers);
  }

  stop(): Promise<void> {
    return this.running.stop();
  }
}

/** The devhost on a data folder of its own. */
export class Devhost {
  private constructor(
    private readonly running: Running,
    readonly url: string,
    readonly folder: string,
  ) {}

  /** `keep`: on the folder as it lies, instead of an empty one. */
  static async open(name: string, options: { demo?: boolean; keep?: boolean } = {}): Promise<Devhost> {
    const folder = join(TARGET, 'data', name);
    if (!options.keep) rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const args = ['--data-dir', folder, '--port', '0', '--pages', PAGES, '--seed', '1', ...(options.demo ? ['--demo'] : [])];
    const running = await Running.start('guitai-devhost', args, name);
    return new Devhost(running, running.said['url'] as string, folder);
  }

  /** One command of the api, as the page calls it. */
  async call<C extends keyof Commands>(command: C, request: Commands[C]['request']): Promise<Commands[C]['response']> {
    const response = await fetch(`${this.url}/rpc/${command}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(request) });
    return (await answer(response)) as Commands[C]['response'];
  }

  /** The simulator inside the demo shop: it serves the addresses that the stores call. */
  async simulator(): Promise<Simulator> {
    const { stores } = await this.call('stores_list', {});
    const endpoint = stores[0]?.endpoint;
    if (!endpoint) throw new Error('no store has an address');
    return new Simulator(new URL('/admin', endpoint).href);
  }

  stop(): Promise<void> {
    return this.running.stop();
  }
}
