// Reads keepalived.conf(5) and the files that it includes, as the table that it asks for. What is not understood is left out and noted; only
// a configuration that cannot be read at all is an error. `keepalived -t` is no judge: it fails for mere warnings and missing interfaces.

import { accessSync, constants, statSync } from 'node:fs';
import { addressesOf } from '../../model/drift/address-range.js';
import type { ExpectedService, ExpectedTable } from '../../model/drift/expected.js';
import { serviceName } from '../../model/names/name.js';
import { CollectError } from '../collect-error.js';
import { parseBlocks, type Statement } from './blocks.js';
import { type ConfigBounds, usualBounds } from './bounds.js';
import { type GroupMember, markOf, membersOf } from './group-block.js';
import { topWords } from './keywords.js';
import { configLines } from './lines/config-lines.js';
import { Trail } from './lines/trail.js';
import { quoted, ReadingNotes } from './reading-notes.js';
import { portNumber } from './server-block.js';
import { serviceOf } from './service-block.js';
import { type ServiceSubject, servicesOf } from './spread-service.js';

/** Which configuration to read. */
export interface KeepalivedRequest {
  readonly file: string;
  /** The word for conditional lines, as `keepalived --config-id` takes it. */
  readonly configId: string;
  /** A copy of the file, to be read in its place. */
  readonly copy?: string | null;
  readonly bounds?: ConfigBounds;
}

/** Reads the table that a configuration asks for, and notes what it looks at in a trail. Throws a `CollectError` when its file cannot be read. */
export function readKeepalived(
  { file, configId, copy = null, bounds = usualBounds }: KeepalivedRequest,
  trail: Trail = new Trail(),
): ExpectedTable {
  checkReadable(file, copy ?? file);
  const notes = new ReadingNotes();
  const statements = parseBlocks(configLines(file, { configId, copy, bounds, notes, trail }), notes);
  const draft: Draft = { notes, bounds, groups: new Map(), services: new Map(), leftOut: new Set(), servers: 0 };
  for (const { words, place } of statements) {
    const [word = ''] = words;
    if (!topWords.has(word)) notes.add(place, `unknown word: ${quoted(word)}`);
  }
  noteMarks(statements, notes);
  for (const one of statements) if (one.words[0] === 'virtual_server_group') addGroup(draft, one);
  for (const one of statements) if (one.words[0] === 'virtual_server') addService(draft, one);
  const { services, leftOut } = draft;
  return { services, leftOut, isWhole: notes.isWhole, notes: notes.all() };
}

interface Draft {
  readonly notes: ReadingNotes;
  readonly bounds: ConfigBounds;
  readonly groups: Map<string, readonly GroupMember[]>;
  readonly services: Map<string, ExpectedService>;
  readonly leftOut: Set<string>;
  servers: number;
}

function checkReadable(file: string, readFrom: string): void {
  try {
    accessSync(readFrom, constants.R_OK);
    if (!statSync(readFrom).isFile()) throw new Error('it is not a regular file');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CollectError(
      'no-reference',
      `cannot read keepalived's configuration ${file}: ${why}; is it the right file, and may this user read it?`,
      { cause },
    );
  }
}

/** With nftables_ipvs keepalived makes up a mark for each group. */
function noteMarks(statements: readonly Statement[], notes: ReadingNotes): void {
  for (const { words, block } of statements) {
    if (words[0] !== 'global_defs') continue;
    const found = block?.find((own) => own.words[0]?.startsWith('nftables_ipvs'));
    if (found === undefined) continue;
    notes.leaveOut(
      found.place,
      'nftables_ipvs lets keepalived choose firewall marks for groups: their services are not judged',
    );
  }
}

function addGroup({ groups, bounds, notes }: Draft, statement: Statement): void {
  const [, name = ''] = statement.words;
  const earlier = groups.get(name) ?? [];
  groups.set(name, [...earlier, ...membersOf(statement, bounds.services, notes)]);
}

function addService(draft: Draft, statement: Statement): void {
  const { notes, services, leftOut, bounds } = draft;
  const subject = subjectOf(statement, draft);
  if (subject === null) return;
  const own = serviceOf(statement, notes);
  if (own === null) {
    // Its protocol is unknown, so any of these may be it.
    for (const name of namesOf(subject)) leftOut.add(name);
    return;
  }
  if (own.servers.length === 0 && !own.isPartial) {
    notes.add(statement.place, 'this virtual_server has no real server: keepalived leaves it out');
    return;
  }
  for (const service of servicesOf(own, subject, notes)) {
    if (service.servers.length === 0) {
      if (service.isPartial) leftOut.add(serviceName(service.id));
      else notes.add(statement.place, 'this virtual_server has no real server left: keepalived leaves it out');
      continue;
    }
    draft.servers += service.servers.length;
    if (services.size >= bounds.services || draft.servers > bounds.servers) {
      notes.leaveOut(
        statement.place,
        `services are left out from here on: more than ${bounds.services}, or more than ${bounds.servers} real servers`,
      );
      return;
    }
    addOne(draft, service);
  }
}

/** A second virtual_server of the same address adds its real servers to the first. */
function addOne({ services, notes }: Draft, service: ExpectedService): void {
  const name = serviceName(service.id);
  const first = services.get(name);
  if (first === undefined) {
    services.set(name, service);
    return;
  }
  notes.add(service.place, `a second virtual_server for ${name}: only its real servers count`);
  const known = new Set(first.servers.map(({ address, port }) => `${address} ${port}`));
  const added = service.servers.filter(({ address, port }) => !known.has(`${address} ${port}`));
  services.set(name, {
    ...first,
    servers: [...first.servers, ...added],
    isPartial: first.isPartial || service.isPartial,
  });
}

/** The identity of a virtual_server; null with a note if it is not understood. */
function subjectOf({ words, place }: Statement, { groups, notes, bounds }: Draft): ServiceSubject | null {
  const [, first = '', second] = words;
  if (first === 'group') {
    const members = groups.get(second ?? '');
    if (members !== undefined && members.length > 0) return { members, isGroup: true };
    notes.add(
      place,
      `there is no virtual_server_group ${quoted(second ?? '')}: keepalived leaves this virtual_server out`,
    );
    return null;
  }
  if (first === 'fwmark') {
    const mark = markOf(second);
    if (mark !== null) return { members: [{ kind: 'mark', mark, family: null, place }], isGroup: false };
    notes.leaveOut(place, `this virtual_server is left out: ${quoted(second ?? '')} is not a firewall mark`);
    return null;
  }
  const port = portNumber(second);
  const addresses = addressesOf(first, bounds.services);
  if (port !== null && !('problem' in addresses)) {
    return { members: [{ kind: 'addresses', addresses, port, place }], isGroup: false };
  }
  const why =
    'problem' in addresses ? `of ${quoted(first)}, ${addresses.problem}` : `${quoted(second ?? '')} is not a port`;
  notes.leaveOut(place, `this virtual_server is left out: ${why}`);
  return null;
}

function namesOf({ members }: ServiceSubject): readonly string[] {
  return members.flatMap((member) =>
    member.kind === 'mark'
      ? [serviceName({ kind: 'mark', mark: member.mark, family: member.family ?? 'ipv4' })]
      : member.addresses.flatMap((address) =>
          (['tcp', 'udp', 'sctp'] as const).map((protocol) =>
            serviceName({ kind: 'address', protocol, address, port: member.port }),
          ),
        ),
  );
}
