// The rows of one graph from the server, and the definition that draws them over any span: the one they were fetched for, or
// another that the reader has zoomed or panned to while finer rows are loading.

import type { Series } from '../../src/model/series.js';
import type { Comparison } from '../../src/render/define/comparison.js';
import { defineGraph } from '../../src/render/define/define-graph.js';
import type { EventMark, GraphRequest, Span, UnknownReason } from '../../src/render/define/graph-request.js';
import { defineTogether } from '../../src/render/define/heat/define-heat.js';
import type { GraphCapacities } from '../../src/render/define/limit/limit-line.js';
import type { Picture } from '../../src/render/define/picture.js';
import { assignLooks, type MemberLooks, proposedLook } from '../../src/render/look/member-looks.js';
import { namesOf, type Stack } from '../../src/render/series/stack-parts.js';
import { stackWithin } from '../../src/render/series/stack-within.js';
import { decodeSeries, decodeStack, type LiveGraph, type LiveStack, type WireComparison } from '../../src/web/wire.js';
import type { Range } from '../page/view.js';

/** Rows of a graph: two series, or a stack. `query` is the span of the request. */
export type LiveData = {
  readonly query: string;
  /** Newer readings exist. */
  readonly isOld: boolean;
  readonly span: Span;
  readonly rows: Range & { readonly stepS: number };
} & (
  | {
      readonly kind: 'graph';
      readonly live: LiveGraph;
      readonly average: Series;
      readonly max: Series | null;
      readonly comparison: Comparison | null;
    }
  | { readonly kind: 'stack'; readonly live: LiveStack; readonly stack: Stack }
);

/** The looks of a graph, besides its rows. */
export type Looks = Pick<
  GraphRequest,
  'timeZone' | 'theme' | 'sizePx' | 'pixelRatio' | 'tile' | 'note' | 'hidden' | 'span'
> & {
  readonly isShare: boolean;
  /** More rows are loading: time beyond the present ones is not unknown. */
  readonly isLoading: boolean;
};

/** Parses the body of an answer. Throws a `TypeError` if it has no rows. */
export function parseLive(body: unknown, query: string): LiveData {
  if (isLiveGraph(body)) {
    const average = decodeSeries(body.average);
    const max = body.max === null ? null : decodeSeries(body.max);
    const { startS, endS, stepS } = average;
    return {
      kind: 'graph',
      query,
      isOld: false,
      live: body,
      span: body.span,
      average,
      max,
      comparison: body.comparison === undefined ? null : decodeComparison(body.comparison),
      rows: { startS, endS, stepS },
    };
  }
  if (isLiveStack(body)) {
    const stack = decodeStack(body.stack);
    const { startS, stepS, length } = stack.rows;
    const rows = { startS, stepS, endS: startS + length * stepS };
    return { kind: 'stack', query, isOld: false, live: body, span: body.span, stack, rows };
  }
  throw new TypeError('the server sent something other than the rows of a graph: is it another version?');
}

/**
 * The data with the looks that members have on this page so far, and those looks with the new ones: another span may bring
 * members that the server gives the colour of one already seen.
 */
export function withPageLooks(
  data: LiveData,
  kept: MemberLooks,
): { readonly data: LiveData; readonly looks: MemberLooks } {
  if (data.kind !== 'stack') return { data, looks: kept };
  const own = new Map(data.stack.parts.map(({ archive, look }) => [archive, look]));
  const order = namesOf(data.stack.parts);
  const proposed = (name: string) => own.get(name) ?? proposedLook(name);
  const looks = assignLooks({ stacks: [order], order, kept, proposed });
  const parts = data.stack.parts.map((part) => ({ ...part, look: looks.get(part.archive ?? '') ?? null }));
  return { data: { ...data, stack: { ...data.stack, parts } }, looks };
}

/** The picture of rows. */
export function pictureOfLive(data: LiveData, { isLoading, ...looks }: Looks): Picture {
  const reasons = isLoading ? [...beyond(data), ...data.live.reasons] : data.live.reasons;
  const picture = defined(data, { ...looks, reasons, marks: data.live.marks, capacities: data.live.capacities });
  // Without this, an empty plot would claim that there is no data.
  return isLoading && picture.sentence !== null ? { ...picture, sentence: 'Loading…' } : picture;
}

interface LiveAnnotations {
  readonly reasons: readonly UnknownReason[];
  readonly marks: readonly EventMark[];
  readonly capacities: GraphCapacities;
}

function defined(data: LiveData, looks: Omit<Looks, 'isLoading'> & LiveAnnotations): Picture {
  const shared = { ...looks, bare: true, subject: data.live.subject };
  if (data.kind === 'graph') {
    const { type, outbounds, p95, imported } = data.live;
    const kept = {
      ...(p95 === undefined ? {} : { p95 }),
      ...(imported === undefined ? {} : { imported }),
      ...(data.comparison === null ? {} : { comparison: data.comparison }),
    };
    return defineGraph({ ...shared, ...kept, type, outbounds, average: data.average, max: data.max });
  }
  return defineTogether({ ...shared, type: data.live.type, stack: stackWithin(data.stack, looks.span) });
}

function decodeComparison({ average, max, ...rest }: WireComparison): Comparison {
  return { ...rest, average: decodeSeries(average), max: max === null ? null : decodeSeries(max) };
}

/** The rows that cover most of a span, and of those the finest; undefined if none cover any of it. */
export function bestFor(candidates: readonly LiveData[], span: Range): LiveData | undefined {
  const shown = ({ rows }: LiveData) =>
    Math.max(0, Math.min(rows.endS, span.endS) - Math.max(rows.startS, span.startS)) / (span.endS - span.startS);
  return candidates
    .filter((data) => shown(data) > 0)
    .reduce<LiveData | undefined>((best, data) => {
      if (best === undefined) return data;
      const more = shown(data) - shown(best);
      return more > 0.01 || (more > -0.01 && data.rows.stepS < best.rows.stepS) ? data : best;
    }, undefined);
}

function beyond({ rows }: LiveData): UnknownReason[] {
  const text = 'loading…';
  const before = { startS: Number.NEGATIVE_INFINITY, endS: rows.startS, text };
  const after = { startS: rows.endS, endS: Number.POSITIVE_INFINITY, text };
  return [before, after];
}

function isLiveGraph(body: unknown): body is LiveGraph {
  return typeof body === 'object' && body !== null && 'average' in body && 'span' in body && 'subject' in body;
}

function isLiveStack(body: unknown): body is LiveStack {
  return typeof body === 'object' && body !== null && 'stack' in body && 'span' in body && 'subject' in body;
}
