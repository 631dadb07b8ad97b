// The topology in YAML: in the policy, or in a file of its own. See docs/topology.md.
//
//   topology: /etc/lvs-stats/topology.csv
//   topology: {command: [/usr/local/bin/cmdb, lvs]}
//   topology: [{host: web01, addresses: [10.1.0.0/24], rack: r01, dc: tx, role: web}]

import { isMap, isScalar, type Node } from 'yaml';
import { type Topology, type TopologyEntry, topologyOf } from '../../../model/topology/topology.js';
import { startOf, wrong } from '../../yaml-text.js';
import { type Form, fields, list, type Spot, text } from '../form.js';

/** The place of a topology. */
export type TopologySource =
  | { readonly kind: 'list'; readonly topology: Topology }
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'command'; readonly words: readonly string[] };

const longestName = 100;

/** A name in the topology: it is shown, and written in addresses of the viewer. */
export function isPlainName(name: string): boolean {
  return name.length <= longestName && /^[\p{L}\p{N}][\p{L}\p{N} ._:+-]*$/u.test(name) && name === name.trim();
}

/** The permitted names, for messages. */
export const plainNames = `up to ${longestName} letters, digits, blanks and ._:+-`;

function name(about: string): Form<string> {
  return text(about, { values: 'a name', most: longestName }, (read) => {
    if (!isPlainName(read)) throw new Error(`write ${plainNames}`);
  });
}

const entry = fields(
  {
    host: name('the name of the host'),
    addresses: list(text('its addresses and networks', { values: 'such as 10.1.0.5 or 10.1.0.0/24', most: 50 })),
    rack: name('its rack'),
    dc: name('its data centre'),
    role: name('the service that it gives'),
  },
  { required: ['host', 'addresses'] },
);

/** An entry and its place. */
interface Placed {
  readonly entry: TopologyEntry;
  readonly at: string;
}

const placed: Form<Placed> = {
  keys: entry.keys,
  read: (node, spot) => {
    const { host, addresses, rack = null, dc = null, role = null } = entry.read(node, spot);
    const at = spot.place(startOf(node));
    if (addresses.length === 0) throw wrong(at, `the host "${host}" has no addresses`);
    return { entry: { host, addresses, rack, dc, role }, at };
  },
};

const entries = list(placed, 100_000);

/** The form of a list of hosts. */
export const topologyList: Form<Topology> = {
  keys: entries.keys,
  read: (node, spot) => builtFrom(entries.read(node, spot)),
};

/** The topology of entries with their places. Throws a `UserError` that names the wrong one. */
export function builtFrom(all: readonly Placed[]): Topology {
  const built = topologyOf(all.map((one) => one.entry));
  if ('problem' in built) throw wrong(all[built.entry]?.at ?? '', built.problem);
  return built;
}

const file = text('the file, in YAML or CSV', { values: 'a path', most: 1000 });
const command = fields(
  { command: list(text('the command that prints it, in words', { values: 'text', most: 1000 }), 100) },
  { required: ['command'] },
);

/** The form of the part of the policy: a file, a command or a list. */
export const topologyPart: Form<TopologySource> = {
  keys: (path) => [...file.keys(path), ...command.keys(path), ...topologyList.keys(path)],
  read: (node, spot) => {
    if (isScalar(node)) return { kind: 'file', file: file.read(node, spot) };
    if (isMap(node)) return { kind: 'command', words: wordsOf(node, spot) };
    return { kind: 'list', topology: topologyList.read(node, spot) };
  },
};

function wordsOf(node: Node, spot: Spot): readonly string[] {
  const { command: words } = command.read(node, spot);
  if (words.length === 0) throw wrong(spot.place(startOf(node)), `"${spot.path}.command" has no words`);
  return words;
}
