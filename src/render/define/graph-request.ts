// The request for a picture: which graph, of what, over which span, how large, in which theme. Everything that shapes a picture
// comes in here; the definition of a graph reads no clock, file or locale.

import type { ImportedPart } from '../../model/imported-part.js';
import type { Series } from '../../model/series.js';
import type { OutboundStretch } from '../../model/service/outbound-stretch.js';
import type { SpanPercentiles } from '../series/fine-percentiles.js';
import type { Comparison } from './comparison.js';
import type { GraphCapacities } from './limit/limit-line.js';

/** The graphs of a virtual or real server, in display order. */
export const graphTypes = [
  'cps',
  'traffic',
  'pps',
  'packetsize',
  'bitperconn',
  'pktperconn',
  'active',
  'inactive',
  'concurrent',
  'lifetime',
] as const;

/** The graph of the connection table. */
export const tableTypes = ['table'] as const;

/** The graphs of a proxy or a server of HAProxy, in display order; `graphTypesOf` selects those of one archive. */
export const haproxyTypes = ['sps', 'traffic', 'sessions', 'queue', 'responses', 'errors'] as const;

/** The graph of a probe. */
export const probeTypes = ['value'] as const;

/** The graphs of a link, and of an agent, in display order. */
export const linkTypes = ['rtt', 'loss'] as const;
export const agentTypes = ['links', ...linkTypes] as const;

/** One of these graphs; its name ends the file name of a picture. */
export type GraphType =
  | (typeof graphTypes)[number]
  | (typeof haproxyTypes)[number]
  | (typeof tableTypes)[number]
  | (typeof probeTypes)[number]
  | (typeof agentTypes)[number];

/** The graph types in lists of services, proxies and probes, each once. */
export const listedTypes: readonly GraphType[] = [
  ...new Set<GraphType>([...graphTypes, ...haproxyTypes, ...probeTypes]),
];

/** The graph types that show counters: the kernel's for the director as a whole, and for each processor. */
export const counterTypes: readonly GraphType[] = ['cps', 'traffic', 'pps', 'packetsize', 'bitperconn', 'pktperconn'];

/** The graphs of the director, with every service stacked. */
export const stackTypes = ['cps', 'traffic', 'pps', 'active', 'inactive'] as const;

/** One of the five stacks. */
export type StackType = (typeof stackTypes)[number];

/** The graphs of a service's real servers, stacked, with the stack that each corresponds to. */
export const shareStacks = { rs_cps: 'cps', rs_traffic: 'traffic', rs_active: 'active' } as const satisfies Readonly<
  Record<string, StackType>
>;

/** One of the stacks of real servers. */
export type ShareType = keyof typeof shareStacks;

/** Is it the name of a stack of real servers? */
export function isShareType(type: string): type is ShareType {
  return Object.hasOwn(shareStacks, type);
}

/** Their names, in display order. */
export const shareTypes = Object.keys(shareStacks) as readonly ShareType[];

/** The heat maps of the director's processors, with the stack of the same quantity. */
export const processorStacks = { cpu_cps: 'cps', cpu_traffic: 'traffic', cpu_pps: 'pps' } as const satisfies Readonly<
  Record<string, StackType>
>;

/** One of the heat maps. */
export type ProcessorType = keyof typeof processorStacks;

/** Is it the name of a heat map? */
export function isProcessorType(type: string): type is ProcessorType {
  return Object.hasOwn(processorStacks, type);
}

/** Their names, in display order. */
export const processorTypes = Object.keys(processorStacks) as readonly ProcessorType[];

/** Any picture of several archives together. */
export type TogetherType = StackType | ShareType | ProcessorType;

/** The director's stack of the same quantity. */
export function stackTypeOf(type: TogetherType): StackType {
  return isShareType(type) ? shareStacks[type] : isProcessorType(type) ? processorStacks[type] : type;
}

/** The four periods that every graph exists for. */
export type Period = 'day' | 'week' | 'month' | 'year';

/** The span of a period, the length of its rows, and its name on pictures. */
export const periods: Readonly<
  Record<Period, { readonly spanS: number; readonly stepS: number; readonly label: string }>
> = {
  day: { spanS: 86_400, stepS: 300, label: '24 h' },
  week: { spanS: 7 * 86_400, stepS: 1800, label: '7 d' },
  month: { spanS: 31 * 86_400, stepS: 7200, label: '31 d' },
  year: { spanS: 365 * 86_400, stepS: 86_400, label: '1 y' },
};

/** Colours for a light or a dark page. */
export type Theme = 'light' | 'dark';

/** Width and height in CSS pixels; one of them is `pixelRatio` device pixels. */
export interface SizePx {
  readonly width: number;
  readonly height: number;
}

/** The size of a picture, and of a tile with its legend in one line. */
export const pictureSizePx: SizePx = { width: 760, height: 300 };
export const tileSizePx: SizePx = { width: 380, height: 190 };

/** The size of a picture, and whether it has a tile's one-line legend. */
export interface Shape {
  readonly sizePx: SizePx;
  readonly tile: boolean;
}

/** The named shapes. */
export const shapes = {
  card: { sizePx: pictureSizePx, tile: false },
  tile: { sizePx: tileSizePx, tile: true },
} as const satisfies Readonly<Record<string, Shape>>;

/** The time axis, epoch seconds, and its name in the heading ("24 h"). */
export interface Span {
  readonly startS: number;
  readonly endS: number;
  readonly label: string;
}

/** Archive name (`192.0.2.1_80`, `192.0.2.1_80/10.0.0.5_8080`, `all`) and the host names of its address. */
export interface Subject {
  readonly name: string;
  readonly hostNames: readonly string[];
  /** Time since which it has been gone; null, or missing, while it is there. */
  readonly goneS?: number | null;
}

/** Why readings are missing, for the hatch: "ipvsadm: not permitted". */
export interface UnknownReason {
  readonly startS: number;
  readonly endS: number;
  readonly text: string;
}

/** The subject of a mark; each has its own shape. */
export type MarkKind = 'failed' | 'reset' | 'moved' | 'changed';

/** An event to be marked on the time axis; `count` events in one place, with texts for the first of them. */
export interface EventMark {
  readonly timeS: number;
  readonly kind: MarkKind;
  readonly texts: readonly string[];
  readonly count: number;
}

/** The request for any picture. */
export interface PictureRequest extends Shape {
  readonly span: Span;
  /** IANA name, such as Asia/Tokyo. */
  readonly timeZone: string;
  readonly theme: Theme;
  /** Device pixels per CSS pixel: 1 or 2 for a file, any value for a screen. */
  readonly pixelRatio: number;
  /** Only the plot with its axes; the page around it shows heading, legend and footer. */
  readonly bare?: boolean;
  /** Labels of quantities, or names of parts, that are not drawn; axis and sums ignore them. */
  readonly hidden?: ReadonlySet<string>;
  /** A word that must be seen, such as "demonstration". */
  readonly note: string | null;
  /** The capacities of the subject, for the graphs in which they have a place. */
  readonly capacities?: GraphCapacities;
  readonly reasons?: readonly UnknownReason[];
  /** Oldest first. */
  readonly marks?: readonly EventMark[];
}

/** One graph of one archive. `max`: the MAX of the same rows as `average`, if they differ: rows of several steps, and imported ones. */
export interface GraphRequest extends PictureRequest {
  readonly type: GraphType;
  readonly subject: Subject;
  readonly average: Series;
  readonly max: Series | null;
  /** The outbound traffic that the director saw; without it, the counters decide. */
  readonly outbounds?: readonly OutboundStretch[];
  /** The 95th percentiles of the span, if its rows are longer than single steps. */
  readonly p95?: SpanPercentiles;
  /** The imported part of the archive; missing if nothing was imported. */
  readonly imported?: ImportedPart;
  /** An earlier span behind the lines; stacks have none. */
  readonly comparison?: Comparison;
}

/** One service of a stack. It contributes nothing before `firstS`, after `goneS`, or during an absence. */
export interface StackMember extends Subject {
  readonly series: Series;
  readonly firstS: number;
  readonly goneS: number | null;
  /** Stretches in which it was gone, including the readings around them. */
  readonly absences?: readonly { readonly startS: number; readonly endS: number }[];
}
