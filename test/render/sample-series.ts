// Series and requests for the tests of pictures: every column from one function of the row.

import { ipvsDataSources } from '../../src/model/archive.js';
import type { Series } from '../../src/model/series.js';
import type { Graph } from '../../src/render/configuration.js';
import { defineStack } from '../../src/render/define-stack.js';
import { type GraphRequest, periods, pictureSizePx, type StackRequest } from '../../src/render/graph-request.js';
import { type StackIngredients, stackOf } from '../../src/render/stack-parts.js';

/** 2026-11-21 05:35:00 UTC, a boundary of five minutes. */
export const endS = 1_795_239_300;
export const daySpan = { startS: endS - periods.day.spanS, endS, label: '24 h' };

const dataSources = ipvsDataSources.map(({ name }) => name);

/** A day of five-minute rows; `valueAt` gives data source and row their value. */
export function seriesOf(valueAt: (dataSource: string, row: number) => number, over: Partial<Series> = {}): Series {
  const stepS = over.stepS ?? 300;
  const seriesEndS = over.endS ?? endS;
  const startS = over.startS ?? seriesEndS - periods.day.spanS;
  const rows = (seriesEndS - startS) / stepS;
  const columns = dataSources.map((name) => Float64Array.from({ length: rows }, (_, row) => valueAt(name, row)));
  return {
    name: '192.0.2.1_80',
    cf: 'AVERAGE',
    stepS,
    startS,
    endS: seriesEndS,
    lastS: seriesEndS,
    dataSources,
    columns,
    ...over,
  };
}

/** Traffic of 192.0.2.1:80 over a day in Tokyo. */
export function graphRequest(over: Partial<GraphRequest> = {}): GraphRequest {
  return {
    type: 'traffic',
    subject: { name: '192.0.2.1_80', hostNames: ['www.example.com'] },
    average: seriesOf((name, row) => (name === 'OutBytes' ? 7000 : 1000) + row),
    max: null,
    span: daySpan,
    timeZone: 'Asia/Tokyo',
    theme: 'light',
    sizePx: pictureSizePx,
    pixelRatio: 1,
    tile: false,
    note: null,
    ...over,
  };
}

/** What a stack is asked for with, and the services that it is made of. */
export type StackSample = Omit<StackRequest, 'stack'> & Pick<StackIngredients, 'members'>;

/** The stack of a sample. */
export function stackSample({ members, ...request }: StackSample): Graph {
  return defineStack({ ...request, stack: stackOf({ ...request, members }) });
}

/** New connections of so many services, the first the largest. */
export function stackRequest(services: number, over: Partial<StackSample> = {}): StackSample {
  const members = Array.from({ length: services }, (_, index) => ({
    name: `192.0.2.${index + 1}_80`,
    hostNames: [],
    series: seriesOf(() => services - index),
    firstS: 0,
    goneS: null,
  }));
  const { max: _max, average: _average, ...shared } = graphRequest();
  return { ...shared, type: 'cps', subject: { name: 'all', hostNames: [] }, members, ...over };
}
