// The kernel's table (ip_vs) as a source, and the quantities it counts.

import { counter, gauge, type Measure, type SourceTraits } from './kind.js';

/** The kernel's table. */
export const ipvs: SourceTraits = {
  name: 'ipvs',
  seesAllReplies: false,
  witness: 'director',
  tops: { one: 'service', words: 'services', field: 'virtualServers' },
  members: { one: 'real server', words: 'real servers', field: 'realServers' },
  isListed: true,
  isOfGroup: true,
};

/** Counters of the director as a whole, and of each processor. */
export const counterMeasures: readonly Measure[] = [
  counter('Conns', 'conn'),
  counter('InPkts', 'packet', 'in'),
  counter('OutPkts', 'packet', 'out'),
  counter('InBytes', 'B', 'in'),
  counter('OutBytes', 'B', 'out'),
];

/** Quantities of a service, of a real server, and of the sum of all services. */
export const ipvsMeasures: readonly Measure[] = [
  gauge('ActiveConn', 'conn'),
  gauge('InActConn', 'conn'),
  ...counterMeasures,
];

/** Quantities of the connection table. */
export const tableMeasures: readonly Measure[] = [gauge('Size', 'bucket'), gauge('Entries', 'conn')];
