// The order of a stack's members: the largest first, and equal ones by address. Shares are never equal to the last digit: members
// count as equal if they differ by less than chance and rounding make them differ from one span to the next. So real servers with
// the same load keep their places in every graph and at every zoom.

import { compareNames } from '../../model/kinds/registry.js';

/** A member with its total. */
interface Sized {
  readonly name: string;
  readonly size: number;
}

/** Members at least this fraction of the largest of them count as equal. */
const equalPart = 0.9;

/** Members in the order of a stack: each group of equal ones by address, the group with the largest first. */
export function inStackOrder<M extends Sized>(members: readonly M[]): M[] {
  const rest = members.toSorted((a, b) => b.size - a.size || compareNames(a.name, b.name));
  const ordered: M[] = [];
  while (rest.length > 0) {
    const leastSize = (rest[0]?.size ?? 0) * equalPart;
    const end = rest.findIndex(({ size }) => size < leastSize);
    const group = rest.splice(0, end < 0 ? rest.length : end);
    ordered.push(...group.sort((a, b) => compareNames(a.name, b.name)));
  }
  return ordered;
}
