/* The system's file dialog is no part of the page, so it is worked by keys as a person does it. */
import { expect } from '@playwright/test';
import { execFileSync } from 'node:child_process';

function xdotool(...words: string[]): string {
  try {
    return execFileSync('xdotool', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    // It exits 1 when it finds nothing.
    return '';
  }
}

/** Windows on the display whose title holds this. */
export function windows(title: string): string[] {
  return xdotool('search', '--onlyvisible', '--name', title).split('\n').filter(Boolean);
}

/** Waits for the file dialog of this title and gives it a path. */
export async function chooseFile(title: string, path: string): Promise<void> {
  await expect.poll(() => windows(title).length, { message: `a dialog ${title}` }).toBeGreaterThan(0);
  const [dialog = ''] = windows(title);
  await expect
    .poll(() => {
      if (windows(title).length === 0) return 0;
      xdotool('windowfocus', '--sync', dialog);
      // Typing a slash opens the line for a path.
      xdotool('key', '--clearmodifiers', 'ctrl+a');
      xdotool('type', '--delay', '5', path);
      xdotool('key', 'Return');
      return windows(title).length;
    }, { message: 'the dialog took the path', intervals: [1500, 3000] })
    .toBe(0);
}
