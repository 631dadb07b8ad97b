// Checks of peers: does Serf answer and let the agent in, can its members be probed, and can strangers speak to the pool?

import type { PoolTrial } from '../model/peers/pool-trial.js';
import { countOf } from '../model/text/count-of.js';
import { type Check, fine, problem, warning } from './check.js';

/** The result of examining what an agent needs for peers. */
export interface ExaminedPeers {
  /** Why a file of the options cannot be used; null if all can. */
  readonly fileProblem: string | null;
  /** Null if it was not tried. */
  readonly pool: PoolTrial | null;
}

/** Members of a pool below which nobody can confirm that another is silent. */
const fewestMembers = 3;

/** The checks of peers. */
export function checkPeers({ fileProblem, pool }: ExaminedPeers): readonly Check[] {
  return [
    ...(fileProblem === null ? [] : [problem('peers', fileProblem, null)]),
    ...(pool === null ? [] : poolChecks(pool)),
  ];
}

function poolChecks(pool: PoolTrial): readonly Check[] {
  const { name, failure, problems, tagExcess, isEncrypted } = pool;
  if (failure !== null) {
    const remedy = failure.isRefusal
      ? "put Serf's rpc_auth into a file, chmod 600, and name it with --serf-auth"
      : 'start "serf agent" on this host; its option -rpc-addr says where its RPC is';
    const how = failure.isRefusal ? 'refuses' : 'cannot be reached';
    return [problem('serf', `Serf at ${name} ${how} (${failure.text})`, remedy)];
  }
  if (tagExcess > 0)
    return [
      problem(
        'serf',
        `Serf at ${name} would refuse the agent: its tag exceeds the 512 bytes of this host's tags by ${tagExcess}`,
        'shorten the tags of this host: serf tags -set NAME=VALUE, serf tags -delete NAME',
      ),
    ];
  const [first] = problems;
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : '';
  return [
    sizeCheck(pool),
    ...(first === undefined ? [] : [warning('svc tags', `${first}${more}`, 'serf tags -set svc=KIND/PORT,KIND/PORT')]),
    ...(isEncrypted === false
      ? [
          warning(
            'serf encryption',
            'whoever reaches the ports of the pool can join it, and make agents probe what its tags name',
            'serf keygen; give the key to each "serf agent" with -encrypt',
          ),
        ]
      : []),
  ];
}

function sizeCheck({ name, alive, members, agents, services }: PoolTrial): Check {
  const found = `Serf at ${name} answers: ${alive} of ${countOf(members, 'member')} alive, ${agents} with an agent, ${countOf(services, 'service')}`;
  if (members < fewestMembers)
    return warning('serf', `${found}; fewer than ${fewestMembers} cannot confirm that one is silent`, null);
  if (alive * 2 <= members)
    return warning('serf', `${found}; that is no majority, so no peer is judged`, 'serf members -status=failed');
  return fine('serf', found);
}
