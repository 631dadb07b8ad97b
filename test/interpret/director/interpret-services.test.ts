// Services are judged apart: what one reading could not read costs nothing but its own service.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDirector } from '../../../src/demo/director.js';
import { interpret } from '../../../src/interpret/interpret.js';
import { type Cycle, emptyState } from '../../../src/model/cycle.js';
import { directorName, realServerName, serviceName, serviceOf } from '../../../src/model/names/name.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import '../../seed.js';

const epochS = 1_763_683_200;
const director = createDirector({ seed: 2, services: 6, epochS, endS: epochS + 30 * 86_400 });

/** A snapshot without one entry, which could not be read: a service, or one of its real servers. */
function torn(
  snapshot: Snapshot,
  at: number,
  isService: boolean,
): { readonly snapshot: Snapshot; readonly service: string } {
  const own = snapshot.services[at % snapshot.services.length];
  if (own === undefined) throw new Error('a director without a service');
  const [lost] = own.realServers;
  const service = serviceName(own.id);
  const others = snapshot.services.filter((one) => one !== own);
  if (isService || lost === undefined)
    return { service, snapshot: { ...snapshot, services: others, unread: new Set([service]) } };
  const unread = new Set([`${service}/${realServerName(lost.id)}`]);
  const left = { ...own, realServers: own.realServers.filter((one) => one !== lost) };
  return { service, snapshot: { ...snapshot, services: [...others, left], unread } };
}

/** The readings of all other services and their real servers, in the order of their names. */
function readingsOf({ readings }: Cycle, without: string): unknown {
  const others = readings.filter(({ archive }) => ![directorName, without].includes(serviceOf(archive)));
  return others.sort((a, b) => (a.archive < b.archive ? -1 : 1));
}

describe('an entry that could not be read', () => {
  test('changes no reading of other services, then or in the cycle after', () => {
    fc.assert(
      fc.property(fc.nat({ max: 5 }), fc.boolean(), fc.integer({ min: 1, max: 29 * 288 }), (at, isService, step) => {
        const [before, amid, after] = [0, 1, 2].map((i) => director.snapshotAt(epochS + 300 * (step + i)));
        if (before === undefined || amid === undefined || after === undefined) throw new Error('three snapshots');
        const { table } = interpret(emptyState, before);
        const part = torn(amid, at, isService);
        const [whole, partly] = [interpret(table, amid), interpret(table, part.snapshot)];
        expect(readingsOf(partly, part.service)).toEqual(readingsOf(whole, part.service));
        const [wholeAfter, partlyAfter] = [interpret(whole.table, after), interpret(partly.table, after)];
        expect(readingsOf(partlyAfter, part.service)).toEqual(readingsOf(wholeAfter, part.service));
      }),
    );
  });
});
