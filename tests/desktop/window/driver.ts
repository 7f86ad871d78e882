/*
 * The real window over WebDriver. WebKit's own driver starts the app as its browser; what it speaks is the W3C
 * protocol, of which these few calls are all that is needed.
 */
import { expect } from '@playwright/test';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Commands } from '../../../ui/src/api/generated';
import { program, TARGET } from './places';

/** The key under which WebDriver names an element. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** One running copy of the app. */
export class AppWindow {
  private constructor(
    private readonly driver: ChildProcess,
    private readonly base: string,
    readonly folder: string,
  ) {}

  /** Starts the app on a data folder. */
  static async open(folder: string, log: string): Promise<AppWindow> {
    mkdirSync(join(TARGET, 'logs'), { recursive: true });
    const port = await freePort();
    const out = openSync(join(TARGET, 'logs', `${log}.log`), 'w');
    const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
      stdio: ['ignore', out, out],
      env: {
        ...process.env,
        // Both switches are read by the web view of a debug build when a driver starts it.
        TAURI_AUTOMATION: 'true',
        TAURI_WEBVIEW_AUTOMATION: 'true',
        GDK_BACKEND: 'x11',
        LIBGL_ALWAYS_SOFTWARE: '1',
        WEBKIT_DISABLE_DMABUF_RENDERER: '1',
        TZ: 'Asia/Shanghai',
        // The place of the window and what the web view keeps are of this run, not of whoever runs it.
        XDG_DATA_HOME: join(TARGET, 'home/share'),
        XDG_CONFIG_HOME: join(TARGET, 'home/config'),
      },
    });
    const root = `http://127.0.0.1:${port}`;
    await expect.poll(() => fetch(`${root}/status`).then((answer) => answer.ok, () => false), { message: 'the driver listens' }).toBe(true);
    const session = await send<{ sessionId: string }>(`${root}/session`, 'POST', {
      capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary: program('guitai'), args: ['--data-dir', folder] } } },
    });
    const base = `${root}/session/${session.sessionId}`;
    await send(`${base}/timeouts`, 'POST', { script: 120_000 });
    return new AppWindow(driver, base, folder);
  }

  /** Ends the session, and with it the app. */
  async close(): Promise<void> {
    await send(this.base, 'DELETE').catch(() => undefined);
    this.driver.kill();
  }

  /** Runs a function's body in the page. */
  script<T>(body: string, ...args: unknown[]): Promise<T> {
    return send(`${this.base}/execute/sync`, 'POST', { script: body, args });
  }

  /** One command of the api through the page's own bridge. */
  async call<C extends keyof Commands>(command: C, payload: Commands[C]['request']): Promise<Commands[C]['response']> {
    const answer = await send<{ ok?: Commands[C]['response']; error?: unknown }>(`${this.base}/execute/async`, 'POST', {
      script: `const [cmd, payload, done] = arguments;
        window.__TAURI_INTERNALS__.invoke('rpc', { cmd, payload }).then((ok) => done({ ok }), (error) => done({ error }));`,
      args: [command, payload],
    });
    if (answer.ok === undefined) throw new Error(`${command}: ${JSON.stringify(answer.error)}`);
    return answer.ok;
  }

  /** How many elements fit a CSS selector now. */
  count(selector: string): Promise<number> {
    return this.script('return document.querySelectorAll(arguments[0]).length;', selector);
  }

  /** The text of everything that fits a CSS selector. */
  text(selector: string): Promise<string> {
    return this.script('return [...document.querySelectorAll(arguments[0])].map((one) => one.innerText).join("\\n");', selector);
  }

  /** Goes to a page by the address in the app. */
  async goto(path: string): Promise<void> {
    await this.script('location.hash = arguments[0];', `#/${path}`);
  }

  /** Waits for a button of this text that can be pressed and clicks it with the mouse. */
  async click(text: string, within = 'body'): Promise<void> {
    const find = `const found = [...document.querySelectorAll(arguments[1] + ' button')].filter((one) => one.innerText.replaceAll(/\\s+/g, ' ').includes(arguments[0]) && one.offsetParent !== null && one.getAttribute('aria-disabled') !== 'true');
      return found[0] ?? null;`;
    let element: Record<string, string> | null = null;
    await expect
      .poll(
        async () => {
          element = await this.script<Record<string, string> | null>(find, text, within);
          return element !== null;
        },
        { message: `a button ${text}` },
      )
      .toBe(true);
    await send(`${this.base}/element/${element?.[ELEMENT]}/click`, 'POST', {});
  }

  /** A picture of the whole display, as a person sees it: WebKit's own does not come back without a graphics card. */
  async picture(name: string): Promise<void> {
    // What was asked for last is drawn when the second frame begins.
    await send(`${this.base}/execute/async`, 'POST', { script: 'const [done] = arguments; requestAnimationFrame(() => requestAnimationFrame(() => done(null)));', args: [] });
    mkdirSync(join(TARGET, 'pictures'), { recursive: true });
    execFileSync('import', ['-window', 'root', join(TARGET, 'pictures', `${name}.png`)], { stdio: 'ignore' });
  }
}

async function send<T>(url: string, method: string, body?: unknown): Promise<T> {
  const response = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) });
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${value?.error} ${value?.message}`);
  return value;
}
