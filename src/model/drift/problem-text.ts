// Problems of drift for people and programs.

import type { ReferenceKind } from './expected.js';
import { type DriftProblem, driftProblems } from './problem.js';

/** The words of the references. */
export const referenceNames: Readonly<Record<ReferenceKind, string>> = {
  keepalived: 'keepalived',
  golden: 'saved table',
  against: 'other director',
};

/** A problem as a JSON object. */
export function problemRecord(own: DriftProblem): object {
  const { problem, archive, actual, expected, reference, place } = own;
  const [file, line] = [place?.file ?? null, place?.line ?? null];
  return { problem, class: driftProblems[problem], archive, actual, expected, reference, file, line };
}
