/* The grid with 100,000 invented products, for looking, measuring and browser tests. */
import { useMemo, useState, type ReactNode } from 'react';
import { Grid, NOTHING, type Column, type Edit, type RowSource, type Selection, type Sort } from '../../grid';
import { parseYuan, yuanInput } from '../../shared/format';
import { CodeText, Empty, Money, PageHead, StateMark, SYNC_STATES } from '../../shared/ui';

interface Sample {
  id: string;
  name: string;
  spec: string;
  code: string;
  fen: number;
  before: number | null;
  children: Sample[];
  at: number;
}

const COUNT = 100_000;

function sample(at: number): Sample {
  const base = { name: `样品 ${at + 1}`, code: `102231115${String(at).padStart(7, '0')}`, fen: (at % 900) * 10 + 350, before: null, at };
  const children = at % 5 === 0 ? ['310ml*1罐', '500ml*1瓶', '310ml*12罐/箱'].map((spec, index) => ({ ...base, id: `${at}-${index}`, spec, children: [], fen: base.fen * (index + 1) })) : [];
  return { ...base, id: String(at), spec: children.length > 0 ? '' : '单规格', children };
}

export function GridPage(): ReactNode {
  const [prices, setPrices] = useState<ReadonlyMap<string, number>>(new Map());
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [sort, setSort] = useState<Sort | null>(null);
  const [opened, setOpened] = useState<string | null>(null);
  const source = useMemo<RowSource<Sample>>(
    () => ({
      id: `samples-${sort?.descending ?? false}`,
      fetch: ({ offset, limit }) =>
        Promise.resolve({
          total: COUNT,
          rows: Array.from({ length: Math.min(limit, COUNT - offset) }, (_, at) => sample(sort?.descending ? COUNT - 1 - offset - at : offset + at)),
        }),
    }),
    [sort],
  );
  const columns = useMemo<Column<Sample>[]>(
    () => [
      { id: 'name', name: '商品名称', width: 280, frozen: true, tree: true, grow: true, sortable: true, text: (row) => (row.spec === '' || row.children.length === 0 ? row.name : ''), render: (row) => <span className="cut">{row.id.includes('-') ? '' : row.name}</span> },
      { id: 'spec', name: '规格名称', width: 120, frozen: true, text: (row) => row.spec },
      { id: 'code', name: '商品编码', width: 150, text: (row) => row.code, render: (row) => <CodeText code={row.code} room={16} />, editable: () => true, state: (row) => (row.at % 7 === 3 ? { finding: 'warning', note: '条码校验位不对' } : null) },
      {
        id: 'price',
        name: '售价',
        width: 110,
        align: 'right',
        text: (row) => yuanInput(prices.get(row.id) ?? row.fen),
        render: (row) => <Money fen={prices.get(row.id) ?? row.fen} bare />,
        editable: (row) => row.children.length === 0,
        state: (row) => (prices.has(row.id) ? { changed: yuanInput(row.fen) } : null),
      },
      ...SYNC_STATES.map<Column<Sample>>((state, at) => ({ id: state, name: state, width: 32, align: 'center', text: () => state, render: (row) => <StateMark state={SYNC_STATES[(row.at + at) % SYNC_STATES.length] ?? 'none'} /> })),
    ],
    [prices],
  );
  const edit = (edits: Edit<Sample>[]): void => {
    const next = new Map(prices);
    for (const { row, column, text } of edits) {
      const fen = column === 'price' ? parseYuan(text) : null;
      if (fen !== null) next.set(row.id, fen);
    }
    setPrices(next);
  };
  return (
    <div className="page">
      <PageHead title="表格样张" note={opened ?? ''} />
      <div className="page-row">
        <Grid
          name="samples"
          label="表格样张"
          columns={columns}
          source={source}
          rowKey={(row) => row.id}
          childrenOf={(row) => row.children}
          selection={selection}
          onSelection={setSelection}
          sort={sort}
          onSort={setSort}
          onOpen={(row) => setOpened(row.name)}
          onEdit={edit}
          empty={<Empty title="没有样品" />}
          foot={<span>{selection.mode === 'all' ? '全部' : selection.keys.size}</span>}
        />
      </div>
    </div>
  );
}
