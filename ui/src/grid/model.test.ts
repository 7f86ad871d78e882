import { describe, expect, it } from 'vitest';
import { fromTsv, spread, toTsv } from './clipboard';
import { arrange } from './columns';
import { nextSort } from './GridHead';
import { moveTo } from './navigate';
import { PAGE, PageStore } from './rows';
import { EVERYTHING, isEmpty, isTicked, NOTHING, setTicked, tickAll, tickOf } from './selection';

describe('selection', () => {
  it('of all is everything but the exceptions', () => {
    const all = setTicked(EVERYTHING, ['7'], false);
    expect(isTicked(all, '7')).toBe(false);
    expect(isTicked(all, '99999')).toBe(true);
    expect(setTicked(all, ['7'], true)).toEqual(EVERYTHING);
  });
  it('Ctrl A takes what is loaded, and again everything that matches', () => {
    const once = tickAll(NOTHING, ['1', '2']);
    expect([...once.keys]).toEqual(['1', '2']);
    expect(once.mode).toBe('some');
    expect(tickAll(once, ['1', '2'])).toBe(EVERYTHING);
    expect(tickAll(once, ['1', '2', '3']).mode).toBe('some');
  });
  it('an item is partly ticked while some of its children are', () => {
    const one = setTicked(NOTHING, ['a1'], true);
    expect(tickOf(one, 'a', ['a1', 'a2'])).toBe('part');
    expect(tickOf(setTicked(one, ['a2'], true), 'a', ['a1', 'a2'])).toBe('on');
    expect(tickOf(NOTHING, 'a', ['a1'])).toBe('off');
  });
  it('knows when it is empty', () => {
    expect(isEmpty(NOTHING, 5)).toBe(true);
    expect(isEmpty(EVERYTHING, 5)).toBe(false);
    expect(isEmpty(EVERYTHING, 0)).toBe(true);
  });
});

describe('clipboard', () => {
  it('reads back what it writes, tabs, quotes and line breaks too', () => {
    const cells = [
      ['0012', 'a\tb', 'say "hi"'],
      ['two\nlines', '', '末'],
    ];
    expect(fromTsv(toTsv(cells))).toEqual(cells);
  });
  it('takes the line ends of every spreadsheet and no empty last row', () => {
    expect(fromTsv('1\t2\r\n3\t4\r\n')).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
    expect(fromTsv('1\n2')).toEqual([['1'], ['2']]);
  });
  it('one value fills the range, a block is laid down once', () => {
    const range = { top: 2, bottom: 4, left: 1, right: 1 };
    expect(spread([['9']], range).map((cell) => cell.line)).toEqual([2, 3, 4]);
    expect(spread([['1', '2'], ['3', '4']], range)).toEqual([
      { line: 2, column: 1, text: '1' },
      { line: 2, column: 2, text: '2' },
      { line: 3, column: 1, text: '3' },
      { line: 3, column: 2, text: '4' },
    ]);
  });
});

describe('movement', () => {
  const extent = { lines: 100, columns: 5, page: 20 };
  const key = (code: string, more = {}) => ({ code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });
  const from = { line: 50, column: 2 };
  it('stops at the edges', () => {
    expect(moveTo({ line: 0, column: 0 }, key('ArrowUp'), extent, false)).toEqual({ line: 0, column: 0 });
    expect(moveTo({ line: 99, column: 4 }, key('PageDown'), extent, false)).toEqual({ line: 99, column: 4 });
  });
  it('Home and End stay in the row of a sheet and cross a list', () => {
    expect(moveTo(from, key('Home'), extent, false)).toEqual({ line: 50, column: 0 });
    expect(moveTo(from, key('Home'), extent, true)).toEqual({ line: 0, column: 0 });
    expect(moveTo(from, key('End', { ctrlKey: true }), extent, false)).toEqual({ line: 99, column: 4 });
  });
  it('J and K walk lists only', () => {
    expect(moveTo(from, key('KeyJ'), extent, true)).toEqual({ line: 51, column: 2 });
    expect(moveTo(from, key('KeyK'), extent, true)).toEqual({ line: 49, column: 2 });
    expect(moveTo(from, key('KeyJ'), extent, false)).toBeNull();
  });
  it('leaves Alt combinations alone', () => {
    expect(moveTo(from, key('ArrowDown', { altKey: true }), extent, false)).toBeNull();
  });
});

interface Item {
  id: string;
  children: Item[];
}

describe('pages of rows', () => {
  const leaf = (id: string): Item => ({ id, children: [] });
  const page = (start: number): Item[] => Array.from({ length: PAGE }, (_, at) => ({ id: `${start + at}`, children: at === 0 ? [leaf(`${start}a`), leaf(`${start}b`)] : [] }));
  const closed = new Set<string>();
  const open = (): PageStore<Item> => new PageStore<Item>((item) => item.id, (item) => item.children, (key) => !closed.has(key));

  it('counts children of unfolded items and one line for what is not loaded', () => {
    const store = open();
    store.put(0, page(0), 250);
    expect(store.lineCount).toBe(252);
    expect(store.at(0)?.key).toBe('0');
    expect(store.at(1)).toMatchObject({ key: '0a', level: 2, last: false, item: 0 });
    expect(store.at(2)).toMatchObject({ key: '0b', last: true });
    expect(store.at(3)?.key).toBe('1');
    expect(store.at(150)).toBeNull();
    expect(store.locate(102)).toEqual({ page: 1, offset: 0 });
  });
  it('folding takes the children away', () => {
    const store = open();
    store.put(0, page(0), 100);
    closed.add('0');
    store.recount();
    expect(store.lineCount).toBe(100);
    expect(store.at(1)?.key).toBe('1');
    closed.clear();
  });
  it('a dropped page keeps its number of lines', () => {
    const store = open();
    for (let at = 0; at < 60; at += 1) store.put(at, page(at * PAGE), 60 * PAGE);
    expect(store.pagesLoaded().length).toBe(40);
    expect(store.lineCount).toBe(60 * (PAGE + 2));
  });
});

describe('columns', () => {
  const column = (id: string, frozen = false) => ({ id, name: id, width: 100, frozen, text: () => '' });
  it('keep frozen ones first whatever the order', () => {
    const list = [column('a', true), column('b'), column('c')];
    expect(arrange(list, { widths: {}, hidden: [], order: ['c', 'b', 'a'] }).map((one) => one.id)).toEqual(['a', 'c', 'b']);
  });
  it('sort up, down, not at all', () => {
    const up = nextSort(null, 'a');
    const down = nextSort(up, 'a');
    expect([up?.descending, down?.descending, nextSort(down, 'a')]).toEqual([false, true, null]);
    expect(nextSort(down, 'b')).toEqual({ column: 'b', descending: false });
  });
});
