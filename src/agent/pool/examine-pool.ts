// Tries out what an agent needs of Serf: its RPC answers, lets the agent in, and knows members whose services can be probed.

import { isObject } from '../../files/json-object.js';
import type { PoolTrial } from '../../model/peers/pool-trial.js';
import { openSerf, type SerfPlace, SerfRefusal } from '../serf/connection.js';
import { agentTagBytes, parseMembers, parseOwnName } from '../serf/messages.js';
import { mostTagBytes } from '../serf/tag-size.js';
import { unknownKinds } from './probe-service.js';

/** Asks Serf for its members. Does not throw. */
export async function tryPool(place: SerfPlace): Promise<PoolTrial> {
  const name = `${place.at.host}:${place.at.port}`;
  try {
    const connection = await openSerf(place);
    try {
      const stats = await connection.request('stats');
      const self = parseOwnName(stats);
      const body = await connection.request('members');
      const { members, problems } = parseMembers(body);
      const alive = members.filter(({ status }) => status === 'alive');
      return {
        ...{ name, failure: null, alive: alive.length, members: members.length },
        agents: alive.filter(({ isAgent }) => isAgent).length,
        services: members.reduce((sum, { services }) => sum + services.length, 0),
        problems: [...problems, ...unknownKinds(members)],
        tagExcess: Math.max(0, (agentTagBytes(body, self) ?? 0) - mostTagBytes),
        isEncrypted: encryptionOf(stats),
      };
    } finally {
      connection.close();
    }
  } catch (error) {
    const isRefusal = error instanceof SerfRefusal;
    const failure = { isRefusal, text: error instanceof Error ? error.message : String(error) };
    const nothing = { alive: 0, members: 0, agents: 0, services: 0, problems: [], tagExcess: 0, isEncrypted: null };
    return { name, failure, ...nothing };
  }
}

function encryptionOf(stats: Readonly<Record<string, unknown>> | null): boolean | null {
  const serf = stats?.['serf'];
  const word = isObject(serf) ? serf['encrypted'] : null;
  return word === 'true' || word === 'false' ? word === 'true' : null;
}
