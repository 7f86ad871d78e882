import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { AccountView, ErpMoveRequest, ErpMoveView } from '../../api/generated';
import { createQueryClient } from '../../api/queries';
import { MoveErp } from './MoveErp';

const asked = vi.hoisted(() => [] as [string, unknown][]);

vi.mock('../../api/client', async (original) => ({
  ...(await original<typeof import('../../api/client')>()),
  call: (command: string, request: ErpMoveRequest) => {
    asked.push([command, request]);
    return Promise.resolve(command === 'erp_move_plan' ? plan(request) : { batch: 7, relinked: 1, stores: 1, repushed: 0 });
  },
}));

const items = ['90004', '90005'].map((code) => ({ code, name: `同码 ${code}`, barcode: '6921168509256' }));

function plan(request: ErpMoveRequest): ErpMoveView {
  return {
    items_read_at: 1,
    there: [{ code: '8801', name: '望江路店', active: true }, { code: '8809', name: '已停用', active: false }],
    branches: [{ old: '1001', new: request.branches['1001'] ?? null, stores: ['望江路店'] }],
    ways: [{ way: 'ambiguous', count: 1, rows: [{ sku: 5, name: '山溪水', barcode: '6921168509256', old_code: '1', new_code: '1', items }] }],
    booked: 3,
    unsettled: 0,
    waiting: 2,
  };
}

function account(id: number, service: string): AccountView {
  return { id, kind: 'erp', service, name: service, state: 'valid', state_text: '', state_since: 0, expires_at: null, endpoint: '', settings: {}, masked: {}, items_read_at: null };
}

beforeEach(() => void asked.splice(0));

test('asks for the branches, then for what is not sure, and moves with both by the keyboard alone', async () => {
  const [old, fresh] = [account(1, 'ama'), account(2, 'jushuitan')];
  const close = vi.fn();
  render(
    <QueryClientProvider client={createQueryClient()}>
      <MoveErp from={old} erps={[old, fresh]} serviceName={(id) => id} onClose={close} />
    </QueryClientProvider>,
  );
  const confirm = (): void => void fireEvent.keyDown(document.body, { code: 'Enter', key: 'Enter', ctrlKey: true });
  expect(asked).toEqual([]);
  confirm();
  const branch = await screen.findByRole('combobox', { name: /1001/ });
  // A branch that is out of use cannot be chosen, and without one nothing goes on.
  expect([...branch.querySelectorAll('option')].map((one) => one.value)).toEqual(['', '8801']);
  confirm();
  expect(screen.queryByRole('table')).toBeNull();
  fireEvent.change(branch, { target: { value: '8801' } });
  await vi.waitFor(() => {
    confirm();
    expect(screen.getByRole('table')).toBeTruthy();
  });
  fireEvent.change(screen.getByRole('combobox', { name: /山溪水/ }), { target: { value: '90005' } });
  expect(asked.some(([command]) => command === 'erp_move')).toBe(false);
  confirm();
  await vi.waitFor(() => expect(close).toHaveBeenCalled());
  expect(asked.at(-1)).toEqual(['erp_move', { from: 1, to: 2, branches: { '1001': '8801' }, choices: { '5': '90005' } }]);
});
