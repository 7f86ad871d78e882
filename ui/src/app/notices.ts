/*
 * What happened while nobody looked: new exceptions, authorizations that died, printers that do not print. They
 * stand under the bell, as a notification of the system, and are heard, each by its setting.
 */
import { useRef, useState } from 'react';
import { useApiEvent } from '../api/events';
import { useCall } from '../api/queries';
import { host } from '../host';
import { grouped } from '../shared/format';
import { causeName } from '../shared/causes';
import { a } from './messages';
import { chime } from './sound';

export interface Notice {
  id: number;
  at: number;
  title: string;
  /** Page and its search it leads to. */
  to: string;
  search: Record<string, string>;
  severity: 'error' | 'done';
}

export interface Notices {
  list: readonly Notice[];
  drop: (id: number) => void;
  clear: () => void;
}

const KEPT = 20;

/** `22:30`–`07:00` may go over midnight; empty or equal ends mean never quiet. */
export function isQuiet(from: string, to: string, minute: number): boolean {
  const at = (text: string): number | null => {
    const parts = /^(\d{1,2}):(\d{2})$/.exec(text);
    return parts ? Number(parts[1]) * 60 + Number(parts[2]) : null;
  };
  const start = at(from);
  const end = at(to);
  if (start === null || end === null || start === end) return false;
  return start < end ? minute >= start && minute < end : minute >= start || minute < end;
}

/** Minute of the day in Shanghai. */
function minuteNow(): number {
  return Math.floor(Date.now() / 60_000 + 480) % 1440;
}

export function useNotices(): Notices {
  const [list, setList] = useState<readonly Notice[]>([]);
  const next = useRef(1);
  const settings = useCall('settings_get', {}, ['settings']).data?.values ?? {};
  const add = (notice: Omit<Notice, 'id' | 'at'>, sound: 'exception' | 'authorization' | 'printer' | null): void => {
    const id = next.current;
    next.current += 1;
    setList((before) => [{ ...notice, id, at: Date.now() }, ...before].slice(0, KEPT));
    if (isQuiet(settings['quiet_from'] ?? '', settings['quiet_to'] ?? '', minuteNow())) return;
    if (sound !== null && settings['sound'] !== 'off') chime(sound);
    if (sound !== null && settings['notify'] !== 'off') void host().notify(notice.title, a('notice.exceptions.body'));
  };
  useApiEvent((event) => {
    if (event.kind === 'new_exceptions' && event.count > 0) {
      add({ title: a('notice.exceptions', { n: grouped(event.count), cause: causeName(event.cause) }), to: '/exceptions', search: { cause: event.cause }, severity: 'error' }, 'exception');
    } else if (event.kind === 'authorization') {
      add({ title: a(event.valid ? 'notice.alive' : 'notice.dead'), to: '/stores', search: {}, severity: event.valid ? 'done' : 'error' }, event.valid ? null : 'authorization');
    } else if (event.kind === 'printer') {
      add({ title: a(event.ready ? 'notice.printer.ready' : 'notice.printer.down'), to: '/printing', search: {}, severity: event.ready ? 'done' : 'error' }, event.ready ? null : 'printer');
    }
  });
  return {
    list,
    drop: (id) => setList((before) => before.filter((notice) => notice.id !== id)),
    clear: () => setList([]),
  };
}
