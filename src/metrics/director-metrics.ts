// Series of the director as a whole: the kernel's totals and processors, the state of collecting, findings and events.

import { type Finding, findingId, findingKinds } from '../model/finding/finding.js';
import type { Verdict } from '../model/finding/verdict.js';
import type { EventKind } from '../model/ledger-event.js';
import type { Counters, KernelReading } from '../model/snapshot.js';
import { type DownFacts, downFamilies } from './down-metrics.js';
import { type Family, gauge, labels, type Sample } from './exposition.js';
import { counterMetrics } from './table/exported-table.js';

/** The facts behind the series of the director. */
export interface DirectorFacts {
  /** The kernel's other counters, read on request; null where this machine has none. */
  readonly kernel: Pick<KernelReading, 'totals' | 'processors'> | null;
  /** Time of the newest reading, epoch seconds; null before the first. */
  readonly lastS: number | null;
  /** Virtual servers in the table; null before the first reading. */
  readonly services: number | null;
  /** Whether the newest cycle failed, or the table could not be read on request. */
  readonly isFailing: boolean;
  readonly isFrozen: boolean;
  readonly verdict: Verdict;
  readonly down: DownFacts;
  /** Time of the newest event of each kind, epoch seconds. */
  readonly lastEvents: ReadonlyMap<EventKind, number>;
}

/** The families of the director. */
export function directorFamilies(facts: DirectorFacts): readonly Family[] {
  const { kernel, verdict, down } = facts;
  return [...kernelFamilies(kernel), ...stateFamilies(facts), ...findingFamilies(verdict, down), ...downFamilies(down)];
}

const counterFields = [
  'conns',
  'inPkts',
  'outPkts',
  'inBytes',
  'outBytes',
] as const satisfies readonly (keyof Counters)[];

function kernelFamilies(kernel: DirectorFacts['kernel']): readonly Family[] {
  if (kernel === null) return [];
  const { totals, processors } = kernel;
  return [
    ...counterMetrics.map(
      ([name, help, remark], n): Family => ({
        name: `lvs_director_${name}`,
        type: 'counter',
        help: `${help}, of all virtual servers, also removed ones.${remark}`,
        samples: totals === null ? [] : [['', totals[counterFields[n] ?? 'conns']]],
      }),
    ),
    ...counterMetrics.map(
      ([name, help, remark], n): Family => ({
        name: `lvs_cpu_${name}`,
        type: 'counter',
        help: `${help}, handled by a processor.${remark}`,
        samples: [...processors].map(([cpu, counters]) => [
          labels({ cpu: String(cpu) }),
          counters[counterFields[n] ?? 'conns'],
        ]),
      }),
    ),
  ];
}

function stateFamilies({ lastS, services, isFailing, isFrozen, lastEvents }: DirectorFacts): readonly Family[] {
  return [
    gauge(
      'lvs_reading_timestamp_seconds',
      'Time of the newest reading that is stored.',
      lastS === null ? [] : [['', lastS]],
    ),
    gauge('lvs_virtual_servers', 'Virtual servers in the table.', services === null ? [] : [['', services]]),
    gauge('lvs_cycle_failing', '1 if the newest cycle, or reading the table for this answer, failed.', [
      ['', Number(isFailing)],
    ]),
    gauge('lvs_counters_frozen', '1 if the kernel no longer refreshes its counters.', [['', Number(isFrozen)]]),
    gauge(
      'lvs_event_last_timestamp_seconds',
      'Time of the newest event of a kind.',
      [...lastEvents].map(([kind, timeS]) => [labels({ kind }), timeS]),
    ),
  ];
}

/** Most findings with a series of their own; the counts have all. */
const maxFindings = 100;

function findingFamilies({ findings, silenced }: Verdict, { explained }: DownFacts): readonly Family[] {
  const isExplained = (finding: Finding): boolean => explained.has(findingId(finding));
  const alone = findings.filter((finding) => !isExplained(finding));
  const all = [
    ...alone.map((finding) => sampleOf(finding, { isSilenced: false, isExplained: false })),
    ...findings.filter(isExplained).map((finding) => sampleOf(finding, { isSilenced: false, isExplained: true })),
    ...silenced.map(({ finding }) => sampleOf(finding, { isSilenced: true, isExplained: false })),
  ];
  const counts = new Map<string, number>(findingKinds.map((kind) => [kind, 0]));
  for (const { kind } of findings) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [
    {
      name: 'lvs_finding',
      type: 'gauge',
      help:
        `Open findings, ${maxFindings} at most: first those that no real server that is down explains, worst first; ` +
        'silenced ones last.',
      samples: all.slice(0, maxFindings),
    },
    {
      name: 'lvs_findings',
      type: 'gauge',
      help: 'Number of open findings of a kind, without silenced ones.',
      samples: [...counts].map(([kind, count]) => [labels({ kind }), count]),
    },
  ];
}

function sampleOf(
  { kind, subject, severity }: Finding,
  { isSilenced, isExplained }: { readonly isSilenced: boolean; readonly isExplained: boolean },
): Sample {
  return [labels({ kind, subject, severity, silenced: String(isSilenced), explained: String(isExplained) }), 1];
}
