// Rows for pages under test: values are functions of time, so that every span has them at every step.
// 192.0.2.1:80 is unknown for an hour, seven to six hours before the end.

import { ipvsDataSources } from '../../src/model/archive.js';
import type { Series } from '../../src/model/series.js';
import { ageS, isAge } from '../../src/model/time/parse-time.js';
import type { EventMark, GraphType, Period, StackType } from '../../src/render/define/graph-request.js';
import { graphTypes, periods, stackTypes } from '../../src/render/define/graph-request.js';
import { graphKinds } from '../../src/render/series/quantity.js';
import { encodeSeries, encodeStack, type LiveGraph, type LiveStack } from '../../src/web/wire.js';
import { stackOfMembers } from '../render/sample-series.js';

/** 2026-11-21 05:35:00 UTC. */
export const fixtureEndS = 1_795_239_300;
/** The time in which 192.0.2.1:80 is unknown. */
export const gap = { startS: fixtureEndS - 7 * 3600, endS: fixtureEndS - 6 * 3600, text: 'counters reset' };

/** An event of 192.0.2.1:80. */
const mark: EventMark = {
  timeS: fixtureEndS - 3 * 3600,
  kind: 'changed',
  texts: ['weight changed 10.0.0.5:8080: 1 to 0'],
  count: 1,
};

const scales: Readonly<Record<string, number>> = {
  ActiveConn: 400,
  InActConn: 900,
  Conns: 60,
  InPkts: 9000,
  OutPkts: 7000,
  InBytes: 9e6,
  OutBytes: 1.1e6,
};

/** The name of the service with a number, from 0. */
export function fixtureName(index: number): string {
  return `192.0.${2 + Math.floor(index / 250)}.${(index % 250) + 1}_80`;
}

/** The rows of a request. */
export interface RowsRequest {
  readonly startS: number;
  readonly endS: number;
  readonly stepS: number;
  readonly label: string;
}

/** The span of a query, in whole rows of a step that suits its width; `stepS` may be forced. */
export function askedRows(query: URLSearchParams, lastS: number, forcedStepS?: number): RowsRequest {
  const period = query.get('period') as Period | null;
  const since = query.get('since') ?? '';
  const untilS = period === null && query.has('until') ? Number(query.get('until')) : lastS;
  const sinceS = period !== null ? untilS - periods[period].spanS : isAge(since) ? untilS - ageS(since) : Number(since);
  const width = Number(query.get('width') ?? 700);
  const fitting = [300, 1800, 7200, 86_400].find((step) => (untilS - sinceS) / step <= width) ?? 86_400;
  const stepS = forcedStepS ?? (period === null ? fitting : periods[period].stepS);
  const endS = Math.floor(untilS / stepS) * stepS;
  const startS = Math.floor(sinceS / stepS) * stepS;
  const iso = (timeS: number) => new Date(timeS * 1000).toISOString().slice(0, 16).replace('T', ' ');
  if (isAge(since)) return { startS, endS, stepS, label: since };
  return { startS, endS, stepS, label: period === null ? `${iso(startS)} – ${iso(endS)}` : periods[period].label };
}

/** The answer to `live/graph`. */
export function liveGraph(name: string, type: GraphType, rows: RowsRequest): LiveGraph {
  const { startS, endS, label } = rows;
  const average = seriesOf(name, rows, 1);
  const wanted = new Set(graphKinds[type].quantities.flatMap(({ dataSource, per }) => [dataSource, per]));
  const only = (series: Series): Series => ({
    ...series,
    dataSources: series.dataSources.filter((source) => wanted.has(source)),
    columns: series.columns.filter((_, index) => wanted.has(series.dataSources[index])),
  });
  const max = rows.stepS > 300 ? encodeSeries(only({ ...seriesOf(name, rows, 1.3), cf: 'MAX' })) : null;
  const hostNames = name === fixtureName(0) ? ['www.example.com'] : [];
  const reasons = name === fixtureName(0) ? [gap] : [];
  return {
    type,
    span: { startS, endS, label },
    subject: { name, hostNames },
    reasons,
    outbounds: [],
    marks: name === fixtureName(0) ? [mark] : [],
    capacities: {},
    average: encodeSeries(only(average)),
    max,
  };
}

/** The answer to `live/stack`. */
export function liveStack(type: StackType, services: number, rows: RowsRequest): LiveStack {
  const { startS, endS, label } = rows;
  const members = Array.from({ length: services }, (_, index) => ({
    name: fixtureName(index),
    hostNames: index === 0 ? ['www.example.com'] : [],
    series: seriesOf(fixtureName(index), rows, 1),
    firstS: 0,
    goneS: null,
  }));
  const stack = encodeStack(stackOfMembers({ type, span: { startS, endS, label }, members }));
  return {
    type,
    span: { startS, endS, label },
    subject: { name: 'all', hostNames: [] },
    reasons: [],
    marks: [],
    capacities: {},
    stack,
  };
}

/** Is it a type of graph or stack? */
export function isGraphType(type: string): type is GraphType {
  return (graphTypes as readonly string[]).includes(type);
}
export function isStackType(type: string): type is StackType {
  return (stackTypes as readonly string[]).includes(type);
}

function seriesOf(name: string, { startS, endS, stepS }: RowsRequest, factor: number): Series {
  const seed = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7);
  const size = 0.2 + (seed % 100) / 100;
  const length = (endS - startS) / stepS;
  const columns = ipvsDataSources.map(({ name: source }) =>
    Float64Array.from({ length }, (_, row) => {
      const timeS = startS + (row + 1) * stepS;
      if (name === fixtureName(0) && timeS > gap.startS && timeS <= gap.endS) return Number.NaN;
      const day = 1.2 + Math.sin((timeS / 86_400) * 2 * Math.PI - 2 + seed / 3000);
      const noise = 1 + 0.15 * Math.sin(timeS / 1013 + seed) + 0.1 * Math.sin(timeS / 317 + 2 * seed);
      return (scales[source] ?? 1) * size * day * noise * factor;
    }),
  );
  const dataSources = ipvsDataSources.map((source) => source.name);
  return { name, cf: 'AVERAGE', stepS, pdpS: 300, startS, endS, lastS: endS, dataSources, columns };
}
