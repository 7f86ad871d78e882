import { Dropdown, type MenuProps } from 'antd';
import type { ReactNode } from 'react';
import type { CategoryNode } from '../../api/generated';
import { grouped } from '../../shared/format';
import { FilterChip } from '../../shared/ui';
import { l } from './messages';

/** Path of a category with slashes. */
export function pathOf(nodes: readonly CategoryNode[], id: number): string {
  const node = nodes.find((one) => one.id === id);
  if (!node) return '';
  return node.parent === null ? node.name : `${pathOf(nodes, node.parent)}/${node.name}`;
}

type Item = NonNullable<MenuProps['items']>[number];

/** The tree as a menu; a node with levels below offers itself first. */
function itemsOf(nodes: readonly CategoryNode[], parent: number | null, onPick: (id: number) => void): Item[] {
  return nodes
    .filter((node) => node.parent === parent)
    .map((node): Item => {
      const label = (
        <span className="lib-catrow">
          <span className="grow cut">{node.name}</span>
          <span className="t3 small">{grouped(node.products)}</span>
        </span>
      );
      const below = itemsOf(nodes, node.id, onPick);
      if (below.length === 0) return { key: String(node.id), label, onClick: () => onPick(node.id) };
      return { key: `sub ${node.id}`, label, onTitleClick: () => onPick(node.id), children: below };
    });
}

/** Chip that narrows the grid to a category and what is below it. */
export function CategoryFilter({ nodes, value, onChange }: { nodes: readonly CategoryNode[]; value: number | null; onChange: (id: number | null) => void }): ReactNode {
  if (nodes.length === 0) return null;
  const name = value === null ? undefined : nodes.find((node) => node.id === value)?.name;
  const chip = <FilterChip label={l('category.filter')} {...(name === undefined ? {} : { value: name, onClear: () => onChange(null) })} />;
  return (
    <Dropdown trigger={['click']} menu={{ className: 'lib-cats', items: itemsOf(nodes, null, onChange) }}>
      <span>{chip}</span>
    </Dropdown>
  );
}
