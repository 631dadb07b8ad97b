// The description of an archive as series: one that says what it is, and some numbers. They are sent when something changes, and at least once a
// day, so that the samples of a day have the whole description.
//   lvs_archive_info{archive="192.0.2.1_80",director="lb1",flags="",kind="service",retention="5m:100d,…",scheduler="wlc"}  1
//   lvs_archive_first_timestamp_seconds{archive,director}   the first reading
//   lvs_archive_last_timestamp_seconds{archive,director}    the newest reading; the time of the sample unless the archive lags behind
//   lvs_archive_gone_timestamp_seconds{archive,director}    since when it is missing; 0 while it is there
//   lvs_archive_events{archive,director}                    events of its ledger so far
//   lvs_archive_weight{archive,director}                    of real servers

import { type About, type ArchiveInfo, withHeartbeat } from '../../model/archive.js';
import { dataSourcesFor, kindOfName } from '../../model/kinds/registry.js';
import { formatRetention, parseRetention } from '../../model/retention.js';
import { type Sample, sampleOf } from './sample.js';

/** The metrics. */
export const descriptionMetrics = {
  info: 'lvs_archive_info',
  first: 'lvs_archive_first_timestamp_seconds',
  last: 'lvs_archive_last_timestamp_seconds',
  gone: 'lvs_archive_gone_timestamp_seconds',
  events: 'lvs_archive_events',
  weight: 'lvs_archive_weight',
} as const;

/** The samples about an archive at the time of a reading. */
export function describeArchive(info: ArchiveInfo, director: string, timeS: number): readonly Sample[] {
  const { name: archive, about, retention, firstS, lastS, goneS, events } = info;
  const { weight, ...texts } = about as typeof about & { readonly weight?: number | null };
  const own = Object.fromEntries(Object.entries(texts).map(([key, value]) => [labelOf(key), String(value)]));
  const number = (metric: keyof typeof descriptionMetrics, value: number): Sample =>
    sampleOf(descriptionMetrics[metric], { archive, director }, { timeS, value });
  const labels = { ...own, archive, director, retention: formatRetention(retention) };
  return [
    sampleOf(descriptionMetrics.info, labels, { timeS, value: 1 }),
    number('first', firstS),
    number('last', lastS),
    number('gone', goneS ?? 0),
    number('events', events),
    ...(weight === undefined || weight === null ? [] : [number('weight', weight)]),
  ];
}

/** The newest samples about an archive. */
export interface ArchiveSamples {
  /** The labels of the series that says what it is. */
  readonly labels: Readonly<Record<string, unknown>>;
  readonly firstS: number;
  readonly lastS: number;
  /** The time of the sample that holds `lastS`. */
  readonly describedS: number;
  readonly goneS: number;
  readonly events: number;
  readonly weight: number | null;
}

/**
 * The archive that the samples describe, whose director has readings up to a time; null if its kind is unknown, as that of a newer version may be. Throws a
 * `UserError` if its retention is none.
 */
export function archiveOfSamples(found: ArchiveSamples, newestS: number): ArchiveInfo | null {
  const { labels, firstS, lastS, describedS, goneS, events, weight } = found;
  const name = String(labels['archive']);
  const about = aboutOf(name, labels, weight);
  if (about === null) return null;
  const retention = parseRetention(String(labels['retention']));
  return {
    name,
    about,
    dataSources: withHeartbeat(dataSourcesFor(about.kind), retention),
    retention,
    firstS,
    lastS: lastS < describedS ? lastS : newestS,
    goneS: goneS === 0 ? null : goneS,
    events,
  };
}

/** The description: the kind's own for the name, with the texts of the labels. */
function aboutOf(name: string, labels: ArchiveSamples['labels'], weight: number | null): About | null {
  const kind = kindOfName(name);
  const parts = kind?.parse(name) ?? null;
  if (kind === undefined || parts === null || kind.kind !== labels['kind']) return null;
  const texts = Object.entries(kind.aboutOf(parts)).map(([key, value]) => {
    if (key === 'kind') return [key, value];
    if (key === 'weight') return [key, weight];
    const label = labels[labelOf(key)] ?? '';
    return [key, typeof value === 'boolean' ? label === 'true' : String(label)];
  });
  return Object.fromEntries(texts) as About;
}

/** A field as a label: `isSum`, `is_sum`. */
function labelOf(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
