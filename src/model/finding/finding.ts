// A finding: something is wrong, since when, and the numbers that say so. Reducers (interpret/findings) conclude findings from cycles; every
// surface reads them, and nothing else decides that something is wrong.

import { driftProblemNames } from '../drift/problem.js';
import { linkFindingKinds } from './link-text.js';
import { probeFindingKinds } from './probe-text.js';

/** Every kind, in the order of lists where severities are equal. */
export const findingKinds = [
  'collecting',
  'service-without-server',
  ...driftProblemNames,
  'drift-unreadable',
  'service-left',
  'counters-frozen',
  'server-left',
  'server-drained',
  'traffic-collapsed',
  'traffic-surged',
  'share-off',
  'books-unbalanced',
  'processor-overloaded',
  'chains-long',
  'neighbours-full',
  'conntrack-full',
  'spare-lacking',
  'redundancy-lacking',
  ...linkFindingKinds,
  ...probeFindingKinds,
  'disk-full',
  'policy-unreadable',
  'pages-undelivered',
  'push-behind',
] as const;

/** The kind of a finding. */
export type FindingKind = (typeof findingKinds)[number];

/** How bad a finding is, worst first. */
export const severities = ['critical', 'warning', 'notice'] as const;

/** The severity of a finding. */
export type Severity = (typeof severities)[number];

/** Values behind a finding, by the name under which its sentence and other programs know them. */
export type FindingNumbers = Readonly<Record<string, number | string>>;

/** A finding that is open. */
export interface Finding {
  readonly kind: FindingKind;
  /** An archive, or `host/ADDRESS` for a host of real servers. */
  readonly subject: string;
  readonly severity: Severity;
  /** When it began, epoch seconds. */
  readonly sinceS: number;
  /** The affected archives. */
  readonly archives: readonly string[];
  readonly numbers: FindingNumbers;
}

/** The stable identity of a finding: the same from its opening to its closing, and of no other one. */
export function findingId({ kind, subject, sinceS }: Pick<Finding, 'kind' | 'subject' | 'sinceS'>): string {
  return `${kind}/${subject}@${sinceS}`;
}

/** The subject of a host of real servers. */
export function hostSubject(address: string): string {
  return `host/${address}`;
}

/** The address in the subject of a host; null if the subject is an archive. */
export function hostOfSubject(subject: string): string | null {
  return subject.startsWith('host/') ? subject.slice('host/'.length) : null;
}

/** Whether a finding affects an archive, or one of its real servers. */
export function affects({ subject, archives }: Pick<Finding, 'subject' | 'archives'>, name: string): boolean {
  return [subject, ...archives].some((one) => one === name || one.startsWith(`${name}/`));
}

/** Findings, worst first: by severity, then by kind, then the oldest first. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  const rank = ({ severity, kind }: Finding): number =>
    severities.indexOf(severity) * findingKinds.length + findingKinds.indexOf(kind);
  return [...findings].sort((a, b) => rank(a) - rank(b) || a.sinceS - b.sinceS || (a.subject < b.subject ? -1 : 1));
}

/** A finding as known between cycles: pending until `openS` is set. */
export interface KnownFinding extends Finding {
  /** When it opened; null while it is pending. */
  readonly openS: number | null;
  /** Consecutive observations: with the fault while it is pending, without it while it is open. */
  readonly count: number;
}

/** The findings that are open, worst first. */
export function openFindings(known: Iterable<KnownFinding> | undefined): readonly Finding[] {
  const open = [...(known ?? [])].filter(({ openS }) => openS !== null);
  return worstFirst(open.map(({ openS: _, count: __, ...finding }) => finding));
}
