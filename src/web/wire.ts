// The format between the viewer's server and its pages: rows and stacks as JSON, in which unknown is null. Pure: the server
// encodes, the browser decodes, and both then have the input of the graphs' definitions.
//
//   GET live/graph?name=&type=&<span>   LiveGraph; with compare=1w|1d|4w and the rows from then
//   GET live/stack?type=&<span>         LiveStack; with name= of a service, its real servers (rs_cps, rs_traffic, rs_active)
//   GET live/status                     Status
//
// <span> is period=day|week|month|year, or since=&until= in epoch seconds with width= (of the plot in pixels).

import type { Cf } from '../model/archive.js';
import type { ImportedPart } from '../model/imported-part.js';
import type { Series } from '../model/series.js';
import type { OutboundStretch } from '../model/service/outbound-stretch.js';
import type { Comparison } from '../render/define/comparison.js';
import type { EventMark, GraphType, Span, StackType, Subject, UnknownReason } from '../render/define/graph-request.js';
import type { GraphCapacities } from '../render/define/limit/limit-line.js';
import type { SpanPercentiles } from '../render/series/fine-percentiles.js';
import type { Stack, StackPart } from '../render/series/stack-parts.js';
import type { StackRows } from '../render/series/stack-rows.js';

/** Values of a column; null if unknown. */
export type WireColumn = readonly (number | null)[];

/** A `Series` as JSON. */
export interface WireSeries extends Omit<Series, 'columns'> {
  readonly columns: readonly WireColumn[];
}

/** A `StackPart` as JSON. */
interface WirePart extends Omit<StackPart, 'values' | 'known' | 'sums'> {
  readonly values: readonly WireColumn[];
  readonly known: readonly number[];
  readonly sums: readonly number[];
}

/** A `Stack` as JSON; `firstS` is null if nothing was ever read. */
export interface WireStack extends Omit<Stack, 'rows' | 'parts' | 'peak'> {
  readonly rows: Omit<StackRows, 'present' | 'known' | 'firstS'> & {
    readonly firstS: number | null;
    readonly present: readonly number[];
    readonly known: readonly number[];
  };
  readonly parts: readonly WirePart[];
  readonly peak: readonly WireColumn[] | null;
}

/** The common part of all graphs: the span in whole rows, why rows are missing, and the events. */
interface Live {
  readonly span: Span;
  readonly subject: Subject;
  readonly reasons: readonly UnknownReason[];
  readonly marks: readonly EventMark[];
  readonly capacities: GraphCapacities;
}

/** A `Comparison` as JSON. */
export type WireComparison = Omit<Comparison, 'average' | 'max'> & Pick<LiveGraph, 'average' | 'max'>;

/** The rows of one graph, only of its data sources. `max` is null if means are maxima, as in rows of one step. */
export interface LiveGraph extends Live {
  readonly type: GraphType;
  readonly outbounds: readonly OutboundStretch[];
  readonly p95?: SpanPercentiles;
  readonly imported?: ImportedPart;
  readonly average: WireSeries;
  readonly max: WireSeries | null;
  readonly comparison?: WireComparison;
}

/** A stack of the director. */
export interface LiveStack extends Live {
  readonly type: StackType;
  readonly stack: WireStack;
}

/** The status of the data. */
export interface Status {
  /** Time of the newest reading; null before the first. */
  readonly lastS: number | null;
  /** The server's clock. */
  readonly nowS: number;
  /**
   * `late`: the newest reading is over ten minutes old; `failed`: the last cycle failed; `frozen`: the counters stand still;
   * `unread`: the engine with the rows cannot be read; `empty`: nothing was ever read.
   */
  readonly state: 'ok' | 'late' | 'failed' | 'frozen' | 'unread' | 'empty';
  /** Entries that the newest cycle left out. */
  readonly leftOut: number;
  /** One sentence for people: what is wrong, and how to fix it; empty if all is well. */
  readonly message: string;
}

/** A series as JSON. */
export function encodeSeries(series: Series): WireSeries {
  return { ...series, columns: series.columns.map(encodeColumn) };
}

/** Decodes a series. */
export function decodeSeries(wire: WireSeries): Series {
  return { ...wire, cf: wire.cf satisfies Cf, columns: wire.columns.map(decodeColumn) };
}

/** A stack as JSON. */
export function encodeStack(stack: Stack): WireStack {
  return { ...encodeWithoutParts(stack), parts: stack.parts.map(encodePart) };
}

/** A stack as pieces of JSON, one per part, since the parts are large. */
export function* stackPieces(stack: Stack): Generator<string> {
  yield `${JSON.stringify(encodeWithoutParts(stack)).slice(0, -1)},"parts":[`;
  for (const [i, part] of stack.parts.entries()) yield `${i > 0 ? ',' : ''}${JSON.stringify(encodePart(part))}`;
  yield ']}';
}

function encodeWithoutParts({ rows, parts, peak, ...rest }: Stack): Omit<WireStack, 'parts'> {
  const { firstS, present, known } = rows;
  return {
    ...rest,
    peak: peak?.map(encodeColumn) ?? null,
    rows: {
      ...rows,
      firstS: Number.isFinite(firstS) ? firstS : null,
      present: Array.from(present),
      known: Array.from(known),
    },
  };
}

function encodePart(part: StackPart): WirePart {
  return { ...part, values: part.values.map(encodeColumn), known: Array.from(part.known) };
}

/** Decodes a stack. */
export function decodeStack({ rows, parts, peak, ...rest }: WireStack): Stack {
  return {
    ...rest,
    peak: peak?.map(decodeColumn) ?? null,
    rows: {
      ...rows,
      firstS: rows.firstS ?? Number.POSITIVE_INFINITY,
      present: Uint32Array.from(rows.present),
      known: Uint32Array.from(rows.known),
    },
    parts: parts.map((part) => ({
      ...part,
      values: part.values.map(decodeColumn),
      known: Uint8Array.from(part.known),
    })),
  };
}

function encodeColumn(column: Float64Array): WireColumn {
  return Array.from(column, (value) => (Number.isNaN(value) ? null : value));
}

function decodeColumn(column: WireColumn): Float64Array {
  return Float64Array.from(column, (value) => value ?? Number.NaN);
}
