import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(resolve(import.meta.dirname, 'tokens.css'), 'utf8');

function tokens(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf('}', start));
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

const THEMES = { light: tokens("html[data-theme='light']"), dark: tokens("html[data-theme='dark']") };

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(left: string, right: string): number {
  const [low = 0, high = 0] = [luminance(left), luminance(right)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const PLATFORMS = ['meituan_waimai', 'meituan_shangou', 'eleme', 'ebai', 'jddj', 'douyin_laike', 'doudian', 'taobao', 'amazon'];
const GROUNDS = ['canvas', 'frame', 'sunken', 'hover', 'accent-soft'];

/** Text and what it stands on: 4.5. */
const TEXT: [string, string][] = [
  ...GROUNDS.flatMap((ground): [string, string][] => ['text1', 'text2', 'text3'].map((text) => [text, ground])),
  ['text2', 'press'],
  ['accent-text', 'canvas'],
  ['accent-text', 'accent-soft'],
  ['accent-text', 'raised'],
  ['red', 'canvas'],
  ['red', 'red-soft'],
  ['red', 'diff-del'],
  ['amber', 'canvas'],
  ['amber', 'amber-soft'],
  ['amber', 'frame'],
  ['green', 'canvas'],
  ['green', 'green-soft'],
  ['green', 'diff-add'],
  ['text1', 'changed'],
  ['text2', 'changed'],
  ['on-accent', 'accent'],
  ['on-accent', 'red-badge'],
  ...PLATFORMS.map((id): [string, string] => [`p-${id}-t`, `p-${id}`]),
];

/** Marks that carry meaning: 3.0. */
const MARKS: [string, string][] = [
  ['control3', 'canvas'],
  ['dot', 'canvas'],
  ['red-solid', 'canvas'],
  ['amber-solid', 'canvas'],
  ['green-solid', 'canvas'],
  ['accent-text', 'canvas'],
  ['ring', 'canvas'],
];

describe.each(['light', 'dark'] as const)('%s tokens', (theme) => {
  const table = THEMES[theme];
  const pair = ([a, b]: [string, string]): number => {
    const [left, right] = [table[a], table[b]];
    if (left === undefined || right === undefined) throw new Error(`no token ${a} or ${b}`);
    return contrast(left, right);
  };
  it.each(TEXT)('text %s on %s reaches 4.5', (a, b) => {
    expect(Math.round(pair([a, b]) * 10) / 10).toBeGreaterThanOrEqual(4.5);
  });
  it.each(MARKS)('mark %s on %s reaches 3.0', (a, b) => {
    expect(Math.round(pair([a, b]) * 10) / 10).toBeGreaterThanOrEqual(3);
  });
  it('platform marks reach 6.9', () => {
    for (const id of PLATFORMS) expect(pair([`p-${id}-t`, `p-${id}`]), id).toBeGreaterThanOrEqual(6.85);
  });
});

it('both themes name the same colours', () => {
  expect(Object.keys(THEMES.dark).toSorted()).toEqual(Object.keys(THEMES.light).toSorted());
});
