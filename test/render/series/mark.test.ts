import { describe, expect, test } from 'vitest';
import type { LedgerEvent } from '../../../src/model/ledger-event.js';
import { defineGraph } from '../../../src/render/define/define-graph.js';
import type { EventMark } from '../../../src/render/define/graph-request.js';
import { tileSizePx } from '../../../src/render/define/graph-request.js';
import { formatMark, markNear, marksOf } from '../../../src/render/series/mark.js';
import { daySpan, endS, graphRequest } from '../sample-series.js';

const name = '192.0.2.1_80';
const rows = { span: daySpan, rowS: 300 };
const event = (beforeEndS: number, rest: Partial<LedgerEvent> = {}): LedgerEvent => {
  return { timeS: endS - beforeEndS, archive: name, kind: 'appeared', ...rest };
};
const weight = (beforeEndS: number, realServer = '10.0.0.5_8080'): LedgerEvent =>
  event(beforeEndS, { kind: 'weight-changed', realServer, from: '1', to: '0' });

function marks(own: readonly LedgerEvent[], director: readonly LedgerEvent[] = [], of = name): readonly EventMark[] {
  return marksOf(of, { own, director }, rows);
}

describe('the marks of an archive', () => {
  test('are its events within the span, in words and by kind', () => {
    expect(marks([event(90_000), weight(7200), event(3600, { kind: 'gone' }), event(-300)])).toEqual([
      { timeS: endS - 7200, kind: 'changed', texts: ['weight changed 10.0.0.5:8080: 1 to 0'], count: 1 },
      { timeS: endS - 3600, kind: 'moved', texts: ['gone'], count: 1 },
    ]);
  });

  test("include the director's, except a restart that its own ledger has", () => {
    const reset = { kind: 'counters-reset', cause: 'zeroed' } as const;
    const director = [
      event(7200, { archive: 'all', kind: 'cycle-missed', to: '15 min', cause: 'machine-down' }),
      event(3600, { archive: 'all', ...reset }),
    ];
    expect(marks([event(3600, reset)], director).map(({ kind, texts }) => [kind, ...texts])).toEqual([
      ['failed', 'cycles missed: 15 min: the machine was down'],
      ['reset', 'counters reset: zeroed'],
    ]);
    expect(marks([], director)).toHaveLength(2);
  });

  test("of a real server are its own and its service's, not its neighbours'", () => {
    const own = [
      weight(7200),
      weight(6000, '10.0.0.6_8080'),
      event(3600, { kind: 'scheduler-changed', from: 'rr', to: 'wlc' }),
    ];
    const texts = marks(own, [], `${name}/10.0.0.5_8080`).flatMap((mark) => mark.texts);
    expect(texts).toEqual(['weight changed 10.0.0.5:8080: 1 to 0', 'scheduler changed: rr to wlc']);
  });

  test('omit events that no graph shows', () => {
    expect(
      marks([event(600, { kind: 'counters-wrapped' })], [event(600, { archive: 'all', kind: 'cycle-resumed' })]),
    ).toEqual([]);
  });

  test('merge within a row into one of the gravest kind, with their number', () => {
    const own = [1, 2, 3, 4].map((n) => weight(300, `10.0.0.${n}_80`));
    const [mark, ...others] = marks([...own, event(300, { kind: 'counters-reset', cause: 'zeroed' })]);
    expect(others).toEqual([]);
    expect(mark).toMatchObject({ kind: 'reset', count: 5 });
    expect(mark === undefined ? '' : formatMark(mark)).toMatch(
      /^weight changed 10\.0\.0\.1:80: 1 to 0; .*; and 2 more$/,
    );
  });
});

describe('on a picture, marks', () => {
  const some = marks([weight(7200), weight(6900), weight(40_000)]);

  test('that would overlap are merged', () => {
    const { marks: placed } = defineGraph(graphRequest({ marks: some }));
    expect(placed.map(({ timeS, count }) => [timeS, count])).toEqual([
      [endS - 40_000, 1],
      [endS - 7200, 2],
    ]);
    const { marks: closer } = defineGraph(
      graphRequest({ marks: some, span: { startS: endS - 8000, endS, label: '2 h' } }),
    );
    expect(closer.map(({ count }) => count)).toEqual([1, 1]);
  });

  test('may lie closer in a tile', () => {
    const tile = graphRequest({ marks: marks([weight(7200), weight(3600)]), tile: true, sizePx: tileSizePx });
    expect(defineGraph(tile).marks).toHaveLength(2);
  });

  test('are found by the pointer if they are the nearest within reach', () => {
    expect(markNear(some, endS - 7100, 600)?.timeS).toBe(endS - 7200);
    expect(markNear(some, endS - 6950, 600)?.timeS).toBe(endS - 6900);
    expect(markNear(some, endS - 20_000, 600)).toBeNull();
  });
});
