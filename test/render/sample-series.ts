// Series and requests for the tests of pictures: every column is a function of the row.

import { ipvsDataSources } from '../../src/model/archive.js';
import type { Series } from '../../src/model/series.js';
import {
  type GraphRequest,
  periods,
  pictureSizePx,
  type Span,
  type StackMember,
  type StackType,
} from '../../src/render/define/graph-request.js';
import type { StackRequest } from '../../src/render/define/stack/stack-request.js';
import { type Stack, stackOf } from '../../src/render/series/stack-parts.js';
import { emptySums, type StackSums, withMember } from '../../src/render/series/stack-sums.js';

/** 2026-11-21 05:35:00 UTC, a multiple of five minutes. */
export const endS = 1_795_239_300;
export const daySpan = { startS: endS - periods.day.spanS, endS, label: '24 h' };

const dataSources = ipvsDataSources.map(({ name }) => name);

/** A day of five-minute rows with the values of `valueAt`. */
export function seriesOf(valueAt: (dataSource: string, row: number) => number, over: Partial<Series> = {}): Series {
  const stepS = over.stepS ?? 300;
  const seriesEndS = over.endS ?? endS;
  const startS = over.startS ?? seriesEndS - periods.day.spanS;
  const rows = (seriesEndS - startS) / stepS;
  const columns = (over.dataSources ?? dataSources).map((name) =>
    Float64Array.from({ length: rows }, (_, row) => valueAt(name, row)),
  );
  return {
    name: '192.0.2.1_80',
    cf: 'AVERAGE',
    stepS,
    pdpS: 300,
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

/** A number of services, the first the largest. */
export function stackMembers(services: number): readonly StackMember[] {
  return Array.from({ length: services }, (_, index) => ({
    name: `192.0.2.${index + 1}_80`,
    hostNames: [],
    series: seriesOf(() => services - index),
    firstS: 0,
    goneS: null,
  }));
}

/** The parts of a stack. */
export interface StackIngredients {
  readonly type: StackType;
  readonly span: Span;
  readonly members: readonly StackMember[];
}

/** The stack of some services. */
export function stackOfMembers({ type, span, members }: StackIngredients): Stack {
  const begun: readonly StackSums[] = [emptySums(type, { span, rowS: 300, pdpS: 300 })];
  const [sums] = members.reduce((stacks, member) => withMember(stacks, member, span), begun);
  return stackOf(sums ?? emptySums(type, { span, rowS: 300, pdpS: 300 }));
}

/** A request for a stack of services; of new connections by default. */
export function stackRequest(
  members: readonly StackMember[],
  { type = 'cps', ...over }: Partial<StackRequest> & { readonly type?: StackType } = {},
): StackRequest {
  const { max: _max, average: _average, type: _type, ...shared } = graphRequest(over);
  const stack = stackOfMembers({ type, span: shared.span, members });
  return { ...shared, type, subject: { name: 'all', hostNames: [] }, stack };
}
