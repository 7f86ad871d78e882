import type { ReactNode } from 'react';
import { host } from '../host';
import { comboText } from '../shared/hooks';
import { t } from '../shared/messages';
import { Button, Dialog, Kbd } from '../shared/ui';
import { a, type AppWord } from './messages';

const GROUPS: readonly { title: AppWord; keys: readonly (readonly [string, AppWord])[] }[] = [
  {
    title: 'keys.everywhere',
    keys: [
      ['Mod+KeyK', 'keys.palette'],
      ['Alt+1…0', 'keys.pages'],
      ['Slash', 'keys.search'],
      ['Shift+Slash', 'keys.list'],
      ['F5', 'keys.reload'],
      ['F6', 'keys.regions'],
      ['Mod+KeyS', 'keys.save'],
      ['Mod+Z / Y', 'keys.undo'],
      ['Escape', 'keys.escape'],
    ],
  },
  {
    title: 'keys.lists',
    keys: [
      ['↑ ↓  J K', 'keys.move'],
      ['Space', 'keys.tick'],
      ['Shift ↑ ↓', 'keys.range'],
      ['Enter', 'keys.open'],
      ['Mod+KeyA', 'keys.all'],
      ['Home End PgUp PgDn', 'keys.ends'],
    ],
  },
  {
    title: 'keys.grid',
    keys: [
      ['↑ ↓ ← →  Tab', 'keys.cells'],
      ['F2', 'keys.edit'],
      ['Mod+C V X', 'keys.clipboard'],
      ['Mod+D R', 'keys.fill'],
    ],
  },
];

/** The list of keys, opened by `?`. */
export function KeySheet({ onClose }: { onClose: () => void }): ReactNode {
  const mac = host().platform === 'macos';
  return (
    <Dialog
      title={a('keys.title')}
      width={720}
      onClose={onClose}
      actions={
        <Button autoFocus hint="Esc" onClick={onClose}>
          {t('act.close')}
        </Button>
      }
    >
      <div className="keysheet">
        {GROUPS.map((group) => (
          <section key={group.title}>
            <h3 className="t3">{a(group.title)}</h3>
            {group.keys.map(([combo, word]) => (
              <div key={combo} className="keysheet-row">
                <Kbd>{comboText(combo, mac)}</Kbd>
                <span>{a(word)}</span>
              </div>
            ))}
          </section>
        ))}
      </div>
    </Dialog>
  );
}
