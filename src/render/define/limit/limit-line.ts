// The capacity of a graph's subject as a dashed line with its number: a limit that the operator stated, or else the highest mean held for an
// hour or more, which is marked as such. A line far above the traffic would flatten it; then only the number is shown.

import type { CapacityMeasure } from '../../../model/capacity/limit.js';
import { stepWords } from '../../../model/retention.js';
import { formatFigure } from '../../look/si-format.js';
import type { GraphType, StackType } from '../graph-request.js';
import { formatStep } from '../heading.js';
import type { LimitLine } from '../picture.js';

/** The capacity of an archive in one measure, in the unit of its graph. */
export interface GraphCapacity {
  readonly value: number;
  /** Stated by the operator; otherwise it is the highest mean that was held. */
  readonly isStated: boolean;
  /** The length of the row of that mean. */
  readonly rowS?: number;
}

/** The capacities of an archive; a measure is missing if nothing is known. */
export type GraphCapacities = Readonly<Partial<Record<CapacityMeasure, GraphCapacity>>>;

/** The measure of a graph; undefined if a capacity has no place in it. */
export const capacityMeasureOf: Readonly<Partial<Record<GraphType | StackType, CapacityMeasure>>> = {
  traffic: 'bitsPerS',
  cps: 'newConnectionsPerS',
  concurrent: 'openConnections',
};

/** A line belongs to the axis while it is at most this many times as high as what is drawn. */
const mostStretch = { stated: 2, highest: 1.25 } as const;

/** The drawn part of a graph: its extremes, and what it may omit. */
export interface LimitedGraph {
  readonly type: GraphType | StackType;
  readonly tile: boolean;
  /** 0 or less, and 0 or more. */
  readonly lowest: number;
  readonly highest: number;
}

/** The lines of a graph: above and below zero, on each side that comes near it; the first has the words. */
export function limitLines(capacities: GraphCapacities | undefined, graph: LimitedGraph): readonly LimitLine[] {
  const measure = capacityMeasureOf[graph.type];
  const capacity = measure === undefined ? undefined : capacities?.[measure];
  if (capacity === undefined) return [];
  const { value, isStated } = capacity;
  const most = mostStretch[isStated ? 'stated' : 'highest'];
  const text = wordsOf(capacity, graph.tile);
  const near = [...(value <= most * graph.highest ? [value] : []), ...(value <= -most * graph.lowest ? [-value] : [])];
  if (near.length === 0) return [{ value, isStated, text, isOff: true }];
  return near.map((at, i) => ({ value: at, isStated, text: i === 0 ? text : '', isOff: false }));
}

/** The extremes of a graph with the lines that its axis includes. */
export function extremesWith(lines: readonly LimitLine[], values: readonly number[]): readonly [number, number] {
  const all = [...values, ...lines.flatMap(({ value, isOff }) => (isOff ? [] : [value]))];
  return [Math.min(0, ...all), Math.max(0, ...all)];
}

/** "capacity 10 G", "highest 2 hours 812 M". */
function wordsOf({ value, isStated, rowS = 3600 }: GraphCapacity, tile: boolean): string {
  const figure = formatFigure(value);
  if (isStated) return tile ? `cap. ${figure}` : `capacity ${figure}`;
  return `highest ${tile ? formatStep(rowS).replace(/^1 /, '') : stepWords(rowS)} ${figure}`;
}
