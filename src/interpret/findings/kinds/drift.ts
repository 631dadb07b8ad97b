// Drift: each problem of the table against its references (interpret/drift) is a finding of its own kind, under the problem's name. Problems of
// real servers at one address have one cause, and so have those of most services at once.

import { placeText } from '../../../model/drift/expected.js';
import type { KnownProblem } from '../../../model/drift/known-drift.js';
import { type DriftProblemName, driftProblemNames } from '../../../model/drift/problem.js';
import { type FindingNumbers, hostSubject, type Severity } from '../../../model/finding/finding.js';
import { directorName, nameWithin, parseRealServerName, serviceOf } from '../../../model/names/name.js';
import { type Reducer, reducer, type Sign } from '../reducer.js';

/** Problems after which connections are refused, or answered by nobody who should. */
const critical: readonly DriftProblemName[] = [
  'pool-empty',
  'pool-weight-zero',
  'quorum-lost',
  'sorry-server-active',
  'service-missing',
];

/** The reducers. One reading suffices: dirty state is a number at once. */
export const driftReducers: readonly Reducer[] = driftProblemNames.map((problem) => {
  const severity: Severity = critical.includes(problem) ? 'critical' : 'warning';
  return reducer({
    kind: problem,
    severity,
    openCycles: 1,
    signs: ({ drift, table }, _, known) => {
      if (drift === null) return { found: new Map() };
      const own = drift.problems.filter((one) => one.problem === problem);
      const isUnknown = (subject: string): boolean => known.get(subject)?.archives.every(drift.isUnknown) ?? false;
      return { found: signsOf(own, table.director.services.size), isUnknown };
    },
  });
});

/** A reference that cannot be read. */
export const driftUnreadable = reducer({
  kind: 'drift-unreadable',
  severity: 'warning',
  openCycles: 1,
  closeCycles: 1,
  signs: ({ drift }) => {
    const failures = drift?.known.references.flatMap(({ failure }) => failure ?? []) ?? [];
    const [first] = failures;
    if (first === undefined) return { found: new Map() };
    const text = failures.map((own) => own.text).join('; ');
    const sign: Sign = { archives: [directorName], numbers: { text }, sinceS: first.sinceS };
    return { found: new Map([[directorName, sign]]) };
  },
});

/** The most services and hosts that are a few, and the fraction of all services that are most. */
const few = 3;
const most = 0.5;

function signsOf(problems: readonly KnownProblem[], all: number): ReadonlyMap<string, Sign> {
  const services = countServices(problems);
  const groups = grouped(problems, subjectOf(problems));
  if (groups.size > few && services > few && services >= most * all) {
    return new Map([[directorName, signOf(problems, services)]]);
  }
  return new Map([...groups].map(([subject, own]) => [subject, signOf(own, countServices(own))]));
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const own = groups.get(keyOf(one));
    if (own === undefined) groups.set(keyOf(one), [one]);
    else own.push(one);
  }
  return groups;
}

function countServices(problems: readonly KnownProblem[]): number {
  return new Set(problems.map(({ archive }) => serviceOf(archive))).size;
}

/** The subject of each problem: its service, or the host. Many real servers of a single service have their cause there. */
function subjectOf(problems: readonly KnownProblem[]): (problem: KnownProblem) => string {
  const hostOf = ({ archive }: KnownProblem): string => parseRealServerName(nameWithin(archive))?.address ?? archive;
  const byHost = grouped(problems, hostOf);
  const isAlone = (own: KnownProblem): boolean => byHost.get(hostOf(own))?.length === 1;
  const ofService = grouped(problems.filter(isAlone), ({ archive }) => serviceOf(archive));
  return (own) => {
    const service = serviceOf(own.archive);
    const isOfService = isAlone(own) && (ofService.get(service)?.length ?? 0) > few;
    return service === own.archive || isOfService ? service : hostSubject(hostOf(own));
  };
}

function signOf(problems: readonly KnownProblem[], services: number): Sign {
  const [first] = problems;
  const numbers: FindingNumbers = {
    services,
    problems: problems.length,
    ...(first !== undefined && { actual: first.actual, expected: first.expected, reference: first.reference }),
    ...(first?.place != null && { place: placeText(first.place) }),
  };
  const sinceS = Math.min(...problems.map((own) => own.sinceS));
  return { archives: problems.map(({ archive }) => archive), numbers, sinceS };
}
