// The ways of arcs on the drawing, so that none runs behind a box or along another. Within a row they lead over the columns. Between rows they
// leave by the side that faces the other, and pass the rows in between through the gaps between columns, each in a lane of its own. The ends at one
// side of a column are spread over it in the order of where they lead.

import type { GroupEdge } from './group-columns.js';
import { type Box, type Column, gapsOf } from './layout.js';

/** A way, and the middle of it, where its label stands. */
export interface ArcRoute {
  /** A path of SVG. */
  readonly path: string;
  readonly middle: Pick<Box, 'x' | 'y'>;
}

/** Units between two ends at a side of a column, and between two lanes of a gap, at most; and those that they share. */
const [widestEnds, endsWidth] = [14, 124];
const [widestLanes, lanesWidth] = [8, 44];
/** The cost of a lane beside others, in units of a way round. */
const crowding = 30;
/** The bend of a curve between rows. */
const bend = 40;

/** A row of columns. */
interface Band {
  readonly top: number;
  readonly bottom: number;
}

interface Placed {
  readonly box: Box;
  readonly band: number;
}

/** An arc before its ends and its lane have their places. */
interface Plan {
  readonly edge: GroupEdge;
  readonly start: Placed;
  readonly end: Placed;
  /** The gap that it passes, and its lane there; null if it passes no row. */
  readonly lane: { readonly gap: number; readonly number: number } | null;
}

/** The ways of arcs between columns, in the order of the edges; an edge between columns that are not there has none. */
export function arcRoutes(columns: readonly Column[], edges: readonly GroupEdge[]): ReadonlyMap<GroupEdge, ArcRoute> {
  const bands = bandsOf(columns);
  const tops = bands.map(({ top }) => top);
  const places = new Map(columns.map(({ group, box }) => [group, { box, band: tops.indexOf(box.y) }]));
  const gaps = gapsOf(columns);
  const lanes = new Lanes(gaps);
  const plans = edges.flatMap((edge): readonly Plan[] => {
    const [start, end] = [places.get(edge.from), places.get(edge.to)];
    return start === undefined || end === undefined ? [] : [{ edge, start, end, lane: lanes.of(start, end) }];
  });
  const endX = endsOf(plans, gaps);
  return new Map(
    plans.map((plan) => {
      const [from, to] = [endX(plan, true), endX(plan, false)];
      const laneX = plan.lane === null ? null : lanes.x(plan.lane);
      return [
        plan.edge,
        plan.start.band === plan.end.band ? over(plan, from, to) : between(plan, { from, to, laneX, bands }),
      ];
    }),
  );
}

function bandsOf(columns: readonly Column[]): readonly Band[] {
  const bottoms = new Map<number, number>();
  for (const { box } of columns) bottoms.set(box.y, Math.max(bottoms.get(box.y) ?? 0, box.y + box.height));
  return [...bottoms].sort(([a], [b]) => a - b).map(([top, bottom]) => ({ top, bottom }));
}

/** The lanes of gaps. Arcs that pass the same row in the same gap have different ones. */
class Lanes {
  readonly #gaps: readonly number[];
  /** By gap and lane, the rows that are taken. */
  readonly #taken: Set<number>[][];

  constructor(gaps: readonly number[]) {
    this.#gaps = gaps;
    this.#taken = gaps.map(() => []);
  }

  of(start: Placed, end: Placed): Plan['lane'] {
    const [first, last] = [Math.min(start.band, end.band) + 1, Math.max(start.band, end.band) - 1];
    if (first > last) return null;
    const rows = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const ideal = (centreOf(start.box) + centreOf(end.box)) / 2;
    const choices = this.#taken.map((lanes, gap) => {
      const free = lanes.findIndex((own) => rows.every((row) => !own.has(row)));
      const number = free < 0 ? lanes.length : free;
      return { gap, number, cost: Math.abs((this.#gaps[gap] ?? 0) - ideal) + crowding * number };
    });
    const best = choices.reduce((a, b) => (b.cost < a.cost ? b : a));
    const lanes = this.#taken[best.gap] ?? [];
    const own = lanes[best.number] ?? new Set<number>();
    lanes[best.number] = own;
    for (const row of rows) own.add(row);
    return { gap: best.gap, number: best.number };
  }

  x({ gap, number }: { readonly gap: number; readonly number: number }): number {
    return spread(this.#gaps[gap] ?? 0, { number, count: this.#taken[gap]?.length ?? 1 }, [widestLanes, lanesWidth]);
  }
}

function spread(
  middle: number,
  { number, count }: { readonly number: number; readonly count: number },
  [widest, width]: readonly [number, number],
): number {
  return middle + (number - (count - 1) / 2) * Math.min(widest, width / count);
}

function centreOf({ x, width }: Box): number {
  return x + width / 2;
}

/** The places of ends at their sides of columns. */
function endsOf(plans: readonly Plan[], gaps: readonly number[]): (plan: Plan, isStart: boolean) => number {
  const sides = new Map<string, { readonly plan: Plan; readonly isStart: boolean; readonly towards: number }[]>();
  for (const plan of plans) {
    for (const isStart of [true, false]) {
      const far = isStart ? plan.end : plan.start;
      const towards =
        plan.lane !== null
          ? (gaps[plan.lane.gap] ?? 0)
          : plan.start === plan.end
            ? Number.POSITIVE_INFINITY
            : centreOf(far.box);
      const side = sideOf(plan, isStart);
      const own = sides.get(side) ?? [];
      sides.set(side, own);
      own.push({ plan, isStart, towards });
    }
  }
  const places = new Map<Plan, { start: number; end: number }>(plans.map((plan) => [plan, { start: 0, end: 0 }]));
  for (const ends of sides.values()) {
    ends.sort((a, b) => (a.towards === b.towards ? 0 : a.towards - b.towards));
    for (const [number, { plan, isStart }] of ends.entries()) {
      const own = places.get(plan);
      if (own === undefined) continue;
      const x = spread(centreOf((isStart ? plan.start : plan.end).box), { number, count: ends.length }, [
        widestEnds,
        endsWidth,
      ]);
      if (isStart) own.start = x;
      else own.end = x;
    }
  }
  return (plan, isStart) => places.get(plan)?.[isStart ? 'start' : 'end'] ?? 0;
}

function sideOf({ edge, start, end }: Plan, isStart: boolean): string {
  const isDown = end.band > start.band;
  const isBottom = start.band !== end.band && isDown === isStart;
  return `${isBottom ? 'bottom' : 'top'} ${isStart ? edge.from : edge.to}`;
}

/** Above both columns of a row, higher for the way back so that both are seen. */
function over({ start, end }: Plan, from: number, to: number): ArcRoute {
  const isBack = end.box.x < start.box.x;
  const top = start.box.y - Math.min(104, 22 + Math.abs(to - from) * 0.1 + (isBack ? 16 : 0));
  const path = `M${point(from, start.box.y)}C${point(from, top)} ${point(to, top)} ${point(to, end.box.y - 1)}`;
  return { path, middle: { x: (from + to) / 2, y: (start.box.y + end.box.y - 1 + 6 * top) / 8 - 3 } };
}

interface Way {
  readonly from: number;
  readonly to: number;
  readonly laneX: number | null;
  readonly bands: readonly Band[];
}

/** Straight along boxes, and curved between rows only. */
function between({ start, end }: Plan, { from, to, laneX, bands }: Way): ArcRoute {
  const isDown = end.band > start.band;
  const step = isDown ? 1 : -1;
  const [leaving, arriving] = [bands[start.band], bands[end.band]];
  const near = (band: Band | undefined): number => (isDown ? band?.top : band?.bottom) ?? 0;
  const far = (band: Band | undefined): number => (isDown ? band?.bottom : band?.top) ?? 0;
  const begin = isDown ? start.box.y + start.box.height : start.box.y;
  const finish = isDown ? end.box.y - 1 : end.box.y + end.box.height + 1;
  const out = far(leaving);
  const into = isDown ? finish : Math.max(finish, near(arriving));
  const pieces = [`M${point(from, begin)}`, ...(out === begin ? [] : [`L${point(from, out)}`])];
  const curve = (x1: number, y1: number, x2: number, y2: number): string =>
    `C${point(x1, y1 + step * bend)} ${point(x2, y2 - step * bend)} ${point(x2, y2)}`;
  let middle = { x: (from + to) / 2, y: (out + into) / 2 };
  if (laneX === null) pieces.push(curve(from, out, to, into));
  else {
    const [enter, leave] = [near(bands[start.band + step]), far(bands[end.band - step])];
    pieces.push(curve(from, out, laneX, enter), `L${point(laneX, leave)}`, curve(laneX, leave, to, into));
    middle = { x: laneX, y: (enter + leave) / 2 };
  }
  if (into !== finish) pieces.push(`L${point(to, finish)}`);
  return { path: pieces.join(''), middle: { x: middle.x, y: middle.y + 3 } };
}

function point(x: number, y: number): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}
