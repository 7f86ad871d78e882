import { systemOf, toWireError, type FileFilter, type Host } from './host';

/*
 * The devhost: the same api over loopback HTTP. Files chosen in the browser are
 * uploaded first, so that the api gets a path exactly as in the desktop app.
 */

async function call(path: string, body: BodyInit, type?: string): Promise<unknown> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method: 'POST',
      body,
      headers: type ? { 'content-type': type } : undefined,
    });
  } catch (cause) {
    throw toWireError(cause);
  }
  const text = await answer.text();
  let value: unknown = null;
  try {
    value = text === '' ? null : JSON.parse(text);
  } catch {
    throw toWireError(new Error(`HTTP ${answer.status}: ${text.slice(0, 200)}`));
  }
  if (!answer.ok) throw toWireError(value ?? new Error(`HTTP ${answer.status}`));
  return value;
}

async function upload(file: File): Promise<string> {
  const answer = await call(`/files?name=${encodeURIComponent(file.name)}`, file, 'application/octet-stream');
  return (answer as { path: string }).path;
}

function chooseFiles(filter: FileFilter): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = filter.multiple ?? false;
    input.accept = filter.extensions.map((extension) => `.${extension}`).join(',');
    input.title = filter.title;
    input.addEventListener('change', () => resolve([...(input.files ?? [])]), { once: true });
    input.addEventListener('cancel', () => resolve([]), { once: true });
    input.click();
  });
}

function askPath(title: string, proposal: string): Promise<string | null> {
  // A browser has no save dialog that yields a path, so the devhost asks for one as text.
  return Promise.resolve(globalThis.prompt(title, proposal));
}

export function httpHost(): Host {
  return {
    kind: 'http',
    platform: systemOf(navigator.userAgent),
    rpc: (cmd, payload) => call(`/rpc/${cmd}`, JSON.stringify(payload ?? {}), 'application/json'),
    reload: () => globalThis.location.reload(),
    onEvent(listener) {
      const source = new EventSource('/events');
      source.addEventListener('message', (message: MessageEvent<string>) => {
        listener(JSON.parse(message.data));
      });
      return () => source.close();
    },
    async pickFile(filter) {
      const files = await chooseFiles(filter);
      return Promise.all(files.map(upload));
    },
    pickFolder: (title) => askPath(title, ''),
    saveFile: (request) => askPath(request.title, request.name),
    async notify(title, body) {
      if ('Notification' in globalThis && Notification.permission === 'granted') {
        void new Notification(title, { body });
      }
    },
    pictureUrl: (hash, side) => `/pictures/${encodeURIComponent(hash)}${side ? `?side=${side}` : ''}`,
    window: {
      buttons: false,
      inset: 0,
      minimize: () => undefined,
      toggleMaximize: () => undefined,
      close: () => undefined,
      show: () => undefined,
    },
  };
}
