// A problem of drift: one respect in which the kernel's table is not what a reference (expected.ts) asks for.

import type { Place, ReferenceKind } from './expected.js';

/** The classes: a failed health check explains an unhealthy table; a dirty one needs somebody to clean it. */
export type DriftClass = 'unhealthy' | 'dirty';

/** Every problem and its class, in the order of lists. */
export const driftProblems = {
  'pool-empty': 'unhealthy',
  'pool-weight-zero': 'unhealthy',
  'quorum-lost': 'unhealthy',
  'sorry-server-active': 'unhealthy',
  'real-server-missing': 'unhealthy',
  'weight-zero': 'unhealthy',
  'service-missing': 'dirty',
  'service-extra': 'dirty',
  'real-server-extra': 'dirty',
  'wrong-weight': 'dirty',
  'wrong-forwarding': 'dirty',
  'wrong-scheduler': 'dirty',
  'wrong-persistence': 'dirty',
} as const satisfies Readonly<Record<string, DriftClass>>;

/** The name of a problem. */
export type DriftProblemName = keyof typeof driftProblems;

/** The names, in the order of lists. */
export const driftProblemNames = Object.keys(driftProblems) as readonly DriftProblemName[];

/** A problem. */
export interface DriftProblem {
  readonly problem: DriftProblemName;
  /** The service, or the real server of a service. */
  readonly archive: string;
  /** Both states in words: "weight 0", "not in the table". */
  readonly actual: string;
  readonly expected: string;
  readonly reference: ReferenceKind;
  /** Where the reference says so; null for a reference that is not a file, and for what it does not mention. */
  readonly place: Place | null;
}

/** How bad problems are together: dirty if one of them is; null if there are none. */
export function worstClass(problems: Iterable<Pick<DriftProblem, 'problem'>>): DriftClass | null {
  let worst: DriftClass | null = null;
  for (const { problem } of problems) {
    if (driftProblems[problem] === 'dirty') return 'dirty';
    worst = 'unhealthy';
  }
  return worst;
}
