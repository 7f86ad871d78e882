import type { ReactNode } from 'react';
import type { SlipPageView } from '../../api/generated';
import { columnsOf } from './model';
import { p, type PrintingWord } from './messages';

/** A slip as it comes out: every sign in a box of one or two columns, as printers set them, whatever fonts are here. */
export function Paper({ page }: { page: SlipPageView }): ReactNode {
  const width = p(`paper.${page.paper}` as PrintingWord);
  const text = page.lines.map((line) => line.text.trim()).join('\n');
  return (
    <div className="pr-paper" role="img" aria-label={`${p('template.paper', { paper: width })}\n${text}`} data-columns={page.columns} style={{ width: `calc(var(--pr-column) * ${page.columns})` }}>
      {page.lines.map((line, at) => (
        <div key={at} className={line.large ? 'pr-line is-large' : 'pr-line'}>
          {[...line.text].map((sign, place) => (
            <span key={place} className={columnsOf(sign) === 2 ? 'is-wide' : ''}>
              {sign}
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}
