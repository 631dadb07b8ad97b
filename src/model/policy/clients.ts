// Client networks with names, so that the map shows `office` instead of many networks.

import { noTopology, type Topology } from '../topology/topology.js';

/** Client networks: a topology whose hosts are the names. The longest prefix counts, as there. */
export type ClientNetworks = Topology;

/** The client networks where the policy names none. */
export const noClients: ClientNetworks = noTopology;

/** The longest prefixes: agents report clients as networks of these lengths, so a smaller one would look like its neighbours. */
export const clientPrefix = { ipv4: 24, ipv6: 48 } as const;
