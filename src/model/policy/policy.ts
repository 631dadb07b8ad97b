// The policy: what the operator of a director holds to be wrong, possible, and known already. It is one file (cli/policy), all parts of which
// are optional.

import { standardThresholds, type Thresholds } from '../finding/thresholds.js';
import { noTopology, type Topology } from '../topology/topology.js';
import type { Capacity } from './capacity.js';
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
  readonly redundancy: Redundancy;
  readonly groups: readonly DirectorGroup[];
  readonly probes: readonly Probe[];
}

/** The policy where there is no file. */
export const standardPolicy: Policy = {
  thresholds: standardThresholds,
  capacity: [],
  silences: [],
  topology: noTopology,
  paging: standardPaging,
  redundancy: [],
  groups: [],
  probes: [],
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

/** The state where no policy is read. */
export const noPolicyFile: PolicyState = { policy: standardPolicy, problem: null };
