// Prints the table that a reference asks for, in the form of `ipvsadm -S -n` and sorted as text, to be compared with the kernel's by eye or by
// diff(1). What that form cannot say stands in comments.

import type { ExpectedServer, ExpectedService, ExpectedTable } from '../../../model/drift/expected.js';
import type { ServiceId } from '../../../model/names/identity.js';
import { formatEndpoint } from '../../../model/names/name.js';

/** The table as rules, one a line; a service comes before its real servers. */
export function formatRules({ services }: Pick<ExpectedTable, 'services'>): readonly string[] {
  return [...services.values()].map(rulesOf).sort(byFirst).flat();
}

function byFirst([a = '']: readonly string[], [b = '']: readonly string[]): number {
  return a < b ? -1 : 1;
}

const letters = { tcp: '-t', udp: '-u', sctp: '--sctp-service' } as const;

function serviceText(id: ServiceId): string {
  if (id.kind === 'mark') return `-f ${id.mark}${id.family === 'ipv6' ? ' -6' : ''}`;
  return `${letters[id.protocol]} ${formatEndpoint(id)}`;
}

function rulesOf({ id, setUp, servers, sorry, quorum, isPartial }: ExpectedService): readonly string[] {
  const service = serviceText(id);
  const { scheduler, schedulerFlags, isOnePacket, persistence } = setUp;
  const words = [
    `-A ${service} -s ${scheduler ?? 'unknown'}`,
    ...(persistence === null ? [] : [`-p ${persistence.timeoutS}`]),
    ...(persistence === null || persistence.mask === '' ? [] : [`-M ${persistence.mask}`]),
    ...(persistence === null || persistence.engine === '' ? [] : [`--pe ${persistence.engine}`]),
    ...(schedulerFlags.length === 0 ? [] : [`-b ${schedulerFlags.join(',')}`]),
    ...(isOnePacket ? ['-o'] : []),
  ];
  const serverText = (server: ExpectedServer): string =>
    `-a ${service} -r ${formatEndpoint(server)} ${methods[server.forwarding] ?? '-m'} -w ${server.weight ?? 1}`;
  return [
    words.join(' '),
    ...servers.map(serverText).sort(),
    ...servers.flatMap((own) => (own.weight === null ? [`# ${formatEndpoint(own)}: its weight is not compared`] : [])),
    ...servers.flatMap((own) =>
      methods[own.forwarding] === undefined ? [`# ${formatEndpoint(own)}: forwarding method ${own.forwarding}`] : [],
    ),
    ...(sorry === null ? [] : [`# sorry server: ${serverText(sorry)}`]),
    ...(quorum > 1 ? [`# quorum: the weights of the real servers add up to ${quorum} or more`] : []),
    ...(isPartial ? ['# real servers of this service were left out'] : []),
  ];
}

const methods: Readonly<Record<string, string>> = { Masq: '-m', Route: '-g', Tunnel: '-i' };
