import type { ReactNode } from 'react';
import type { CellState, Column } from '../../grid';
import { host } from '../../host';
import { moneyRange, yuanInput } from '../../shared/format';
import { CodeText, Money, PlatformMark, platformName, StateMark } from '../../shared/ui';
import { cellKey, type Drafts } from './drafts';
import { l, type LibraryWord } from './messages';
import { isChild, stateOn, type Row } from './model';

/** Text of a field as the library holds it. */
export function savedText(row: Row, field: string): string {
  if (field === 'name') return row.product.name;
  const { sku } = row;
  if (!sku) return '';
  if (field === 'price') return sku.price_fen === null ? '' : yuanInput(sku.price_fen);
  if (field === 'spec_name' || field === 'item_code' || field === 'barcode' || field === 'unit') return sku[field];
  return '';
}

function Picture({ hash }: { hash: string }): ReactNode {
  // Decorative: the name stands beside it.
  return hash ? <img className="thumb" src={host().pictureUrl(hash, 48)} alt="" loading="lazy" width={20} height={20} /> : <span className="thumb thumb-none" />;
}

/** The library's columns; codes in full, platforms as narrow columns of shapes. */
export function libraryColumns(drafts: Drafts, platforms: readonly string[]): Column<Row>[] {
  const draftOf = (row: Row, field: string) => drafts.cells.get(cellKey(row.product.id, row.sku?.id ?? 0, field));
  const textOf = (row: Row, field: string): string => draftOf(row, field)?.value ?? savedText(row, field);
  const stateOf = (row: Row, field: string, missing?: CellState['missing']): CellState | null => {
    const changed = draftOf(row, field)?.old;
    if (changed !== undefined) return { changed };
    const fault = field === 'item_code' ? row.sku?.code_fault : field === 'barcode' ? row.sku?.barcode_fault : '';
    if (!fault) return null;
    const finding = field === 'item_code' ? 'error' : 'warning';
    return fault === 'empty' ? { finding, ...(missing ? { missing } : {}) } : { finding, note: l(`fault.${fault}` as LibraryWord) };
  };
  const skuField = (id: 'spec_name' | 'item_code' | 'barcode' | 'unit', name: string, width: number, more: Partial<Column<Row>> = {}): Column<Row> => ({
    id,
    name,
    width,
    text: (row) => (row.sku ? textOf(row, id) : ''),
    editable: (row) => row.sku !== null,
    state: (row) => stateOf(row, id),
    ...more,
  });
  return [
    {
      id: 'name',
      name: l('col.name'),
      width: 280,
      frozen: true,
      fixed: true,
      grow: true,
      tree: true,
      sortable: true,
      text: (row) => (isChild(row) ? '' : textOf(row, 'name')),
      editable: (row) => !isChild(row),
      state: (row) => (isChild(row) ? null : stateOf(row, 'name')),
      render: (row) =>
        isChild(row) ? null : (
          <>
            <Picture hash={row.product.picture} />
            <span className={row.children.length > 0 ? 'cut strong' : 'cut'}>{textOf(row, 'name')}</span>
            {row.children.length > 0 ? (
              <>
                <span className="grow" />
                <span className="t3 small">{l('specs', { n: row.children.length })}</span>
              </>
            ) : null}
          </>
        ),
    },
    skuField('spec_name', l('col.spec'), 112, { frozen: true }),
    skuField('item_code', l('col.item_code'), 144, { sortable: true, state: (row) => stateOf(row, 'item_code', 'required'), render: (row) => <CodeText code={textOf(row, 'item_code')} room={17} /> }),
    skuField('barcode', l('col.barcode'), 116, { sortable: true, state: (row) => stateOf(row, 'barcode', 'wanted'), render: (row) => <CodeText code={textOf(row, 'barcode')} room={13} /> }),
    {
      id: 'price',
      name: l('col.price'),
      width: 104,
      align: 'right',
      sortable: true,
      text: (row) => (row.sku ? textOf(row, 'price') : ''),
      editable: (row) => row.sku !== null,
      state: (row) => stateOf(row, 'price'),
      render: (row) => {
        const { price_min_fen: low, price_max_fen: high } = row.product;
        if (!row.sku && low !== null && high !== null) return <span className="t3">{moneyRange(low, high)}</span>;
        return <span>{textOf(row, 'price')}</span>;
      },
    },
    ...platforms.map<Column<Row>>((platform) => ({
      id: `p-${platform}`,
      name: platformName(platform),
      title: <PlatformMark platform={platform} />,
      width: 28,
      align: 'center',
      text: () => '',
      render: (row) => <StateMark state={stateOn(row, platform)} />,
    })),
    skuField('unit', l('col.unit'), 56),
    { id: 'stock', name: l('col.stock'), width: 64, align: 'right', text: (row) => (row.sku?.stock === null || row.sku?.stock === undefined ? '' : String(row.sku.stock)) },
    { id: 'category', name: l('col.category'), width: 120, text: (row) => (isChild(row) ? '' : row.product.category) },
  ];
}

/** A price as money, for the drawer. */
export function Price({ fen, inherited }: { fen: number | null; inherited: boolean }): ReactNode {
  if (fen === null) return null;
  return (
    <span className={inherited ? 't3' : ''}>
      <Money fen={fen} bare />
    </span>
  );
}
