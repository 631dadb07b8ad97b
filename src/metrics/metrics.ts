// All series of a director, for Prometheus.

import type { KnownHaproxy } from '../model/cycle.js';
import type { LinksView } from '../model/links/view.js';
import { type DirectorFacts, directorFamilies } from './director-metrics.js';
import { exposition, type Family, type Format } from './exposition.js';
import { haproxyFamilies } from './haproxy-metrics.js';
import { linkFamilies } from './link-metrics.js';
import { includes, type MetricOptions } from './metric-options.js';
import { type OwnFacts, ownFamilies } from './own-metrics.js';
import { type ExportedProbe, probeFamilies } from './probe-metrics.js';
import type { ExportedTable } from './table/exported-table.js';
import { tableFamilies } from './table/table-metrics.js';

/** Everything that is exported. */
export interface Facts {
  /** Null if this machine has no table, or none was read yet. */
  readonly table: ExportedTable | null;
  readonly director: DirectorFacts;
  readonly haproxy: Pick<KnownHaproxy, 'entries'>;
  readonly probes: readonly ExportedProbe[];
  /** The live table of links; null if no agents report to this server. */
  readonly links: LinksView | null;
  readonly own: OwnFacts;
}

/** The text of all series in pieces. */
export function metricsText(facts: Facts, options: MetricOptions, format: Format): Generator<string> {
  return exposition(familiesOf(facts, options), format);
}

function* familiesOf(facts: Facts, options: MetricOptions): Generator<Family> {
  const { table, director, haproxy, probes, links, own } = facts;
  if (table !== null) yield* tableFamilies(table, options);
  yield* directorFamilies(director);
  if (includes(options, 'virtual-server')) yield* haproxyFamilies(haproxy);
  yield* probeFamilies(probes);
  yield* linkFamilies(links, options);
  yield* ownFamilies(own);
}
