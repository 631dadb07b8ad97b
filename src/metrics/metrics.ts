// All series of a director, for Prometheus.

import type { KnownHaproxy } from '../model/cycle.js';
import { type DirectorFacts, directorFamilies } from './director-metrics.js';
import type { ExportedTable } from './exported-table.js';
import { exposition, type Family, type Format } from './exposition.js';
import { haproxyFamilies } from './haproxy-metrics.js';
import { includes, type MetricOptions } from './metric-options.js';
import { type OwnFacts, ownFamilies } from './own-metrics.js';
import { type ExportedProbe, probeFamilies } from './probe-metrics.js';
import { tableFamilies } from './table-metrics.js';

/** Everything that is exported. */
export interface Facts {
  /** Null if this machine has no table, or none was read yet. */
  readonly table: ExportedTable | null;
  readonly director: DirectorFacts;
  readonly haproxy: Pick<KnownHaproxy, 'entries'>;
  readonly probes: readonly ExportedProbe[];
  readonly own: OwnFacts;
}

/** The text of all series in pieces. */
export function metricsText(facts: Facts, options: MetricOptions, format: Format): Generator<string> {
  return exposition(familiesOf(facts, options), format);
}

function* familiesOf({ table, director, haproxy, probes, own }: Facts, options: MetricOptions): Generator<Family> {
  if (table !== null) yield* tableFamilies(table, options);
  yield* directorFamilies(director);
  if (includes(options, 'virtual-server')) yield* haproxyFamilies(haproxy);
  yield* probeFamilies(probes);
  yield* ownFamilies(own);
}
