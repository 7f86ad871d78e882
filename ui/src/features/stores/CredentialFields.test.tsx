import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { CredentialFields } from './CredentialFields';

const fields = [
  { key: 'edition', label: '版本', secret: false, optional: true, shape: 'any', choices: [{ value: 'enterprise', label: '企业版' }, { value: 'flagship', label: '旗舰版' }], asked_with: null },
  { key: 'sid', label: '账号', secret: false, optional: false, shape: 'any', choices: [], asked_with: null },
];

test('a field with choices is chosen, the others are typed', async () => {
  const told: string[][] = [];
  render(<CredentialFields fields={fields} values={{}} onChange={(key, value) => told.push([key, value])} />);
  fireEvent.mouseDown(screen.getByRole('combobox', { name: '版本' }));
  fireEvent.click(await screen.findByText('旗舰版'));
  fireEvent.change(screen.getByRole('textbox', { name: '账号' }), { target: { value: 'hj1' } });
  expect(told).toEqual([['edition', 'flagship'], ['sid', 'hj1']]);
});
