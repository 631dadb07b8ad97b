// The ways of arcs: past boxes and past each other, on wide drawings and on those of phones.

import { describe, expect, test } from 'vitest';
import { drawingOf, usualDrawing } from '../../../src/map/drawing/drawing.js';
import type { Box } from '../../../src/map/drawing/layout.js';
import type { FleetMap, MapNode } from '../../../src/model/map/fleet-map.js';

type Point = readonly [x: number, y: number];

/** Groups of which every third is expanded, so that rows have columns of different heights; each talks to all, also to itself. */
function everybody(count: number): FleetMap {
  const nodes = Array.from({ length: count }, (_, g): readonly MapNode[] => {
    const group = `role:r${g}`;
    const common = { role: `r${g}`, dc: null, group };
    if (g % 3 !== 0) return [{ ...common, id: group, kind: 'role', members: ['host:x'] }];
    return Array.from({ length: 4 + 5 * g }, (_, i) => ({
      ...common,
      id: `host:r${g}h${i}`,
      kind: 'host',
      members: [],
    }));
  });
  const firsts = nodes.map(([first]) => first?.id ?? '');
  const edges = firsts.flatMap((from) =>
    firsts.map((to) => ({ from, to, connections: 1, links: 0, lost: 0, stale: 0 })),
  );
  return { nodes: nodes.flat(), edges };
}

/** Points of a path, which are close to each other. */
function pointsOf(path: string): readonly Point[] {
  const points: Point[] = [];
  for (const [, letter, numbers = ''] of path.matchAll(/([MLC])([^MLC]+)/g)) {
    const values = numbers.trim().split(/[ ,]+/).map(Number);
    expect(values.every(Number.isFinite)).toBe(true);
    const [x0 = 0, y0 = 0] = points.at(-1) ?? [];
    const [x1 = 0, y1 = 0, x2 = x1, y2 = y1, x3 = x2, y3 = y2] = values;
    for (let i = 1; i <= 60; i += 1) {
      const t = i / 60;
      const u = 1 - t;
      if (letter === 'M') points.push([x1, y1]);
      else if (letter === 'L') points.push([x0 + t * (x1 - x0), y0 + t * (y1 - y0)]);
      else {
        const at = (a: number, b: number, c: number, d: number): number =>
          u ** 3 * a + 3 * u * u * t * b + 3 * u * t * t * c + t ** 3 * d;
        points.push([at(x0, x1, x2, x3), at(y0, y1, y2, y3)]);
      }
    }
  }
  return points;
}

function isInside([x, y]: Point, box: Box): boolean {
  return x > box.x + 0.1 && x < box.x + box.width - 0.1 && y > box.y + 0.1 && y < box.y + box.height - 0.1;
}

const drawn = (count: number, perBand: number) =>
  drawingOf(everybody(count), { ...usualDrawing, shape: { perBand, order: [] } });

describe.each([
  [12, 5],
  [17, 5],
  [9, 2],
  [3, 2],
])('arcs of %i groups, %i in a row,', (count, perBand) => {
  const { columns, arcs, width } = drawn(count, perBand);

  test('run behind no box, and stay on the drawing', () => {
    expect(arcs).toHaveLength(count ** 2);
    for (const { edge, path } of arcs) {
      const points = pointsOf(path);
      const behind = columns.filter(({ box }) => points.some((own) => isInside(own, box)));
      expect([edge.from, edge.to, behind.map(({ group }) => group)]).toEqual([edge.from, edge.to, []]);
      expect(points.every(([x, y]) => x >= 0 && x <= width && y >= 0)).toBe(true);
    }
  });

  test('begin and end at their columns, each at a place of its own', () => {
    const boxes = new Map(columns.map(({ group, box }) => [group, box]));
    const ends = arcs.flatMap(({ edge, path }) => {
      const points = pointsOf(path);
      return [
        { group: edge.from, at: points[0] },
        { group: edge.to, at: points.at(-1) },
      ];
    });
    for (const { group, at: [x, y] = [0, 0] } of ends) {
      const box = boxes.get(group);
      if (box === undefined) throw new Error(`${group} is not drawn`);
      expect(x > box.x && x < box.x + box.width).toBe(true);
      expect(Math.min(Math.abs(y - box.y), Math.abs(y - box.y - box.height))).toBeLessThanOrEqual(1);
    }
    expect(new Set(ends.map(({ group, at: [x, y] = [0, 0] }) => `${group} ${x} ${Math.round(y / 4)}`)).size).toBe(
      ends.length,
    );
  });

  test('pass a row in lanes of their own', () => {
    const rows = [...new Set(columns.map(({ box }) => box.y))];
    for (const top of rows.slice(1, -1)) {
      const passing = arcs.flatMap(({ edge, path }) => {
        const ys = [edge.from, edge.to].map((group) => columns.find((own) => own.group === group)?.box.y ?? 0);
        const isPast = Math.min(...ys) < top && Math.max(...ys) > top;
        const [, x] = isPast ? (/L([\d.]+) /.exec(lastRun(path)) ?? []) : [];
        return x === undefined ? [] : [x];
      });
      expect(passing.length).toBeGreaterThan(0);
      expect(new Set(passing).size).toBe(passing.length);
    }
  });
});

/** From the first curve on: the run in the lane is the first line after it. */
function lastRun(path: string): string {
  return path.slice(path.indexOf('C'));
}

test('the same map has the same arcs', () => {
  expect(drawn(12, 2).arcs.map(({ path }) => path)).toEqual(drawn(12, 2).arcs.map(({ path }) => path));
});
