// The definition of each graph: its data sources, its unit, how it is drawn and summed up.
// A ratio is the AVERAGE of one data source over the AVERAGE of another.

import { directionOf } from '../../model/kinds/registry.js';
import type { GraphType } from '../define/graph-request.js';
import type { InkName } from '../look/theme.js';

/** One line of a graph: `scale` times a data source, divided by another for a ratio. */
export interface Quantity {
  readonly label: string;
  readonly ink: InkName;
  readonly form: 'area' | 'line';
  readonly dataSource: string;
  readonly per?: string;
  /** Not every archive with this graph has the data source; without it, the line is left out. */
  readonly isOptional?: true;
  readonly scale: number;
  /** It is drawn only in rows in which a data source, which every archive with this graph has, is within a range. */
  readonly where?: { readonly dataSource: string; readonly above: number; readonly upTo: number };
}

/** One graph. `stacked`: its quantities are stacked, and their sum is shown too. */
export interface GraphKind {
  readonly title: string;
  readonly unit: string;
  readonly quantities: readonly Quantity[];
  readonly stacked: boolean;
  /** The unit of the sum over time of the drawn values times `scale`; null if a sum has no meaning. */
  readonly total: { readonly unit: string; readonly scale: number } | null;
  readonly p95: boolean;
  /** A gauge, read once per step: not a mean over it. */
  readonly sampled: boolean;
  /** The quantity read once per step, unless it is connections. */
  readonly sampledOf?: string;
}

const inArea = { label: 'in', ink: 'in', form: 'area' } as const;
const outLine = { label: 'out', ink: 'out', form: 'line' } as const;
const rate = { stacked: false, p95: true, sampled: false } as const;
const ratio = { stacked: false, total: null, p95: false, sampled: false } as const;
const gauge = { stacked: false, total: null, p95: true, sampled: true } as const;
const errorLine = { form: 'line', scale: 1, isOptional: true } as const;
const roundTrip = { form: 'area', dataSource: 'RTT', scale: 1 } as const;
const active = { label: 'active', ink: 'active', form: 'area', dataSource: 'ActiveConn', scale: 1 } as const;
const inactive = { label: 'inactive', ink: 'inactive', form: 'area', dataSource: 'InActConn', scale: 1 } as const;

/** The definition of each graph type. */
export const graphKinds: Readonly<Record<GraphType, GraphKind>> = {
  cps: {
    ...rate,
    title: 'New connections',
    unit: 'conn/s',
    total: { unit: '', scale: 1 },
    quantities: [{ label: 'new', ink: 'in', form: 'area', dataSource: 'Conns', scale: 1 }],
  },
  traffic: {
    ...rate,
    title: 'Traffic',
    unit: 'bit/s',
    total: { unit: 'B', scale: 1 / 8 },
    quantities: [
      { ...inArea, dataSource: 'InBytes', scale: 8 },
      { ...outLine, dataSource: 'OutBytes', scale: 8 },
    ],
  },
  pps: {
    ...rate,
    title: 'Packets',
    unit: 'packet/s',
    total: { unit: '', scale: 1 },
    quantities: [
      { ...inArea, dataSource: 'InPkts', scale: 1 },
      { ...outLine, dataSource: 'OutPkts', scale: 1 },
    ],
  },
  packetsize: {
    ...ratio,
    title: 'Average packet size',
    unit: 'byte',
    quantities: [
      { ...inArea, dataSource: 'InBytes', per: 'InPkts', scale: 1 },
      { ...outLine, dataSource: 'OutBytes', per: 'OutPkts', scale: 1 },
    ],
  },
  bitperconn: {
    ...ratio,
    title: 'Traffic per connection',
    unit: 'bit/conn',
    quantities: [
      { ...inArea, dataSource: 'InBytes', per: 'Conns', scale: 8 },
      { ...outLine, dataSource: 'OutBytes', per: 'Conns', scale: 8 },
    ],
  },
  pktperconn: {
    ...ratio,
    title: 'Packets per connection',
    unit: 'packet/conn',
    quantities: [
      { ...inArea, dataSource: 'InPkts', per: 'Conns', scale: 1 },
      { ...outLine, dataSource: 'OutPkts', per: 'Conns', scale: 1 },
    ],
  },
  active: { ...gauge, title: 'Active connections', unit: 'conn', quantities: [active] },
  inactive: { ...gauge, title: 'Inactive connections', unit: 'conn', quantities: [inactive] },
  concurrent: {
    ...gauge,
    title: 'Concurrent connections',
    unit: 'conn',
    stacked: true,
    quantities: [active, inactive],
  },
  // A bucket is a list of the hash table: more connections than buckets slow down lookups.
  table: {
    ...gauge,
    title: 'Connections and buckets',
    unit: 'number',
    quantities: [
      { label: 'connections', ink: 'active', form: 'area', dataSource: 'Entries', scale: 1 },
      { label: 'buckets', ink: 'inactive', form: 'line', dataSource: 'Size', scale: 1 },
    ],
  },
  // The number of open connections equals those that arrive in the lifetime of one (J. D. C. Little, "A Proof for the Queuing
  // Formula L = λW", 1961).
  lifetime: {
    ...ratio,
    title: 'Connection duration (estimated)',
    unit: 's',
    sampled: true,
    quantities: [{ ...active, label: 'duration', per: 'Conns' }],
  },
  value: {
    ...gauge,
    title: 'Value',
    unit: 'number',
    sampledOf: 'value',
    quantities: [{ label: 'value', ink: 'active', form: 'line', dataSource: 'Value', scale: 1 }],
  },
  // As SmokePing draws it: the round-trip time in the colour of the loss.
  rtt: {
    ...ratio,
    title: 'Round-trip time',
    unit: 'ms',
    quantities: [
      { ...roundTrip, label: 'to 1 % lost', ink: 'active', where: { dataSource: 'Loss', above: -1, upTo: 1 } },
      { ...roundTrip, label: 'to 20 % lost', ink: 'out', where: { dataSource: 'Loss', above: 1, upTo: 20 } },
      { ...roundTrip, label: 'more lost', ink: 'failed', where: { dataSource: 'Loss', above: 20, upTo: 100 } },
      { label: 'longest', ink: 'inactive', form: 'line', dataSource: 'RTTMax', scale: 1, isOptional: true },
    ],
  },
  loss: {
    ...ratio,
    title: 'Lost probes',
    unit: '%',
    quantities: [{ label: 'lost', ink: 'failed', form: 'area', dataSource: 'Loss', scale: 1 }],
  },
  links: {
    ...gauge,
    title: 'Links',
    unit: 'link',
    p95: false,
    sampledOf: 'links',
    quantities: [
      { label: 'watched', ink: 'active', form: 'area', dataSource: 'Links', scale: 1 },
      { label: 'lost', ink: 'failed', form: 'area', dataSource: 'Lost', scale: 1 },
    ],
  },
  sps: {
    ...rate,
    title: 'New sessions',
    unit: 'session/s',
    total: { unit: '', scale: 1 },
    quantities: [{ label: 'new', ink: 'in', form: 'area', dataSource: 'Sessions', scale: 1 }],
  },
  sessions: {
    ...gauge,
    title: 'Current sessions',
    unit: 'session',
    sampledOf: 'sessions',
    quantities: [{ label: 'current', ink: 'active', form: 'area', dataSource: 'CurSessions', scale: 1 }],
  },
  queue: {
    ...gauge,
    title: 'Queued requests',
    unit: 'request',
    sampledOf: 'queue',
    quantities: [{ label: 'queued', ink: 'inactive', form: 'area', dataSource: 'Queue', scale: 1 }],
  },
  responses: {
    ...rate,
    title: 'Responses',
    unit: 'response/s',
    stacked: true,
    total: { unit: '', scale: 1 },
    quantities: [
      { label: '5xx', ink: 'failed', form: 'area', dataSource: 'Hrsp5xx', scale: 1 },
      { label: '4xx', ink: 'out', form: 'area', dataSource: 'Hrsp4xx', scale: 1 },
      { label: '3xx', ink: 'in', form: 'area', dataSource: 'Hrsp3xx', scale: 1 },
      { label: '2xx', ink: 'active', form: 'area', dataSource: 'Hrsp2xx', scale: 1 },
      { label: '1xx', ink: 'inactive', form: 'area', dataSource: 'Hrsp1xx', scale: 1 },
    ],
  },
  errors: {
    ...rate,
    title: 'Errors',
    unit: 'error/s',
    total: { unit: '', scale: 1 },
    quantities: [
      { ...errorLine, label: 'request', ink: 'out', dataSource: 'ReqErrors' },
      { ...errorLine, label: 'connect', ink: 'failed', dataSource: 'ConnErrors' },
      { ...errorLine, label: 'response', ink: 'active', dataSource: 'RespErrors' },
      { ...errorLine, label: 'denied request', ink: 'in', dataSource: 'DeniedReqs' },
      { ...errorLine, label: 'denied response', ink: 'inactive', dataSource: 'DeniedResps' },
    ],
  },
};

/** Is it outbound, so that it may pass uncounted? */
export function isOutward({ dataSource }: Pick<Quantity, 'dataSource'>): boolean {
  return directionOf(dataSource) === 'out';
}

/** The lines of a graph for archives with these data sources. */
export function quantitiesOf({ quantities }: GraphKind, dataSources: readonly string[]): readonly Quantity[] {
  return quantities.filter(({ isOptional, dataSource }) => isOptional !== true || dataSources.includes(dataSource));
}
