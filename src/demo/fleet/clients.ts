// The client networks that the policy of a demonstration names. All simulated clients are in one of them, but for those of `strangers`.

import type { TopologyEntry } from '../../model/topology/topology.js';

/** The networks by name. */
export const demoClients: readonly Pick<TopologyEntry, 'host' | 'addresses'>[] = [
  { host: 'office', addresses: ['198.18.0.0/19'] },
  { host: 'partners', addresses: ['198.18.32.0/19'] },
  { host: 'mobile', addresses: ['198.18.64.0/18'] },
  { host: 'customers', addresses: ['198.18.128.0/17', '2001:db8::/32'] },
];

/** A network and a host that are in no configuration. */
export const strangers = { network: '198.19.7.0/24', address: '198.19.20.5' } as const;
