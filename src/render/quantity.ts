// What each graph shows: which data sources, in which unit, drawn and summed up how.
// A ratio is the AVERAGE of one data source over the AVERAGE of another.

import type { GraphType } from './graph-request.js';
import type { InkName } from './theme.js';

/** One line of a graph: `scale` times a data source, over another where it is a ratio. */
export interface Quantity {
  readonly label: string;
  readonly ink: InkName;
  readonly form: 'area' | 'line';
  readonly dataSource: string;
  readonly per?: string;
  readonly scale: number;
}

/** One graph. `stacked`: its quantities stand on each other, and their sum is told too. */
export interface GraphKind {
  readonly title: string;
  readonly unit: string;
  readonly quantities: readonly Quantity[];
  readonly stacked: boolean;
  /** The unit of the sum over time of what is drawn times `scale`; null where a sum means nothing. */
  readonly total: { readonly unit: string; readonly scale: number } | null;
  readonly p95: boolean;
  /** A gauge, read once a step: not a mean over it. */
  readonly sampled: boolean;
}

const inArea = { label: 'in', ink: 'in', form: 'area' } as const;
const outLine = { label: 'out', ink: 'out', form: 'line' } as const;
const rate = { stacked: false, p95: true, sampled: false } as const;
const ratio = { stacked: false, total: null, p95: false, sampled: false } as const;
const gauge = { stacked: false, total: null, p95: true, sampled: true } as const;
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
    title: 'Mean packet size',
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
  // A bucket is a list of the hash table: more connections than buckets make looking one up slower.
  table: {
    ...gauge,
    title: 'Connections and buckets',
    unit: 'number',
    quantities: [
      { label: 'connections', ink: 'active', form: 'area', dataSource: 'Entries', scale: 1 },
      { label: 'buckets', ink: 'inactive', form: 'line', dataSource: 'Size', scale: 1 },
    ],
  },
  // As many connections are open as come in the time that one lasts (J. D. C. Little, "A Proof for the Queuing Formula L = λW", 1961).
  lifetime: {
    ...ratio,
    title: 'Implied connection lifetime',
    unit: 's',
    sampled: true,
    quantities: [{ ...active, label: 'lifetime', per: 'Conns' }],
  },
};
