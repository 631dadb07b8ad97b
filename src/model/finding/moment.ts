// Findings of the moment: whether anything is collected, whether the disk has room, whether the policy is in force, and whether pages
// and pushed rows arrive. The reader concludes them, so they have no state.

import { diskFloorBytes } from '../archive.js';
import { directorName } from '../names/name.js';
import { noPolicyFile, type PolicyProblem, type PolicyState } from '../policy/policy.js';
import { heartbeatOf, type Retention } from '../retention.js';
import type { Finding } from './finding.js';
import { type PushState, pushBehind } from './push-finding.js';
import type { Thresholds } from './thresholds.js';

/** A run of failed cycles. */
export interface CollectingFailure {
  readonly sinceS: number;
  readonly text: string;
  /** Only HAProxy is not read; otherwise it is the table, whatever is read beside it. */
  readonly isBesideTable?: true;
  /** Cycles may succeed: it is the engine that holds the rows that cannot be read. */
  readonly isOfEngine?: true;
}

/** The state of collecting and of the disk at a moment. */
export interface Moment {
  readonly nowS: number;
  readonly retention: Retention;
  /** Time of the newest reading; null before the first. */
  readonly lastS: number | null;
  /** Since when cycles have failed, and why; null while they succeed. */
  readonly failure: CollectingFailure | null;
  /** Free bytes on the disk of the archives. */
  readonly freeBytes: number;
  /** The receivers of pages that fail, by name; missing if there are none. */
  readonly undelivered?: Readonly<Record<string, { readonly sinceS: number; readonly text: string }>>;
  /** The receivers of rows, by name, as the server that pushes knows them; missing where nothing is pushed. */
  readonly pushes?: Readonly<Record<string, PushState>>;
  /** The findings of links, which only the server that agents report to knows; missing where nobody watches links. */
  readonly links?: readonly Finding[];
}

/** When findings without a known beginning were first seen, epoch seconds, by kind and subject: the memory of a process that stays. */
export type FirstSeen = Map<string, number>;

/** The findings of a moment. Those whose beginning nobody knows begin when they were first seen. */
export function momentFindings(
  moment: Moment,
  { policy, problem }: PolicyState = noPolicyFile,
  firstSeen: FirstSeen = new Map(),
): readonly Finding[] {
  const { nowS, retention, pushes = {} } = moment;
  const own = [
    collecting(moment),
    disk(moment, policy.thresholds),
    unreadable(problem),
    undelivered(moment),
    pushBehind(pushes, { nowS, stepS: retention.stepS }),
  ];
  const all = [...own.filter((finding) => finding !== null), ...(moment.links ?? [])];
  const keyOf = ({ kind, subject }: Finding): string => `${kind}/${subject}`;
  for (const key of [...firstSeen.keys()]) if (!all.some((one) => keyOf(one) === key)) firstSeen.delete(key);
  return all.map((one) => {
    const sinceS = firstSeen.get(keyOf(one)) ?? one.sinceS;
    if (one.sinceS !== moment.nowS) return one;
    firstSeen.set(keyOf(one), sinceS);
    return { ...one, sinceS };
  });
}

function collecting({ nowS, retention, lastS, failure }: Moment): Finding | null {
  const own = { kind: 'collecting', subject: directorName, severity: 'critical', archives: [directorName] } as const;
  if (failure !== null) {
    // One cycle that failed is no emergency yet: the next may succeed.
    const isOfTable = failure.isBesideTable !== true;
    const readS = lastS !== null && isOfTable ? Math.min(lastS, failure.sinceS) : lastS;
    const isRecent = readS !== null && nowS - readS <= heartbeatOf(retention);
    const severity = isRecent ? 'warning' : 'critical';
    return {
      ...own,
      severity,
      sinceS: failure.sinceS,
      numbers: { state: failure.isOfEngine ? 'unread' : 'failing', text: failure.text },
    };
  }
  if (lastS === null) return null;
  if (lastS - nowS > retention.stepS) return { ...own, sinceS: nowS, numbers: { state: 'ahead' } };
  if (nowS - lastS > heartbeatOf(retention)) return { ...own, sinceS: lastS, numbers: { state: 'stopped' } };
  return null;
}

function disk({ nowS, freeBytes }: Moment, { diskFreeBytes }: Thresholds): Finding | null {
  if (freeBytes >= diskFreeBytes) return null;
  const severity = freeBytes < diskFloorBytes ? 'critical' : 'warning';
  const own = { kind: 'disk-full', subject: directorName, archives: [directorName], sinceS: nowS } as const;
  return { ...own, severity, numbers: { freeBytes, leastBytes: diskFreeBytes, floorBytes: diskFloorBytes } };
}

function unreadable(problem: PolicyProblem | null): Finding | null {
  if (problem === null) return null;
  const { sinceS, text } = problem;
  const own = {
    kind: 'policy-unreadable',
    subject: directorName,
    archives: [directorName],
    severity: 'warning',
  } as const;
  return { ...own, sinceS, numbers: { text } };
}

function undelivered({ undelivered: failures = {} }: Moment): Finding | null {
  const all = Object.entries(failures).toSorted(([, a], [, b]) => a.sinceS - b.sinceS);
  const [first] = all;
  if (first === undefined) return null;
  const text = all.map(([name, failure]) => `${name}: ${failure.text}`).join('; ');
  const own = {
    kind: 'pages-undelivered',
    subject: directorName,
    archives: [directorName],
    severity: 'warning',
  } as const;
  return { ...own, sinceS: first[1].sinceS, numbers: { text } };
}
