// Tables and references for the tests of drift, written as rules of `ipvsadm -S -n`.

import { parseRules } from '../../../src/collect/ipvs/rules/parse-rules.js';
import { type ActualService, type ActualTable, compareTables } from '../../../src/interpret/drift/compare.js';
import type { ExpectedService, ExpectedTable } from '../../../src/model/drift/expected.js';
import { realServerName, serviceName } from '../../../src/model/names/name.js';

/** A service of a table whose state is a reference's; its flags are as ipvsadm prints them. */
function actualOf({ id, setUp, servers }: ExpectedService): ActualService {
  const { scheduler, schedulerFlags, isOnePacket, persistence } = setUp;
  const flags = [
    ...(schedulerFlags.length === 0 ? [] : [`(${schedulerFlags.join(',')})`]),
    ...(persistence === null ? [] : [`persistent ${persistence.timeoutS}`]),
    ...(persistence === null || persistence.mask === '' ? [] : [`mask ${persistence.mask}`]),
    ...(persistence === null || persistence.engine === '' ? [] : [`pe ${persistence.engine}`]),
    ...(isOnePacket ? ['ops'] : []),
  ];
  return {
    name: serviceName(id),
    setUp: { scheduler: scheduler ?? '', flags: flags.join(' ') },
    realServers: servers.length,
    isPartial: false,
    nameAt: (at) => realServerName(servers[at] ?? { address: '', port: 0 }),
    weightAt: (at) => servers[at]?.weight ?? Number.NaN,
    forwardingAt: (at) => servers[at]?.forwarding ?? '',
  };
}

/** A table in the state of a reference. */
export function actualTable({ services }: Pick<ExpectedTable, 'services'>): ActualTable {
  return { services: [...services.values()].map(actualOf), mayExist: () => false };
}

/** The problems of a table of rules, as `problem archive`. */
export function problemsOf(rules: string, reference: ExpectedTable): readonly string[] {
  const actual = actualTable(parseRules(rules, 'table'));
  return compareTables(actual, { kind: 'keepalived', table: reference }).map((own) => `${own.problem} ${own.archive}`);
}
