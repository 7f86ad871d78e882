import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { getCurrentWindow } from '@tauri-apps/api/window';
import { systemOf, toWireError, type Host } from './host';

/*
 * The desktop app. One command, `rpc {cmd, payload}`, reaches everything; the shell
 * answers the few `host_*` names itself (dialogs and notifications are opened from
 * Rust) and hands the rest to the api. Events arrive on one channel.
 */
export function tauriHost(): Host {
  const platform = systemOf(navigator.userAgent);
  const current = getCurrentWindow();
  // Tauri sends a call a second time, by another way, when its answer does not come. A page that goes away cuts off
  // the answers of all calls under way: they would run twice. So it goes only when none is left, and begins no new ones.
  const pending = new Set<Promise<unknown>>();
  let leaving = false;
  const rpc = async (cmd: string, payload: unknown): Promise<unknown> => {
    if (leaving) return new Promise(() => undefined);
    const answer = invoke('rpc', { cmd, payload });
    pending.add(answer);
    try {
      return await answer;
    } catch (cause) {
      throw toWireError(cause);
    } finally {
      pending.delete(answer);
    }
  };
  // WebView2 cannot register a bare scheme, so Tauri maps it to a host name there.
  const pictures = platform === 'windows' ? 'http://picture.localhost/' : 'picture://localhost/';
  return {
    kind: 'tauri',
    platform,
    rpc,
    reload() {
      leaving = true;
      void Promise.allSettled(pending).then(() => globalThis.location.reload());
    },
    onEvent(listener) {
      const stop = listen('guitai', (event) => listener(event.payload));
      return () => void stop.then((unlisten) => unlisten());
    },
    pickFile: async (filter) => (await rpc('host_pick_file', filter)) as string[],
    pickFolder: async (title) => (await rpc('host_pick_folder', { title })) as string | null,
    saveFile: async (request) => (await rpc('host_save_file', request)) as string | null,
    notify: async (title, body) => void (await rpc('host_notify', { title, body })),
    pictureUrl: (hash, side) => `${pictures}${encodeURIComponent(hash)}${side ? `?side=${side}` : ''}`,
    window: {
      buttons: platform === 'windows',
      inset: platform === 'macos' ? 80 : 0,
      minimize: () => void current.minimize(),
      toggleMaximize: () => void current.toggleMaximize(),
      close: () => void current.close(),
      show: () => void current.show(),
    },
  };
}
