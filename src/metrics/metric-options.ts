// Which series of the table are exported: how deep, and of which virtual servers.

import { nameMatcher } from '../model/names/match-name.js';
import { serviceNameAt, type TableColumns } from '../model/table/table-columns.js';

/** How deep: each level has the series of those before it. */
export const levels = ['director', 'virtual-server', 'real-server', 'real-server-counters'] as const;

/** The name of a level. */
export type Level = (typeof levels)[number];

/** The choice of series. */
export interface MetricOptions {
  readonly level: Level;
  /** Sums over the virtual servers of an address, instead of single ones. */
  readonly isSumByVip: boolean;
  /** A pattern of virtual servers, as in `--match`; null for all. */
  readonly match: string | null;
}

/** The standard choice. */
export const standardMetricOptions: MetricOptions = { level: 'real-server', isSumByVip: false, match: null };

/** Whether a level is exported. */
export function includes({ level }: Pick<MetricOptions, 'level'>, wanted: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf(wanted);
}

/** The virtual servers that are exported, by their place in the table. */
export function chosenServices(columns: TableColumns, { match }: Pick<MetricOptions, 'match'>): readonly number[] {
  const all = Array.from({ length: columns.starts.length - 1 }, (_, service) => service);
  if (match === null) return all;
  const matches = nameMatcher(match);
  return all.filter((service) => matches(serviceNameAt(columns, service), []));
}
