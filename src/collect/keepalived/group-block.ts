// A virtual_server_group of keepalived.conf(5): addresses, ranges of addresses and firewall marks that share a virtual server.

import { addressesOf, isIpv6Text } from '../../model/drift/address-range.js';
import type { Place } from '../../model/drift/expected.js';
import type { Family } from '../../model/names/identity.js';
import type { Statement } from './blocks.js';
import { quoted, type ReadingNotes } from './reading-notes.js';
import { portNumber } from './server-block.js';

/** A member of a group. */
export type GroupMember =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[]; readonly port: number; readonly place: Place }
  | { readonly kind: 'mark'; readonly mark: number; readonly family: Family | null; readonly place: Place };

/** Reads the members of a group; those that are not understood are left out with a note. */
export function membersOf({ block, place }: Statement, most: number, notes: ReadingNotes): readonly GroupMember[] {
  const members = (block ?? []).flatMap((statement) => memberOf(statement, most, notes) ?? []);
  const families = new Set(members.map(familyOf));
  if (families.size < 3) return members;
  notes.add(place, 'this group has IPv4, IPv6 and a firewall mark without a family: keepalived leaves it out');
  return [];
}

function familyOf(member: GroupMember): Family | null {
  if (member.kind === 'mark') return member.family;
  return isIpv6Text(member.addresses[0] ?? '') ? 'ipv6' : 'ipv4';
}

function memberOf({ words, place }: Statement, most: number, notes: ReadingNotes): GroupMember | null {
  const [first = '', second, third] = words;
  if (first === 'fwmark') {
    const mark = markOf(second);
    if (mark === null) {
      notes.leaveOut(place, `this member of a group is left out: ${quoted(second ?? '')} is not a firewall mark`);
      return null;
    }
    return { kind: 'mark', mark, family: third === 'inet6' ? 'ipv6' : third === 'inet' ? 'ipv4' : null, place };
  }
  const port = portNumber(second);
  const addresses = addressesOf(first, most);
  if (port !== null && !('problem' in addresses)) return { kind: 'addresses', addresses, port, place };
  const why =
    'problem' in addresses ? `of ${quoted(first)}, ${addresses.problem}` : `${quoted(second ?? '')} is not a port`;
  notes.leaveOut(place, `this member of a group is left out: ${why}`);
  return null;
}

/** A firewall mark; null if the text is none. */
export function markOf(text: string | undefined): number | null {
  const mark = text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return mark <= 0xffffffff ? mark : null;
}
