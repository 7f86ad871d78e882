import { describe, expect, it } from 'vitest';
import { columnsOf, draftFault, light, lineColumns, minutesAgo, sameTemplate, STALE_MS } from './model';

const NOW = 1_795_233_600_000;
const at = (state: string, ago: number | null, cause: string | null = null) => ({ state, state_at: ago === null ? null : NOW - ago, cause: cause === null ? null : { code: cause, params: {} } });

describe('the light', () => {
  it('is green only while the printer said so lately', () => {
    expect(light(at('ready', 5_000), NOW)).toEqual({ colour: 'green', word: 'light.ready' });
    expect(light(at('ready', STALE_MS + 1), NOW).colour).toBe('yellow');
  });
  it('is yellow where nobody knows: never asked, or the line to the cloud is down', () => {
    expect(light(at('', null), NOW).word).toBe('light.none');
    expect(light(at('ready', 5_000, 'error.unreachable'), NOW)).toEqual({ colour: 'yellow', word: 'light.unreached' });
  });
  it('is red where the printer cannot print, and tells a cloud that refuses from paper that ran out', () => {
    expect(light(at('offline', 5_000), NOW).word).toBe('light.offline');
    expect(light(at('faulty', 5_000), NOW).word).toBe('light.faulty');
    expect(light(at('faulty', 5_000, 'finding.F26'), NOW)).toEqual({ colour: 'red', word: 'light.refused' });
  });
  it('tells its age in whole minutes', () => {
    expect(minutesAgo(NOW - 59_000, NOW)).toBe(0);
    expect(minutesAgo(NOW - 125_000, NOW)).toBe(2);
    expect(minutesAgo(NOW + 5_000, NOW)).toBe(0);
  });
});

describe('paper', () => {
  it('gives ASCII one column and everything else two, twice as much in large letters', () => {
    expect([columnsOf('a'), columnsOf('￥'), columnsOf('汉')]).toEqual([1, 2, 2]);
    expect(lineColumns({ text: '实付   66.00', large: false })).toBe(12);
    expect(lineColumns({ text: '实付', large: true })).toBe(8);
  });
});

describe('a printer to be added', () => {
  const cloud = { number_kind: 'number', keyed: true };
  const network = { number_kind: 'address', keyed: false };
  it('needs its number and key, in digits, whatever blanks were copied along', () => {
    expect(draftFault({ number: ' 3165 00010', key: 'ab12' }, cloud, [])).toBeNull();
    expect(draftFault({ number: '31650001X', key: 'ab12' }, cloud, [])).toBe('add.fault.number');
    expect(draftFault({ number: '316500010', key: ' ' }, cloud, [])).toBe('add.fault.key');
    expect(draftFault({ number: '316500010', key: 'ab12' }, cloud, ['ukey'])).toBe('add.fault.account');
  });
  it('in the network needs an address only', () => {
    expect(draftFault({ number: '192.168.1.50', key: '' }, network, [])).toBeNull();
    expect(draftFault({ number: 'printer.local:9100', key: '' }, network, [])).toBeNull();
    expect(draftFault({ number: 'http://192.168.1.50', key: '' }, network, [])).toBe('add.fault.address');
    expect(draftFault({ number: '', key: '' }, network, [])).toBe('add.fault.address');
  });
});

it('a template that was changed back is no change', () => {
  const kept = { header: '', footer: '', large_goods: false, prices: true, specs: true, receiver: true };
  expect(sameTemplate(kept, { ...kept })).toBe(true);
  expect(sameTemplate(kept, { ...kept, footer: '谢谢惠顾' })).toBe(false);
});
