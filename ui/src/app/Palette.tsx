import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { composing, useDebounced, useEscape } from '../shared/hooks';
import { useAllActions } from '../shared/palette';
import { useScope } from '../shared/scope';
import { Kbd, PlatformMark } from '../shared/ui';
import { IconArrowRight, IconPackage, IconSearch } from '../shared/ui/icons';
import type { FrameData } from './frameData';
import { a } from './messages';
import { entries } from './routes';
import { useProductHits } from './useProductHits';

interface Choice {
  id: string;
  icon: ReactNode;
  label: string;
  note?: string;
  hint?: string;
  words: string;
  run: () => void;
}

interface Group {
  title: string;
  choices: Choice[];
}

function matches(choice: Choice, query: string): boolean {
  const text = `${choice.label} ${choice.note ?? ''} ${choice.words}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((part) => text.includes(part));
}

/** Ctrl K: pages, products, stores and commands in one list. */
export function Palette({ data, onClose }: { data: FrameData; onClose: () => void }): ReactNode {
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const typed = useDebounced(query.trim(), 120);
  const products = useProductHits(typed);
  const actions = useAllActions();
  const navigate = useNavigate();
  const { setScope } = useScope();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  useEscape(true, onClose);
  useEffect(() => {
    const before = document.activeElement;
    input.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  const all: Group[] = [
    {
      title: a('palette.products'),
      choices: products.map((hit) => ({
        id: `product-${hit.id}`,
        icon: <IconPackage />,
        label: hit.name,
        note: hit.code,
        words: query,
        run: () => void navigate({ to: '/library' as '/', search: { q: hit.search, open: hit.id } as never }),
      })),
    },
    { title: a('palette.pages'), choices: entries.map((entry) => ({ id: entry.id, icon: <entry.icon />, label: a(entry.label), words: entry.id, run: () => void navigate({ to: `/${entry.id}` as '/' }) })) },
    {
      title: a('palette.stores'),
      choices: data.stores.map((store) => ({ id: `store-${store.id}`, icon: <PlatformMark platform={store.platform} decorative />, label: store.name, words: store.platform, run: () => setScope({ store: store.id, platforms: [] }) })),
    },
    { title: a('palette.commands'), choices: actions.map((action) => ({ id: action.id, icon: <IconArrowRight />, label: action.label, hint: action.hint, words: action.words ?? '', run: action.run })) },
  ];
  const groups = all
    .map((group) => ({ ...group, choices: group.choices.filter((choice) => query.trim() === '' || matches(choice, query.trim())).slice(0, query === '' ? 12 : 6) }))
    .filter((group) => group.choices.length > 0);
  const flat = groups.flatMap((group) => group.choices);
  const current = flat[Math.min(at, flat.length - 1)];

  const take = (choice: Choice | undefined): void => {
    if (!choice) return;
    onClose();
    choice.run();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (composing(event)) return;
    const by = event.code === 'ArrowDown' ? 1 : event.code === 'ArrowUp' ? -1 : 0;
    if (by !== 0 && flat.length > 0) {
      event.preventDefault();
      const next = (Math.min(at, flat.length - 1) + by + flat.length) % flat.length;
      setAt(next);
      list.current?.querySelector(`#palette-${CSS.escape(flat[next]?.id ?? '')}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.code === 'Enter' || event.code === 'NumpadEnter') take(current);
    else if (event.code === 'Tab') event.preventDefault();
  };
  return (
    <div className="palette-ground">
      <button type="button" className="palette-away" tabIndex={-1} aria-hidden onClick={onClose} />
      <div className="palette" role="dialog" aria-modal="true" aria-label={a('palette.title')}>
        <div className="palette-head">
          <IconSearch className="c-t3" />
          <input
            ref={input}
            role="combobox"
            aria-expanded
            aria-controls="palette-list"
            aria-activedescendant={current ? `palette-${current.id}` : undefined}
            aria-label={a('palette.title')}
            defaultValue=""
            onInput={(event) => {
              setQuery(event.currentTarget.value);
              setAt(0);
            }}
            onKeyDown={onKey}
          />
          <span className="t3 small">{a('palette.note')}</span>
        </div>
        <div ref={list} id="palette-list" role="listbox" aria-label={a('palette.title')} className="palette-list">
          {groups.map((group) => (
            <div key={group.title} role="group" aria-label={group.title}>
              <div className="palette-title" aria-hidden>
                {group.title}
              </div>
              {group.choices.map((choice) => (
                <button key={choice.id} id={`palette-${choice.id}`} type="button" role="option" tabIndex={-1} aria-selected={choice === current} className="palette-row" onClick={() => take(choice)}>
                  {choice.icon}
                  <span className="cut">{choice.label}</span>
                  {choice.note ? <span className="t3 small">{choice.note}</span> : null}
                  <span className="grow" />
                  {choice === current ? <Kbd>Enter</Kbd> : choice.hint ? <Kbd>{choice.hint}</Kbd> : null}
                </button>
              ))}
            </div>
          ))}
          {flat.length === 0 ? <div className="palette-none t3">{a('palette.none', { q: query })}</div> : null}
        </div>
      </div>
    </div>
  );
}
