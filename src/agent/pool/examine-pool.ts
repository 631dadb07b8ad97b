// Tries out what an agent needs of Serf: its RPC answers, lets the agent in, and knows members whose services can be probed.

import { isObject } from '../../files/json-object.js';
import type { PoolTrial } from '../../model/peers/pool-trial.js';
import { openSerf, type SerfPlace, SerfRefusal } from '../serf/connection.js';
import { parseMembers, parseOwnName } from '../serf/messages.js';
import { unknownKinds } from './probe-service.js';

/** Asks Serf for its members. Does not throw. */
export async function tryPool(place: SerfPlace): Promise<PoolTrial> {
  const name = `${place.at.host}:${place.at.port}`;
  try {
    const connection = await openSerf(place);
    try {
      const stats = await connection.request('stats');
      parseOwnName(stats);
      const { members, problems } = parseMembers(await connection.request('members'));
      const alive = members.filter(({ status }) => status === 'alive');
      return {
        ...{ name, failure: null, alive: alive.length, members: members.length },
        agents: alive.filter(({ isAgent }) => isAgent).length,
        services: members.reduce((sum, { services }) => sum + services.length, 0),
        problems: [...problems, ...unknownKinds(members)],
        isEncrypted: encryptionOf(stats),
      };
    } finally {
      connection.close();
    }
  } catch (error) {
    const isRefusal = error instanceof SerfRefusal;
    const failure = { isRefusal, text: error instanceof Error ? error.message : String(error) };
    return { name, failure, alive: 0, members: 0, agents: 0, services: 0, problems: [], isEncrypted: null };
  }
}

function encryptionOf(stats: Readonly<Record<string, unknown>> | null): boolean | null {
  const serf = stats?.['serf'];
  const word = isObject(serf) ? serf['encrypted'] : null;
  return word === 'true' || word === 'false' ? word === 'true' : null;
}
