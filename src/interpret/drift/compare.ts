// Compares the kernel's table with a reference: every respect in which it differs is a problem. A failed health check removes a real server or
// sets its weight to 0, so that is unhealthy; the rest is dirty. What follows from another problem is not listed beside it: in an empty
// pool no real server is missing, and where the sorry server stands in, none is either.

import type { ExpectedService, ExpectedTable, Place, ReferenceKind } from '../../model/drift/expected.js';
import type { DriftProblem, DriftProblemName } from '../../model/drift/problem.js';
import { persistenceText, schedulerText, setUpOf } from '../../model/drift/set-up.js';
import { compareServers } from './compare-servers.js';

/** A service of the kernel's table; its real servers are numbered from 0. */
export interface ActualService {
  readonly name: string;
  readonly setUp: { readonly scheduler: string; readonly flags: string };
  readonly realServers: number;
  /** Whether entries of it could not be read. */
  readonly isPartial: boolean;
  /** The name of a real server within the service. */
  nameAt(server: number): string;
  weightAt(server: number): number;
  forwardingAt(server: number): string;
}

/** The kernel's table. */
export interface ActualTable {
  readonly services: readonly ActualService[];
  /** Whether a service that is not in it may exist all the same. */
  readonly mayExist: (service: string) => boolean;
}

/** A reference, and what kind it is. */
export interface Reference {
  readonly kind: ReferenceKind;
  readonly table: ExpectedTable;
}

/** The problems of one service. */
export type AddProblem = (
  problem: DriftProblemName,
  archive: string,
  states: { readonly actual: string; readonly expected: string; readonly place: Place | null },
) => void;

/** The problems of a table, service by service. */
export function compareTables(actual: ActualTable, { kind, table }: Reference): readonly DriftProblem[] {
  const problems: DriftProblem[] = [];
  const add: AddProblem = (problem, archive, states) => problems.push({ problem, archive, ...states, reference: kind });
  const present = new Set<string>();
  for (const service of actual.services) {
    present.add(service.name);
    const expected = table.services.get(service.name);
    if (expected !== undefined) compareService(service, expected, add);
    else if (isExtra(service.name, table))
      add('service-extra', service.name, { actual: 'in the table', expected: 'no such service', place: null });
  }
  for (const [name, { place }] of table.services) {
    if (present.has(name) || actual.mayExist(name)) continue;
    add('service-missing', name, { actual: 'not in the table', expected: 'in the table', place });
  }
  return problems;
}

/** A service that the reference does not mention is extra, unless it may be in a part that was left out. */
function isExtra(name: string, { isWhole, leftOut }: ExpectedTable): boolean {
  return isWhole && !leftOut.has(name);
}

function compareService(actual: ActualService, expected: ExpectedService, add: AddProblem): void {
  const { name } = actual;
  const { setUp, place } = expected;
  const own = setUpOf(actual.setUp.scheduler, actual.setUp.flags);
  const scheduler = schedulerText({ ...own, scheduler: setUp.scheduler === null ? null : own.scheduler });
  if (scheduler !== schedulerText(setUp))
    add('wrong-scheduler', name, { actual: schedulerText(own), expected: schedulerText(setUp), place });
  const [persistence, wanted] = [persistenceText(own), persistenceText(setUp)];
  if (persistence !== wanted) add('wrong-persistence', name, { actual: persistence, expected: wanted, place });
  compareServers(actual, expected, add);
}
