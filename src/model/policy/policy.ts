// The policy: what the operator of a director holds to be wrong, possible, and known already. It is one file (cli/policy), all parts of which
// are optional.

import { standardThresholds, type Thresholds } from '../finding/thresholds.js';
import { noTopology, type Topology } from '../topology/topology.js';
import type { Capacity } from './capacity.js';
import { type ClientNetworks, noClients } from './clients.js';
import { type LinksPolicy, standardLinks } from './links.js';
import type { MailPolicy } from './mail.js';
import { type PagingPolicy, standardPaging } from './paging.js';
import type { Probe } from './probe.js';
import type { DirectorGroup, Redundancy } from './redundancy.js';
import type { Silence } from './silence.js';

/** The policy. */
export interface Policy {
  readonly thresholds: Thresholds;
  readonly capacity: Capacity;
  readonly silences: readonly Silence[];
  readonly topology: Topology;
  readonly paging: PagingPolicy;
  /** Null if no pages go by mail. */
  readonly mail: MailPolicy | null;
  readonly redundancy: Redundancy;
  readonly groups: readonly DirectorGroup[];
  readonly probes: readonly Probe[];
  readonly links: LinksPolicy;
  readonly clients: ClientNetworks;
  /** Names of agents whose reports are refused. */
  readonly refusedAgents: readonly string[];
}

/** The policy where there is no file. */
export const standardPolicy: Policy = {
  thresholds: standardThresholds,
  capacity: [],
  silences: [],
  topology: noTopology,
  paging: standardPaging,
  mail: null,
  redundancy: [],
  groups: [],
  probes: [],
  links: standardLinks,
  clients: noClients,
  refusedAgents: [],
};

/** Why the policy's file is not in force, and since when it has been like that. */
export interface PolicyProblem {
  readonly sinceS: number;
  readonly text: string;
}

/** The policy in force, and what is wrong with its file; null if nothing is. */
export interface PolicyState {
  readonly policy: Policy;
  readonly problem: PolicyProblem | null;
}

/** The policy in force as its file said at some time; undefined while the standard one stands in for a file that has been wrong from the start. */
export function policyOfFile({ policy, problem }: PolicyState): Policy | undefined {
  return problem !== null && policy === standardPolicy ? undefined : policy;
}

/** The state where no policy is read. */
export const noPolicyFile: PolicyState = { policy: standardPolicy, problem: null };

/** The policy without what only the process needs that sends mails: the login at the mail server. */
export function withoutLogins(state: PolicyState): PolicyState {
  const { mail } = state.policy;
  if (mail === null || mail.server.login === null) return state;
  return { ...state, policy: { ...state.policy, mail: { ...mail, server: { ...mail.server, login: null } } } };
}
