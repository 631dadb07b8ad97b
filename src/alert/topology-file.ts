// The topology that was last in force, in `topology.json` of the data folder (docs/format.md, "Files beside the database"). A server that starts
// while the policy, its file or its command fails would otherwise know no rack, and page the hosts of one whose page is out.

import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../files/json-object.js';
import { readBounded } from '../files/read-file.js';
import { writeWhole } from '../files/whole-file.js';
import type { Topology, TopologyHost } from '../model/topology/topology.js';

const version = 1;
const maxBytes = 2 ** 26;

/** The path of the file. */
export function topologyPath(dataDir: string): string {
  return join(dataDir, 'topology.json');
}

/** The text of the file for a topology. */
export function topologyText({ hosts, tables }: Topology): string {
  const listed = tables.map(({ isIpv6, length, hosts: numbers }) => ({
    isIpv6,
    length,
    hosts: [...numbers].map(([first, host]) => [first.toString(16), host]),
  }));
  return `${JSON.stringify({ version, hosts, tables: listed })}\n`;
}

/** Writes the text, or removes the file for null. Throws what Node throws, and then keeps the old one. */
export function writeTopology(dataDir: string, text: string | null): void {
  if (text !== null) writeWhole(topologyPath(dataDir), text, { mode: 0o640 });
  else rmSync(topologyPath(dataDir), { force: true });
}

/** The topology in the file; null if there is none. Throws an `Error` that says what is wrong with it. */
export function readTopology(dataDir: string): Topology | null {
  const path = topologyPath(dataDir);
  if (!existsSync(path)) return null;
  const read: unknown = JSON.parse(readBounded(path, maxBytes).toString());
  if (!isObject(read) || read['version'] !== version) throw new Error(`${path} is not of version ${version}`);
  const { hosts, tables } = read;
  if (!isListOf(hosts, isHost) || !isListOf(tables, isTable)) throw new Error(`${path} is not of the right form`);
  return {
    hosts,
    tables: tables.map(({ isIpv6, length, hosts: numbers }) => ({
      isIpv6,
      length,
      hosts: new Map(numbers.map(([first, host]) => [BigInt(`0x${first}`), host])),
    })),
  };
}

interface StoredTable {
  readonly isIpv6: boolean;
  readonly length: number;
  readonly hosts: readonly (readonly [first: string, host: number])[];
}

function isHost(value: unknown): value is TopologyHost {
  if (!isObject(value) || typeof value['host'] !== 'string') return false;
  return ['rack', 'dc', 'role'].every((name) => value[name] === null || typeof value[name] === 'string');
}

function isTable(value: unknown): value is StoredTable {
  if (!isObject(value)) return false;
  const { isIpv6, length, hosts } = value;
  return typeof isIpv6 === 'boolean' && typeof length === 'number' && isListOf(hosts, isNetwork);
}

function isNetwork(value: unknown): value is readonly [string, number] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [first, host]: readonly unknown[] = value;
  return typeof first === 'string' && /^[0-9a-f]+$/.test(first) && typeof host === 'number';
}

function isListOf<T>(value: unknown, isRight: (one: unknown) => one is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isRight);
}
