/* Ranges travel as TSV, the form that WPS, Excel and LibreOffice read and write. */

/** Cells with tabs, line breaks or quotes are quoted as spreadsheets do. */
export function toTsv(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => (/[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join('\t')).join('\r\n');
}

/** Reads TSV with quoted cells; a line break at the end is not a row. */
export function fromTsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endCell = (): void => {
    row.push(cell);
    cell = '';
  };
  const endRow = (): void => {
    endCell();
    rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (sign === '"' && cell === '') quoted = true;
    else if (sign === '\t') endCell();
    else if (sign === '\n') endRow();
    else if (sign !== '\r' || text[at + 1] !== '\n') cell += sign === '\r' ? '\n' : sign;
  }
  if (cell !== '' || row.length > 0) endRow();
  return rows;
}

export interface Box {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

/** The rectangle two cells span. */
export function boxOf(a: { line: number; column: number }, b: { line: number; column: number }): Box {
  return {
    top: Math.min(a.line, b.line),
    bottom: Math.max(a.line, b.line),
    left: Math.min(a.column, b.column),
    right: Math.max(a.column, b.column),
  };
}

/** Text for every cell of a paste: one value fills the whole range, otherwise the block is laid down once. */
export function spread(values: readonly (readonly string[])[], range: Box): { line: number; column: number; text: string }[] {
  const single = values.length === 1 && values[0]?.length === 1;
  const out: { line: number; column: number; text: string }[] = [];
  const height = single ? range.bottom - range.top + 1 : values.length;
  for (let down = 0; down < height; down += 1) {
    const row = single ? values[0] : values[down];
    const width = single ? range.right - range.left + 1 : (row?.length ?? 0);
    for (let along = 0; along < width; along += 1) {
      out.push({ line: range.top + down, column: range.left + along, text: row?.[single ? 0 : along] ?? '' });
    }
  }
  return out;
}
