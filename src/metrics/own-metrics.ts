// Series of lvs-stats itself, so that the watcher is watched too.

import { type Family, labels, type Sample } from './exposition.js';

/** A source in the newest cycle. */
export interface SourceState {
  readonly source: string;
  readonly isOk: boolean;
  /** Seconds that reading it took; null if another process read it. */
  readonly tookS: number | null;
}

/** The facts behind the series of the program. */
export interface OwnFacts {
  readonly version: string;
  readonly sources: readonly SourceState[];
  /** Seconds of the newest cycle of this process; null if there was none. */
  readonly cycleS: number | null;
  readonly databaseBytes: number;
  /** Pictures that this process has drawn; null in a command that draws none. */
  readonly pictures: number | null;
  /** Requests answered, by status code; null in a command that answers none. */
  readonly requests: ReadonlyMap<number, number> | null;
  readonly cpuS: number;
  readonly residentBytes: number;
}

/** The families of the program. */
export function ownFamilies(facts: OwnFacts): readonly Family[] {
  const { version, databaseBytes } = facts;
  return [
    { name: 'lvs_stats_build', type: 'info', help: 'The version of lvs-stats.', samples: [[labels({ version }), 1]] },
    ...cycleFamilies(facts),
    gauge('lvs_stats_database_bytes', 'Size of the database on the disk.', [['', databaseBytes]]),
    ...processFamilies(facts),
  ];
}

function cycleFamilies({ sources, cycleS }: OwnFacts): readonly Family[] {
  return [
    gauge(
      'lvs_stats_source_success',
      '1 if the newest cycle could read a source.',
      sources.map(({ source, isOk }) => [labels({ source }), Number(isOk)]),
    ),
    gauge(
      'lvs_stats_source_duration_seconds',
      'Time that reading a source took in the newest cycle of this process.',
      sources.flatMap(({ source, tookS }) => (tookS === null ? [] : [[labels({ source }), tookS] as const])),
    ),
    gauge(
      'lvs_stats_cycle_duration_seconds',
      'Time of the newest cycle of this process.',
      cycleS === null ? [] : [['', cycleS]],
    ),
  ];
}

/** Of a server; a command has no such process to watch. */
function processFamilies({ pictures, requests, cpuS, residentBytes }: OwnFacts): readonly Family[] {
  if (pictures === null || requests === null) return [];
  return [
    counter('lvs_stats_pictures_drawn', 'Pictures that this process has drawn.', [['', pictures]]),
    counter(
      'lvs_stats_http_requests',
      'Requests that this process has answered.',
      [...requests].map(([code, count]) => [labels({ code: String(code) }), count]),
    ),
    counter('process_cpu_seconds', 'Processor time of this process.', [['', cpuS]]),
    gauge('process_resident_memory_bytes', 'Resident memory of this process.', [['', residentBytes]]),
  ];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: 'gauge', help, samples };
}

function counter(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: 'counter', help, samples };
}
