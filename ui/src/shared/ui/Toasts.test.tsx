import { act, fireEvent, render } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { toast, Toasts } from './Toasts';

afterEach(() => act(() => toast.clear()));

describe('a toast with 撤销', () => {
  it('takes back its own batch by button and by Ctrl Z, the newest first and each once', () => {
    const undo = vi.fn<(batch: number) => void>();
    const { getAllByText } = render(<Toasts />);
    act(() => {
      for (const batch of [1, 2, 3]) toast.done(`改了 ${batch}`, { undo: () => undo(batch) });
    });
    const [first] = getAllByText('撤销');
    if (first) fireEvent.click(first);
    const press = (): boolean => fireEvent.keyDown(document.body, { code: 'KeyZ', ctrlKey: true });
    act(() => void press());
    act(() => void press());
    act(() => void press());
    expect(undo.mock.calls).toEqual([[1], [3], [2]]);
  });
});
