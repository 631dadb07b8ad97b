// The open findings of a director as samples of one time, beside a count of them. All are sent whenever one opens or closes, and once a day: those of the
// newest count are open.
//   lvs_findings_open{director}                                                                        how many are open
//   lvs_finding_opened_timestamp_seconds{archives,director,finding,numbers,severity,since,subject}     when it opened; numbers as JSON

import {
  type Finding,
  type FindingNumbers,
  findingKinds,
  type KnownFinding,
  severities,
} from '../../model/finding/finding.js';
import { type Sample, sampleOf } from './sample.js';

/** The metrics. */
export const findingMetrics = { count: 'lvs_findings_open', opened: 'lvs_finding_opened_timestamp_seconds' } as const;

/** The samples about the open ones among known findings, at a time. */
export function describeFindings(known: readonly KnownFinding[], director: string, timeS: number): readonly Sample[] {
  const open = known.flatMap((finding) => (finding.openS === null ? [] : [{ finding, openS: finding.openS }]));
  return [
    sampleOf(findingMetrics.count, { director }, { timeS, value: open.length }),
    ...open.map(({ finding, openS }) =>
      sampleOf(findingMetrics.opened, { ...labelsOfFinding(finding), director }, { timeS, value: openS }),
    ),
  ];
}

function labelsOfFinding({ kind, subject, severity, sinceS, archives, numbers }: Finding) {
  return {
    archives: archives.join(' '),
    finding: kind,
    numbers: JSON.stringify(numbers),
    severity,
    since: String(sinceS),
    subject,
  };
}

/** The finding of a sample; null if its kind is unknown, as that of a newer version may be. */
export function findingOfLabels(labels: Readonly<Record<string, unknown>>, openS: number): KnownFinding | null {
  const kind = findingKinds.find((one) => one === labels['finding']);
  const severity = severities.find((one) => one === labels['severity']);
  const { subject, since, archives = '' } = labels;
  const numbers = numbersOf(labels['numbers']);
  if (kind === undefined || severity === undefined || typeof subject !== 'string' || numbers === null) return null;
  const affected = String(archives)
    .split(' ')
    .filter((name) => name !== '');
  return { kind, subject, severity, sinceS: Number(since), archives: affected, numbers, openS, count: 0 };
}

function numbersOf(text: unknown): FindingNumbers | null {
  try {
    const read: unknown = JSON.parse(String(text));
    return typeof read === 'object' && read !== null ? (read as FindingNumbers) : null;
  } catch {
    return null;
  }
}
