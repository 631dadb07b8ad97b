// Every picture states the age of its data: the end of its rows, or the time of the newest reading if it has none.

import { describe, expect, test } from 'vitest';
import { defineGraph } from '../../src/render/define/define-graph.js';
import { defineStack } from '../../src/render/define/define-stack.js';
import { type GraphRequest, graphTypes, stackTypes, tileSizePx } from '../../src/render/define/graph-request.js';
import type { Picture } from '../../src/render/define/picture.js';
import { endS, graphRequest, seriesOf, stackMembers, stackRequest } from './sample-series.js';

const tile = { tile: true, sizePx: tileSizePx } as const;
const unknown = () => Number.NaN;
/** Known until ten rows, 50 minutes, before the end. */
const ending = (_name: string, row: number) => (row > 277 ? Number.NaN : 5);
const ofGraph = (over: Partial<GraphRequest>) => defineGraph(graphRequest(over));
const ofStack = (over: Parameters<typeof stackRequest>[1]) => defineStack(stackRequest(stackMembers(3), over));

/** A stack of services that went ten rows before the end, or long ago. */
function goneStack(valueAt: typeof ending, goneS: number): Picture {
  const series = seriesOf(valueAt, { lastS: goneS });
  return defineStack(stackRequest(stackMembers(3).map((member) => ({ ...member, series, goneS }))));
}

/** The stack of a service that is gone, as are its real servers. */
function goneStackOf(over: Partial<GraphRequest>): Picture {
  const { stack, ...request } = stackRequest([]);
  const subject = { name: '192.0.2.1_80', hostNames: [], goneS: endS - 172_800 };
  const { type: _type, average: _average, max: _max, ...looks } = over;
  return defineStack({ ...request, ...looks, subject, stack: { ...stack, of: 'real servers' } });
}

const words = ({ footer, sentence }: Picture) => `${sentence ?? ''} ${footer}`;
const isEmptyGraph = { average: seriesOf(unknown, { lastS: endS - 2 * 86_400 }) };

describe('the age of the data is on', () => {
  test.each(graphTypes)('a graph of %s', (type) => {
    expect(words(ofGraph({ type }))).toContain('data to 2026-11-21 14:35 JST');
    expect(words(ofGraph({ type, ...tile }))).toContain('to 11-21 14:35 JST');
  });

  test.each(stackTypes)('a stack of %s', (type) => {
    expect(words(ofStack({ type }))).toContain('data to 2026-11-21 14:35 JST');
    expect(words(ofStack({ type, ...tile }))).toContain('to 11-21 14:35 JST');
  });

  test.each<[string, Picture, string]>([
    ['a service that is gone', ofGraph({ average: seriesOf(ending) }), 'data to 2026-11-21 13:45 JST'],
    ['its tile', ofGraph({ average: seriesOf(ending), ...tile }), 'to 11-21 13:45 JST'],
    ['a stack whose services are all gone', goneStack(ending, endS - 3000), 'data to 2026-11-21 13:45 JST'],
    ['a service long gone', ofGraph(isEmptyGraph), 'the newest reading is from 2026-11-19 14:35 JST'],
    [
      'the tile of one long gone',
      ofGraph({ ...isEmptyGraph, ...tile }),
      'the newest reading is from 2026-11-19 14:35 JST',
    ],
    ['a stack long gone', goneStack(unknown, endS - 172_800), 'the newest reading is from 2026-11-19 14:35 JST'],
  ])('%s', (_title, picture, shown) => {
    expect(words(picture)).toContain(shown);
  });

  test.each<[string, Picture]>([
    ['a graph', ofGraph({ ...isEmptyGraph, subject: { name: '192.0.2.1_80', hostNames: [], goneS: endS - 172_800 } })],
    ['a stack without members', goneStackOf({})],
    ['a tile of it', goneStackOf(tile)],
  ])('%s of a service that is gone, which says since when', (_title, { sentence }) => {
    expect(sentence).toBe('Gone since 2026-11-19 14:35 JST: no data in these 24 h.');
  });

  test('the page of a service that is gone, on the axis that was asked for', () => {
    expect(goneStackOf({ bare: true }).timeAxis).toEqual(ofStack({}).timeAxis);
    expect(ofGraph({ ...isEmptyGraph, bare: true }).timeAxis).toEqual(ofGraph({}).timeAxis);
    expect(goneStackOf({}).timeAxis).toEqual({ lines: [], labels: [] });
  });

  test('a stack of a service that had no real servers', () => {
    const { stack, ...request } = stackRequest([]);
    const { sentence } = defineStack({ ...request, stack: { ...stack, of: 'real servers' } });
    expect(sentence).toBe('No real servers: none in these 24 h.');
  });

  test('a picture without an axis if the service is long gone', () => {
    expect(ofGraph(isEmptyGraph).timeAxis).toEqual({ lines: [], labels: [] });
    expect(ofGraph({ average: seriesOf(unknown) }).timeAxis.labels.length).toBeGreaterThan(3);
  });
});
