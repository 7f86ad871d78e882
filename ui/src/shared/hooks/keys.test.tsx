import { fireEvent, render } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { comboOf, comboText, composing, scanReader, useEscape, useKeys } from '.';

const press = (code: string, more: Partial<KeyboardEventInit> & { keyCode?: number } = {}, target: Element = document.body): boolean => fireEvent.keyDown(target, { code, ...more });

function Keys({ run, scope = 'page' }: { run: () => void; scope?: 'page' | 'global' }) {
  useKeys({ KeyR: run, 'Mod+Enter': run }, scope);
  return <input aria-label="field" />;
}

describe('the input method guard', () => {
  it('sees both ways of telling that something is being composed', () => {
    expect(composing({ isComposing: true })).toBe(true);
    expect(composing({ keyCode: 229 })).toBe(true);
    expect(composing({ nativeEvent: { keyCode: 229 } })).toBe(true);
    expect(composing({ isComposing: false, keyCode: 13 })).toBe(false);
  });
  it('keeps keys off during composition', () => {
    const run = vi.fn();
    render(<Keys run={run} />);
    press('KeyR', { isComposing: true });
    press('KeyR', { keyCode: 229 });
    expect(run).not.toHaveBeenCalled();
    press('KeyR');
    expect(run).toHaveBeenCalledTimes(1);
  });
  it('leaves Esc to the input method', () => {
    const close = vi.fn();
    function Layer() {
      useEscape(true, close);
      return null;
    }
    render(<Layer />);
    press('Escape', { keyCode: 229 });
    expect(close).not.toHaveBeenCalled();
    press('Escape');
    expect(close).toHaveBeenCalledTimes(1);
  });
});

describe('keys', () => {
  it('leave single letters to a text field but not Ctrl Enter', () => {
    const run = vi.fn();
    const { getByLabelText } = render(<Keys run={run} />);
    press('KeyR', {}, getByLabelText('field'));
    expect(run).not.toHaveBeenCalled();
    press('Enter', { ctrlKey: true }, getByLabelText('field'));
    expect(run).toHaveBeenCalledTimes(1);
  });
  it('of a page beat global ones whatever the order', () => {
    const page = vi.fn();
    const global = vi.fn();
    render(
      <>
        <Keys run={page} />
        <Keys run={global} scope="global" />
      </>,
    );
    press('KeyR');
    expect(page).toHaveBeenCalledTimes(1);
    expect(global).not.toHaveBeenCalled();
  });
  it('Esc closes the topmost thing only', () => {
    const lower = vi.fn();
    const upper = vi.fn();
    function Layers() {
      useEscape(true, lower);
      return <Upper />;
    }
    function Upper() {
      useEscape(true, upper);
      return null;
    }
    const { unmount } = render(<Layers />);
    press('Escape');
    expect(upper.mock.calls.length + lower.mock.calls.length).toBe(1);
    unmount();
    press('Escape');
    expect(upper.mock.calls.length + lower.mock.calls.length).toBe(1);
  });
  it('leave Enter to a focused button, but not to one that only chooses', () => {
    const bind = vi.fn();
    function Chooser() {
      useKeys({ Enter: bind }, 'dialog');
      return (
        <div role="dialog" aria-modal="true" aria-label="find" tabIndex={-1}>
          <button type="button" role="radio" aria-checked="true">
            奶
          </button>
          <button type="button">取消</button>
        </div>
      );
    }
    const { getByRole, getByText } = render(<Chooser />);
    press('Enter', {}, getByText('取消'));
    press('Enter', { isComposing: true }, getByRole('radio'));
    expect(bind).not.toHaveBeenCalled();
    press('Enter', {}, getByRole('radio'));
    press('Enter', {}, getByRole('dialog'));
    expect(bind).toHaveBeenCalledTimes(2);
  });
  it('are named by code, not by what an input method makes of them', () => {
    expect(comboOf({ code: 'KeyZ', ctrlKey: true, metaKey: false, altKey: false, shiftKey: true })).toBe('Mod+Shift+KeyZ');
    expect(comboOf({ code: 'NumpadEnter', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false })).toBe('Enter');
    expect(comboText('Mod+Enter', false)).toBe('Ctrl Enter');
    expect(comboText('Mod+KeyK', true)).toBe('⌘ K');
    expect(comboText('Shift+Slash', false)).toBe('?');
  });
});

describe('a scanner', () => {
  it('is fast digits and Enter', () => {
    const read = scanReader();
    let time = 1000;
    for (const key of '6922255447838') {
      time += 8;
      expect(read({ key, timeStamp: time })).toBeNull();
    }
    expect(read({ key: 'Enter', timeStamp: time + 8 })).toBe('6922255447838');
  });
  it('is not a person typing', () => {
    const read = scanReader();
    let time = 1000;
    for (const key of '6922255447838') {
      time += 120;
      read({ key, timeStamp: time });
    }
    expect(read({ key: 'Enter', timeStamp: time + 120 })).toBeNull();
  });
});
