// A virtual server of keepalived.conf(5) as the services of the kernel's table: one, or one for each member of its group. Ports are as
// keepalived sets them: only NAT can change a port, and a service by firewall mark has none.

import { isIpv6Text } from '../../model/drift/address-range.js';
import type { ExpectedServer, ExpectedService } from '../../model/drift/expected.js';
import type { SetUp } from '../../model/drift/set-up.js';
import type { Family, ServiceId } from '../../model/names/identity.js';
import type { GroupMember } from './group-block.js';
import type { ReadingNotes } from './reading-notes.js';
import type { ServerDraft } from './server-block.js';
import { type ServiceDraft, usualPersistenceS } from './service-block.js';

/** The subjects of a virtual server: one address, one mark, or the members of a group. */
export interface ServiceSubject {
  readonly members: readonly GroupMember[];
  /** A port that is missing at a server of a group stays open. */
  readonly isGroup: boolean;
}

/** The services of a virtual server. */
export function servicesOf(
  draft: ServiceDraft,
  { members, isGroup }: ServiceSubject,
  notes: ReadingNotes,
): readonly ExpectedService[] {
  const family = familyOf(draft, members);
  const setUp = setUpOf(draft, members);
  const shared = { setUp, quorum: draft.quorum, isPartial: draft.isPartial, place: draft.place };
  return members.flatMap((member) => {
    const isMark = member.kind === 'mark';
    const own = isMark ? (member.family ?? family) : isIpv6Text(member.addresses[0] ?? '') ? 'ipv6' : 'ipv4';
    const port = isMark ? 0 : member.port;
    const ownOf = (server: ServerDraft): readonly ExpectedServer[] =>
      fitted(server, { draft, port, isMark, isGroup, family: own, notes });
    const servers = unique(draft.servers.flatMap(ownOf), notes);
    const sorry = draft.sorry === null ? null : (ownOf(draft.sorry)[0] ?? null);
    const ids: readonly ServiceId[] = isMark
      ? [{ kind: 'mark', mark: member.mark, family: own }]
      : member.addresses.map((address) => ({ kind: 'address', protocol: draft.protocol, address, port }));
    const onePacket = !isMark && draft.protocol !== 'udp' ? { ...setUp, isOnePacket: false } : setUp;
    return ids.map((id) => ({ ...shared, setUp: onePacket, id, servers, sorry }));
  });
}

/** A service without a port is persistent, whether or not that is asked for. */
function setUpOf({ setUp }: ServiceDraft, members: readonly GroupMember[]): SetUp {
  const isPortless = members.some((member) => member.kind === 'addresses' && member.port === 0);
  if (setUp.persistence !== null || !isPortless) return setUp;
  return { ...setUp, persistence: { timeoutS: usualPersistenceS, mask: '', engine: '' } };
}

/** The family of marks that do not name theirs: that of the servers which are not reached by a tunnel, or else of all. */
function familyOf({ family, servers, sorry, forwarding }: ServiceDraft, members: readonly GroupMember[]): Family {
  if (family !== null) return family;
  const all = [...servers, ...(sorry === null ? [] : [sorry])];
  const direct = all.filter((server) => (server.forwarding ?? forwarding) !== 'Tunnel');
  const addresses = members.flatMap((member) => (member.kind === 'addresses' ? member.addresses.slice(0, 1) : []));
  const texts =
    direct.length > 0
      ? direct.map(({ address }) => address)
      : addresses.length > 0
        ? addresses
        : all.map(({ address }) => address);
  return texts.length > 0 && texts.every(isIpv6Text) ? 'ipv6' : 'ipv4';
}

interface Fitting {
  readonly draft: ServiceDraft;
  readonly port: number;
  readonly isMark: boolean;
  readonly isGroup: boolean;
  readonly family: Family;
  readonly notes: ReadingNotes;
}

/** A server of a service; none if its family is another, since keepalived then leaves it out. */
function fitted(
  server: ServerDraft,
  { draft, port, isMark, isGroup, family, notes }: Fitting,
): readonly ExpectedServer[] {
  const forwarding = server.forwarding ?? draft.forwarding;
  if (forwarding !== 'Tunnel' && isIpv6Text(server.address) !== (family === 'ipv6')) {
    notes.add(server.place, 'a server of another address family than its virtual_server: keepalived leaves it out');
    return [];
  }
  const isFree = forwarding === 'Masq' && (server.port !== 0 || isMark || isGroup);
  const { address, place } = server;
  const weight = server.isDynamic ? null : (server.weight ?? draft.weight);
  return [{ address, port: isFree ? server.port : isMark ? 0 : port, forwarding, weight, place }];
}

function unique(servers: readonly ExpectedServer[], notes: ReadingNotes): readonly ExpectedServer[] {
  const seen = new Set<string>();
  return servers.filter(({ address, port, place }) => {
    const key = `${address} ${port}`;
    const isNew = !seen.has(key);
    if (!isNew) notes.add(place, 'this real_server is there twice: keepalived takes the first');
    seen.add(key);
    return isNew;
  });
}
