// Compares the real servers of a service with those that a reference wants.

import type { ExpectedServer, ExpectedService } from '../../model/drift/expected.js';
import { formatEndpoint, realServerName } from '../../model/names/name.js';
import { countOf } from '../../model/text/count-of.js';
import type { ActualService, AddProblem } from './compare.js';
import { type FoundServer, type Match, matchServers } from './match-servers.js';

/** Methods that are compared. A real server on the director itself is Local, whatever the reference says. */
const comparable: readonly string[] = ['Masq', 'Route', 'Tunnel'];

/** Adds the problems of the real servers of a service. */
export function compareServers(actual: ActualService, expected: ExpectedService, add: AddProblem): void {
  const match = matchServers(actual, expected);
  const pool = comparePool(actual, { expected, match }, add);
  // An empty pool, and one that the sorry server stands in for, have lost all of them.
  if (!actual.isPartial && pool !== 'pool-empty' && pool !== 'sorry-server-active') {
    for (const server of match.missing) {
      const archive = `${actual.name}/${realServerName(server)}`;
      add('real-server-missing', archive, {
        actual: 'not in the table',
        expected: weightText(server),
        place: server.place,
      });
    }
  }
  for (const at of expected.isPartial ? [] : match.extra) {
    const states = { actual: `weight ${actual.weightAt(at)}`, expected: 'no such real server', place: null };
    add('real-server-extra', `${actual.name}/${actual.nameAt(at)}`, states);
  }
  for (const one of match.found) compareServer(actual, { ...one, isZeroPool: pool === 'pool-weight-zero' }, add);
}

interface Pool {
  readonly expected: ExpectedService;
  readonly match: Match;
}

type PoolProblem = 'sorry-server-active' | 'pool-empty' | 'pool-weight-zero' | 'quorum-lost';

/** Adds the problem of all real servers together, and returns it; null if there is none. */
function comparePool(actual: ActualService, { expected, match }: Pool, add: AddProblem): PoolProblem | null {
  const { name } = actual;
  const { sorry, servers, quorum, place } = expected;
  const weightOfAll = sumOf(servers.map(({ weight }) => weight ?? 1));
  if (sorry !== null && match.sorry !== null && actual.weightAt(match.sorry) > 0) {
    const states = {
      actual: `${formatEndpoint(sorry)} answers`,
      expected: 'the real servers answer',
      place: sorry.place,
    };
    add('sorry-server-active', name, states);
    return 'sorry-server-active';
  }
  if (actual.isPartial || servers.length === 0) return null;
  if (actual.realServers === (match.sorry === null ? 0 : 1)) {
    add('pool-empty', name, { actual: 'no real server', expected: countOf(servers.length, 'real server'), place });
    return 'pool-empty';
  }
  if (weightOfAll > 0 && !hasWeight(actual)) {
    add('pool-weight-zero', name, {
      actual: 'all weights are 0',
      expected: `weights of ${weightOfAll} together`,
      place,
    });
    return 'pool-weight-zero';
  }
  // keepalived adds up the weights of the real servers that are alive as it knows them.
  const alive = match.found.filter(({ at }) => actual.weightAt(at) > 0);
  const weight = sumOf(alive.map(({ at, server }) => server.weight ?? actual.weightAt(at)));
  if (expected.isPartial || weight >= Math.min(quorum, weightOfAll)) return null;
  add('quorum-lost', name, { actual: `weights of ${weight} together`, expected: `${quorum} or more`, place });
  return 'quorum-lost';
}

function hasWeight(actual: ActualService): boolean {
  for (let at = 0; at < actual.realServers; at += 1) if (actual.weightAt(at) > 0) return true;
  return false;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function weightText({ weight }: ExpectedServer): string {
  return weight === null ? 'in the table' : `weight ${weight}`;
}

function compareServer(
  actual: ActualService,
  { at, server, isZeroPool }: FoundServer & { readonly isZeroPool: boolean },
  add: AddProblem,
): void {
  const archive = `${actual.name}/${actual.nameAt(at)}`;
  const { weight: wanted, place, forwarding } = server;
  const weight = actual.weightAt(at);
  // A weight that a check sets is not compared, and an inhibited server with weight 0 is no surprise in a pool without any weight.
  if (wanted !== null && weight !== wanted && !(weight === 0 && isZeroPool)) {
    const states = { actual: `weight ${weight}`, expected: `weight ${wanted}`, place };
    add(weight === 0 ? 'weight-zero' : 'wrong-weight', archive, states);
  }
  const method = actual.forwardingAt(at);
  if (method !== forwarding && comparable.includes(method) && comparable.includes(forwarding))
    add('wrong-forwarding', archive, { actual: method, expected: forwarding, place });
}
