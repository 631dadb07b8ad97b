// Judges the kernel's table against every reference. A reference that cannot be read says nothing: the problems known before stay.

import { type ExpectedTable, noteText, type ReferenceKind } from '../../model/drift/expected.js';
import {
  type KnownDrift,
  type KnownProblem,
  type KnownReference,
  maxKnownNotes,
  maxKnownProblems,
} from '../../model/drift/known-drift.js';
import { driftProblemNames } from '../../model/drift/problem.js';
import { serviceOf } from '../../model/names/name.js';
import { type ActualTable, compareTables } from './compare.js';

/** The result of reading a reference: its table, or why there is none. */
export interface ReferenceReading {
  readonly kind: ReferenceKind;
  /** Its file, or the command that reads it. */
  readonly name: string;
  readonly read: ExpectedTable | { readonly failure: string };
}

/** The circumstances of judging. */
export interface DriftGround {
  readonly timeS: number;
  readonly before: KnownDrift | undefined;
  readonly actual: ActualTable;
}

/** The result of judging. */
export interface JudgedDrift {
  readonly known: KnownDrift;
  /** All of them, each once, however many references say so. */
  readonly problems: readonly KnownProblem[];
  /** Whether nothing can be said about an archive: then what is known of it stays. */
  readonly isUnknown: (archive: string) => boolean;
  /** Whether a file says what a service should be, so that nobody has to guess it. */
  readonly isSettled: (service: string) => boolean;
}

/** Judges a table. */
export function judgeDrift(readings: readonly ReferenceReading[], { timeS, before, actual }: DriftGround): JudgedDrift {
  const since = new Map((before?.problems ?? []).map((own) => [keyOf(own), own.sinceS]));
  const found = readings.flatMap(({ kind, read }): readonly KnownProblem[] => {
    if ('failure' in read) return (before?.problems ?? []).filter((own) => own.reference === kind);
    return compareTables(actual, { kind, table: read }).map((own) => ({
      ...own,
      sinceS: since.get(keyOf(own)) ?? timeS,
    }));
  });
  const problems = inOrder([...new Map(found.toReversed().map((own) => [keyOf(own), own])).values()]);
  const references = readings.map((reading) => referenceOf(reading, before, timeS));
  return {
    problems,
    known: { references, problems: problems.slice(0, maxKnownProblems), count: problems.length },
    isSettled: (service) =>
      readings.some((own) => own.kind !== 'against' && !('failure' in own.read) && !isUnknownIn(own.read, service)),
    isUnknown: (archive) =>
      readings.some(({ read }) => isUnknownIn(read, archive)) || actual.mayExist(serviceOf(archive)),
  };
}

function keyOf({ problem, archive }: Pick<KnownProblem, 'problem' | 'archive'>): string {
  return `${problem} ${archive}`;
}

function inOrder(problems: readonly KnownProblem[]): readonly KnownProblem[] {
  const rank = new Map(driftProblemNames.map((name, i) => [name, i]));
  return problems.toSorted(
    (a, b) => (rank.get(a.problem) ?? 0) - (rank.get(b.problem) ?? 0) || (a.archive < b.archive ? -1 : 1),
  );
}

function referenceOf(
  { kind, name, read }: ReferenceReading,
  before: KnownDrift | undefined,
  timeS: number,
): KnownReference {
  if ('failure' in read) {
    const known = before?.references.find((own) => own.kind === kind)?.failure ?? null;
    const failure = { sinceS: known?.sinceS ?? timeS, text: read.failure };
    return { kind, name, services: null, failure, notes: [], isWhole: false };
  }
  const notes = read.notes.slice(0, maxKnownNotes).map(noteText);
  return { kind, name, services: read.services.size, failure: null, notes, isWhole: read.isWhole };
}

/**
 * A service that a reference does not mention may be in a part of it that was left out. Of one that cannot be read, the problems known before
 * are among those found.
 */
function isUnknownIn(read: ReferenceReading['read'], archive: string): boolean {
  if ('failure' in read) return false;
  const service = serviceOf(archive);
  const own = read.services.get(service);
  return own === undefined ? !read.isWhole || read.leftOut.has(service) : own.isPartial;
}
