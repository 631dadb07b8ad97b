// The data file of the map (`--add`), YAML or JSON: nodes and edges that nothing else knows.
//
//   nodes:
//     - {name: mainframe, role: legacy, dc: tx, addresses: [10.9.0.1]}
//     - {name: "dns:db.example.com", role: db, addresses: [198.51.100.7, 198.51.100.8]}
//   edges:
//     - {from: mainframe, to: "192.0.2.1:3306"}

import { isScalar, type Node } from 'yaml';
import { type AddedEdge, type AddedMap, type AddedNode, nothingAdded } from '../../map/map-input.js';
import { canonicalAddress } from '../../model/links/target.js';
import { readConfiguration } from '../configure.js';
import { checked, type Form, fields, list, text, value } from '../policy/form.js';
import { isPlainName, plainNames } from '../policy/topology/topology-form.js';
import { parseYaml, startOf } from '../yaml-text.js';

const maxBytes = 2 ** 24;
const maxEntries = 100_000;

const name = text('the name of a host, or dns:NAME', { values: 'a name', most: 100 }, refuseOddName);

function refuseOddName(read: string): void {
  if (!isPlainName(read)) throw new Error(`write ${plainNames}`);
}

const address = value({
  values: 'an address',
  about: 'its addresses',
  parse: (read) => {
    const canonical = canonicalAddress(read);
    if (canonical === null) throw new Error('write an address, such as 10.1.0.5 or "2001:db8::5"');
    return canonical;
  },
});

const placeName = text('its role, or its data centre', { values: 'a name', most: 100 }, refuseOddName);

const node = fields({ name, role: placeName, dc: placeName, addresses: list(address, 1000) }, { required: ['name'] });

const end = text('an end', { values: 'a host, an agent, a service, clients or a node of this file', most: 200 });

const connections = value({
  values: 'a whole number',
  about: 'open connections',
  parse: (read) => {
    if (!/^\d{1,9}$/.test(read)) throw new Error('write a whole number of connections, or leave it out');
    return Number(read);
  },
});

const edge = fields({ from: end, to: end, connections }, { required: ['from', 'to'] });

/** The form of an entry with its place. */
function placed<T, R>(form: Form<T>, made: (read: T, at: string) => R): Form<R> {
  return { keys: form.keys, read: (own, spot) => made(form.read(own, spot), spot.place(startOf(own))) };
}

const nodes = checked(
  list(
    placed(node, ({ name: own, role = null, dc = null, addresses = [] }, at): AddedNode => {
      return { name: own, role, dc, addresses, at };
    }),
    maxEntries,
  ),
  (all) => {
    const seen = new Set<string>();
    for (const { name: own, at } of all) {
      if (seen.has(own)) throw new Error(`"${own}" is there twice, again at ${at}: write all of it in one entry`);
      seen.add(own);
    }
  },
);

const edges = list(
  placed(edge, ({ from, to, connections: count = null }, at): AddedEdge => ({ from, to, connections: count, at })),
  maxEntries,
);

const file = fields({ nodes, edges });

/** Parses a text; `at` names its file. Throws a `UserError` that names the wrong line. */
export function parseAdded(source: string, at: string): AddedMap {
  const { contents, place } = parseYaml(source, at, 'nodes: [{name: mainframe}]');
  if (contents === null || isEmpty(contents)) return nothingAdded;
  const read = file.read(contents, { path: '', place, whole: 'the file' });
  return { nodes: read.nodes ?? [], edges: read.edges ?? [] };
}

function isEmpty(contents: Node): boolean {
  return isScalar(contents) && contents.value === null;
}

/** Reads a data file. Throws a `UserError`. */
export function readAdded(path: string): AddedMap {
  return parseAdded(readConfiguration(path, { maxBytes, what: 'nodes and edges of the map', option: '--add' }), path);
}
