// The shape of an archive: its data sources and its round-robin archives (RRAs), in rrdtool's terms. The kind of an archive
// (kinds/) determines its data sources and whatever else depends on its subject. Terms: rrdcreate(1). PDP = primary data point
// (one step), CDP = consolidated data point (several steps).

import type { ImportedPart } from './imported-part.js';
import { ipvsMeasures } from './kinds/ipvs.js';
import type { Measure } from './kinds/kind.js';
import type { KnownKind } from './kinds/registry.js';
import { heartbeatOf, type Retention, standardRetention } from './retention.js';

/** Consolidation function of a round-robin archive. */
export type Cf = 'AVERAGE' | 'MAX';

/** One measured quantity. DERIVE is a counter kept as its rate per second; GAUGE is kept as read. */
export interface DataSource {
  readonly name: string;
  readonly kind: 'GAUGE' | 'DERIVE';
  /** Seconds of silence after which the quantity is unknown. */
  readonly heartbeatS: number;
}

/** One round-robin archive: `rows` rows, each consolidating `pdpPerRow` steps. */
export interface Rra {
  readonly pdpPerRow: number;
  readonly rows: number;
}

/** The fraction of a consolidated row that may be unknown while the row is still known. */
export const xff = 0.5;

/** The consolidation functions; every round-robin archive is kept for each. */
export const cfs: readonly Cf[] = ['AVERAGE', 'MAX'];

/** The heartbeat of standard archives, seconds; other archives take the heartbeat of their retention (`withHeartbeat`). */
const standardHeartbeatS = heartbeatOf(standardRetention);

/** Measures as the data sources of standard archives. */
export function dataSourcesFrom(measures: readonly Measure[]): readonly DataSource[] {
  return measures.map(({ name, type }) => ({ name, kind: type, heartbeatS: standardHeartbeatS }));
}

/** The data sources of every archive made from the kernel's table, in column order. */
export const ipvsDataSources = dataSourcesFrom(ipvsMeasures);

/** Bytes of free disk below which no archive is created and nothing is drawn; existing archives keep recording. */
export const diskFloorBytes = 100 * 2 ** 20;

/** The description of an archive, as last read; its fields depend on the kind. */
export type About = ReturnType<KnownKind['aboutOf']>;

/** An archive as `list` reports it. Times are epoch seconds. */
export interface ArchiveInfo {
  readonly name: string;
  readonly about: About;
  readonly dataSources: readonly DataSource[];
  /** The rows that it keeps, like every archive of its data folder. */
  readonly retention: Retention;
  /** Times of its first and its newest reading. */
  readonly firstS: number;
  readonly lastS: number;
  /** Time since which it has been missing from the table; null while it is there. */
  readonly goneS: number | null;
  /** Events of its ledger so far, including those that were dropped for newer ones: it grows with each. */
  readonly events: number;
  /** Missing unless something was imported. */
  readonly imported?: ImportedPart;
}

/** Data sources with the heartbeat of that retention. */
export function withHeartbeat(sources: readonly DataSource[], retention: Retention): readonly DataSource[] {
  const heartbeatS = heartbeatOf(retention);
  return heartbeatS === standardHeartbeatS ? sources : sources.map((source) => ({ ...source, heartbeatS }));
}

/** Time of the newest reading of any archive; 0 if there is none. An archive that a cycle could not read lags behind it. */
export function newestReadingS(archives: Iterable<Pick<ArchiveInfo, 'lastS'>>): number {
  let newestS = 0;
  for (const { lastS } of archives) newestS = Math.max(newestS, lastS);
  return newestS;
}
