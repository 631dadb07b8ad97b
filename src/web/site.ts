// The interface that the viewer needs, independent of the store; the wiring of the program supplies it.

import type { DownFacts } from '../metrics/down-metrics.js';
import type { LiveReader } from '../metrics/live.js';
import type { OwnFacts } from '../metrics/own-metrics.js';
import type { KnownState } from '../model/cycle.js';
import type { KnownDrift } from '../model/drift/known-drift.js';
import type { Finding, KnownFinding } from '../model/finding/finding.js';
import type { CollectingFailure, FirstSeen, Moment } from '../model/finding/moment.js';
import type { LinksToward } from '../model/links/reach.js';
import type { RunSql } from '../model/links/sql-result.js';
import type { LinksSource } from '../model/links/view.js';
import type { LeftOut } from '../model/note.js';
import type { PolicyState } from '../model/policy/policy.js';
import type { Silence } from '../model/policy/silence.js';
import type { Retention } from '../model/retention.js';
import type { Summing } from '../model/rows/sums.js';
import type { SeriesSource } from '../model/series.js';
import type { Looks } from '../render/files/content/span-set.js';
import type { DrawnSince } from '../render/files/picture-file.js';
import type { GraphToDraw } from '../render/files/picture-job.js';
import type { DrawAll } from '../render/files/standing-picture.js';
import type { ServedMap } from './map/served-map.js';

/** The state of collecting. */
export interface CollectorState {
  /** The rows that archives keep, which determine how often there is a reading. */
  readonly retention: Retention;
  /** Time of the newest cycle with readings; null before the first. */
  readonly lastS: number | null;
  /** Since when cycles have failed, and why the last one did; null while they succeed. */
  readonly failure: CollectingFailure | null;
  /** Since when the kernel's counters have been frozen, and the evidence; null or missing while they run. */
  readonly frozen?: { readonly sinceS: number; readonly reason: string } | null;
  /** Entries that the newest cycle left out; missing if there were none. */
  readonly leftOut?: LeftOut | undefined;
  /** The findings as known after the newest cycle; missing if there are none. */
  readonly findings?: readonly KnownFinding[] | undefined;
  /** Drift as known after it; missing if the table is not compared with anything. */
  readonly drift?: KnownDrift | undefined;
  /** The silences of findings beside those of the policy; missing if there are none. */
  readonly silences?: readonly Silence[];
  /** The daemons that synchronise connections with other directors, as in `KernelReading`; null or missing if unknown. */
  readonly syncDaemons?: string | null;
  /** Changes whenever readings may have been replaced by others of the same times; the viewer sets it. */
  readonly generation?: string;
}

/** The sources of metrics, beside the verdict and the events. */
export interface MetricSources {
  readonly live: LiveReader;
  /** Everything that is down after that cycle, by findings that are not silenced. */
  readonly down: (known: KnownState, findings: readonly Finding[]) => Promise<DownFacts>;
  /** Seconds that reading each source took in the newest cycle of this process. */
  readonly tookS: () => ReadonlyMap<string, number>;
  readonly own: () => Omit<OwnFacts, 'sources' | 'requests' | 'version'>;
}

/** The viewer's dependencies. */
export interface Site {
  readonly source: SeriesSource & Summing;
  /** The state after the newest cycle. */
  readonly known: () => Promise<KnownState>;
  /** The current state; it changes with every cycle. */
  readonly collecting: () => CollectorState;
  readonly nowS: () => number;
  /** The policy in force. */
  readonly policy: () => PolicyState;
  /** The looks of pictures, with the current host names. */
  readonly looks: () => Looks;
  /** The server's time zone, if that of the looks is another, which a reader chose. */
  readonly serverZone?: string;
  /** The name of the director. */
  readonly director: string;
  /** The address of the fleet's page, if the director is shown as one of several; null or missing otherwise. */
  readonly fleetHref?: string | null;
  readonly version: string;
  /** The prefix of all addresses, such as `/lvs`; empty if there is none. */
  readonly basePath: string;
  /** Folders of this package: the templates, and the files for browsers. */
  readonly viewsFolder: string;
  readonly assetsFolder: string;
  /** The folder of the standing pictures, and since when they are valid; null if there are none, as for a group. */
  readonly picturesFolder: string | null;
  readonly drawnSince: () => DrawnSince;
  /** Findings of the moment that were seen before. */
  readonly firstSeen: FirstSeen;
  /** The sources of metrics; null if the server answers none for this director. */
  readonly metrics: MetricSources | null;
  /** Runs a query of the live table of agents; null or missing where there is none. */
  readonly sql?: RunSql | null;
  /** Free bytes on the disk of the archives. */
  readonly freeBytes: () => number;
  /** The receivers of pages that fail, by name; missing where none are served. */
  readonly undelivered?: () => NonNullable<Moment['undelivered']>;
  /** The receivers of rows, by name; missing where nothing is pushed. */
  readonly pushes?: () => NonNullable<Moment['pushes']>;
  /** The findings of links; null or missing if no agents report. */
  readonly linkFindings?: (() => readonly Finding[]) | null;
  /** The live table of links, which takes longer; null or missing if no agents report. */
  readonly links?: LinksSource | null;
  /** The maps of who talks to whom; null or missing where there are none. */
  readonly map?: ServedMap | null;
  /** The links toward some targets; null or missing if no agents report. */
  readonly linksToward?: LinksToward | null;
  /** Draw in threads: into files, and into memory. */
  readonly drawFiles: DrawAll;
  readonly drawPng: (graph: GraphToDraw) => Promise<Uint8Array>;
  /** Reports an error of the program itself. */
  readonly report: (error: unknown) => void;
}
