// The table after readings were removed from the archives, because their clock was wrong or their bytes were damaged. The
// remaining readings are older than the table's counters, so these are dropped. The growth up to the next reading is unknown,
// and is not taken for a restart.

import {
  emptyState,
  type KnownDirector,
  type KnownHaproxy,
  type KnownKernel,
  type KnownOther,
  type KnownService,
  type KnownState,
  unknownDirector,
} from './cycle.js';
import { partName } from './names/name.js';
import { changedOthers } from './table/other-sources.js';

/** The remaining data: the time of the newest reading, and the archives (services, and real servers below them) that exist. */
export interface RemainingData {
  readonly lastS: number;
  readonly exists: (archive: string) => boolean;
}

/** The table as of an earlier reading, without counters to compare with. */
export function setBackTable(table: KnownState, remaining: RemainingData): KnownState {
  const { lastS, exists } = remaining;
  const gone = [...table.gone].filter(([name]) => exists(name));
  return {
    retention: table.retention,
    timeS: lastS,
    host: null,
    gone: new Map(gone.map(([name, timeS]) => [name, Math.min(timeS, lastS)])),
    director: setBackDirector(table.director, remaining),
    haproxy: setBackHaproxy(table.haproxy, remaining),
    ...changedOthers(table, (known) => setBackOther(known, remaining)),
    isSetBack: true,
  };
}

/** A table known only by the names of its archives: as if all of them were gone, and about to come back. */
export function forgottenTable(archives: Iterable<string>, lastS: number): KnownState {
  return {
    ...emptyState,
    timeS: lastS,
    director: { ...unknownDirector, timeS: lastS },
    gone: new Map([...archives].map((name) => [name, lastS])),
    isSetBack: true,
  };
}

function setBackDirector({ timeS, services, kernel }: KnownDirector, remaining: RemainingData): KnownDirector {
  const left = [...services].filter(([name]) => remaining.exists(name));
  return {
    ...unknownDirector,
    timeS: timeS === null ? null : Math.min(timeS, remaining.lastS),
    services: new Map(left.map(([name, known]) => [name, setBackService(name, known, remaining)])),
    kernel: setBackKernel(kernel, remaining),
  };
}

function setBackKernel(kernel: KnownKernel, { lastS, exists }: RemainingData): KnownKernel {
  const parts = [...kernel.parts].filter(([part]) => exists(partName(part)));
  return { ...kernel, parts: new Map(parts.map(([part, known]) => [part, setBack(known, lastS)])) };
}

function setBackHaproxy({ timeS, entries }: KnownHaproxy, { lastS, exists }: RemainingData): KnownHaproxy {
  const left = [...entries].filter(([name]) => exists(name));
  const known = new Map(left.map(([name, own]) => [name, setBack(own, lastS)]));
  return { entries: known, timeS: Math.min(timeS ?? lastS, lastS), process: null, failure: null };
}

function setBackOther({ timeS, archives }: KnownOther, { lastS, exists }: RemainingData): KnownOther {
  const left = [...archives].filter(([name]) => exists(name));
  const known = new Map(left.map(([name, own]) => [name, setBack(own, lastS)]));
  return { archives: known, timeS: Math.min(timeS ?? lastS, lastS), failure: null };
}

function setBackService(name: string, known: KnownService, remaining: RemainingData): KnownService {
  const servers = [...known.realServers].filter(([server]) => remaining.exists(`${name}/${server}`));
  const realServers = new Map(servers.map(([server, own]) => [server, setBack(own, remaining.lastS)]));
  return { ...setBack(known, remaining.lastS), realServers };
}

function setBack<T extends Pick<KnownService, 'lastS' | 'absentS'>>(
  known: T & { readonly counters: readonly unknown[] },
  lastS: number,
): T {
  const absentS = known.absentS === null ? null : Math.min(known.absentS, lastS);
  return { ...known, counters: [], lastS: Math.min(known.lastS, lastS), absentS };
}
