/* Who may import whom: app -> features -> {grid, shared} -> api -> host, and only host names Tauri. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '..');

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });
}

interface Import {
  from: string;
  to: string;
}

function importsOf(path: string): Import[] {
  const text = readFileSync(path, 'utf8');
  const from = relative(SRC, path);
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => {
    const target = match[1] ?? '';
    return { from, to: target.startsWith('.') ? relative(SRC, resolve(dirname(path), target)) : target };
  });
}

const all = files(SRC).filter((path) => !path.includes('.test.') && !path.endsWith('testSetup.ts'));
const imports = all.flatMap(importsOf);

/** What each folder may import besides itself. */
const ALLOWED: Record<string, readonly string[]> = {
  app: ['features', 'grid', 'shared', 'api', 'host'],
  features: ['grid', 'shared', 'api', 'host'],
  grid: ['shared'],
  shared: ['api', 'host'],
  api: ['host'],
  host: [],
};

describe('folders', () => {
  it('are all known', () => {
    const top = new Set(all.map((path) => relative(SRC, path).split('/')[0]));
    expect([...top].filter((name) => name !== undefined && !(name in ALLOWED))).toEqual([]);
    expect(imports.length).toBeGreaterThan(100);
  });
  it('import only what stands below them', () => {
    const wrong = imports.filter(({ from, to }) => {
      const own = from.split('/')[0] ?? '';
      const target = to.split('/')[0] ?? '';
      return target in ALLOWED && target !== own && !ALLOWED[own]?.includes(target);
    });
    expect(wrong).toEqual([]);
  });
  it('keep features apart', () => {
    const wrong = imports.filter(({ from, to }) => from.startsWith('features/') && to.startsWith('features/') && from.split('/')[1] !== to.split('/')[1]);
    expect(wrong).toEqual([]);
  });
  it('name Tauri in host only', () => {
    expect(imports.filter(({ from, to }) => to.startsWith('@tauri-apps') && from !== 'host/tauri.ts')).toEqual([]);
  });
  it('hold no file over 600 lines', () => {
    const long = all.filter((path) => !path.includes('generated') && readFileSync(path, 'utf8').split('\n').length > 600);
    expect(long).toEqual([]);
  });
});

describe('the page', () => {
  it('loads nothing from elsewhere and runs no inline script', () => {
    const html = readFileSync(resolve(SRC, '../index.html'), 'utf8');
    expect(html).not.toMatch(/https?:\/\//);
    expect(html).not.toMatch(/<script(?![^>]*src=)/);
    for (const path of all) expect(readFileSync(path, 'utf8'), path).not.toMatch(/\beval\(|new Function\(/);
  });
});
