import { useSyncExternalStore, type ReactNode } from 'react';
import { useKeys } from '../hooks';
import { t } from '../messages';
import { Button } from './Button';
import { SeverityIcon } from './Feedback';
import { IconX } from './icons';

/*
 * Toasts stand bottom right, at most three. Done stays 5 s, with 撤销 10 s, failed until
 * closed. Progress is never a toast.
 */

interface ToastItem {
  id: number;
  severity: 'done' | 'error';
  title: string;
  note?: string;
  undo?: () => void;
  action?: { label: string; run: () => void };
}

let items: ToastItem[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function publish(next: ToastItem[]): void {
  items = next;
  for (const listener of listeners) listener();
}

function close(id: number): void {
  publish(items.filter((item) => item.id !== id));
}

function add(item: Omit<ToastItem, 'id'>, stay: number | null): void {
  const id = nextId;
  nextId += 1;
  publish([...items, { ...item, id }].slice(-3));
  if (stay !== null) setTimeout(() => close(id), stay);
}

export const toast = {
  /** Says what was done; with `undo` it offers 撤销 and stays 10 s. */
  done(title: string, options: { note?: string; undo?: () => void } = {}): void {
    add({ severity: 'done', title, ...options }, options.undo ? 10_000 : 5000);
  },
  /** Says what failed and stays. */
  failed(title: string, options: { note?: string; action?: { label: string; run: () => void } } = {}): void {
    add({ severity: 'error', title, ...options }, null);
  },
  /** Takes back what the newest toast with 撤销 told of: Ctrl Z while it stands. False when there is none. */
  undo(): boolean {
    const newest = items.findLast((item) => item.undo !== undefined);
    if (!newest) return false;
    close(newest.id);
    newest.undo?.();
    return true;
  },
  /** Removes all; for tests and when the shop changes. */
  clear(): void {
    publish([]);
  },
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts(): ReactNode {
  const list = useSyncExternalStore(subscribe, () => items);
  useKeys({ 'Mod+KeyZ': () => toast.undo() }, 'global');
  return (
    <div className="toasts" role="status" aria-live="polite">
      {list.map((item) => (
        <ToastCard key={item.id} item={item} />
      ))}
    </div>
  );
}

function ToastCard({ item }: { item: ToastItem }): ReactNode {
  return (
    <div className="toast">
      <SeverityIcon severity={item.severity} />
      <div className="grow">
        {item.severity === 'error' ? <b>{item.title}</b> : item.title}
        {item.note ? <div className="t2 small">{item.note}</div> : null}
      </div>
      {item.undo ? (
        <Button
          kind="link"
          hint="Ctrl Z"
          onClick={() => {
            item.undo?.();
            close(item.id);
          }}
        >
          {t('act.undo')}
        </Button>
      ) : null}
      {item.action ? (
        <Button
          size="row"
          onClick={() => {
            item.action?.run();
            close(item.id);
          }}
        >
          {item.action.label}
        </Button>
      ) : null}
      {item.severity === 'error' ? <Button kind="text" size="row" icon={IconX} label={t('act.close')} onClick={() => close(item.id)} /> : null}
    </div>
  );
}
