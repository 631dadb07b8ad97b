// A graph as text, so that the map of an hour can be kept. JSON with a version:
//
//   {"version": 1, "time": 1795271760, "roles": ["clients", …],
//    "nodes": [["host:web01", "host", 3, "tx", "tx/r01", 1, ["10.0.1.1"]], …],       id, kind, role, dc, rack, known, members
//    "from": […], "to": […], "connections": [5, null, …], "links": […], "lost": […], "stale": […],
//    "pools": [["tcp_192.0.2.1_80", [["10.0.1.1_80", 100, "web01", "tx/r01", "tx"], …]], …],
//                                   services with their real servers: name, weight, host, rack, dc; missing if they are unknown
//    "findings": [{"kind": "link-lost", "subject": "link/web01/10.1.2.3", …}, …]}          those of its nodes; missing if they are unknown

import { isObject } from '../../files/json-object.js';
import type { Finding } from '../../model/finding/finding.js';
import type { FleetGraph, GraphNode } from '../graph/fleet-graph.js';
import type { PlacedPool } from '../placed-pools.js';
import { findingRecords, parseFindings } from './finding-record.js';
import { parsePools, poolRecords } from './pool-record.js';

const version = 1;
const kinds = ['host', 'virtual-service', 'clients', 'dns', 'one-of'] as const;

/** A graph with the time that it is of, epoch seconds. */
export interface KeptGraph {
  readonly timeS: number;
  /** Without the edges of links. */
  readonly graph: FleetGraph;
  /** Those that concerned its nodes; null if they are unknown. */
  readonly findings: readonly Finding[] | null;
  /** The real servers of the table; null if they are unknown. */
  readonly pools: readonly PlacedPool[] | null;
}

/** The text of a graph. */
export function graphText({ timeS, graph, findings, pools }: KeptGraph): string {
  const { nodes, roles, roleOf, from, to, connections, links, lost, stale } = graph;
  return JSON.stringify({
    version,
    time: timeS,
    roles,
    nodes: nodes.map(({ id, kind, dc, rack, isKnown, members }, i) => {
      return [id, kind, roleOf[i], dc, rack, isKnown ? 1 : 0, members];
    }),
    from: Array.from(from),
    to: Array.from(to),
    connections: Array.from(connections, (count) => (Number.isNaN(count) ? null : count)),
    links: Array.from(links),
    lost: Array.from(lost),
    stale: Array.from(stale),
    ...(pools === null ? {} : { pools: poolRecords(pools) }),
    ...(findings === null ? {} : { findings: findingRecords(findings) }),
  });
}

/** The graph of a text. Throws an `Error` that says what is wrong. */
export function parseGraph(text: string): KeptGraph {
  const read: unknown = JSON.parse(text);
  if (!isObject(read)) throw new Error('it is not a map');
  if (read['version'] !== version) throw new Error(`its version is ${JSON.stringify(read['version'])}, not ${version}`);
  const { time, roles } = read;
  if (typeof time !== 'number' || !Number.isSafeInteger(time)) throw new Error('its time is missing');
  if (!isTexts(roles)) throw new Error('its roles are not names');
  const listed: readonly unknown[] = Array.isArray(read['nodes']) ? read['nodes'] : [];
  const nodes = listed.map((own, i) => nodeOf(own, i, roles));
  const numbers = (key: string, most: number): readonly number[] => countsOf(read[key], key, most);
  const [from, to] = [numbers('from', nodes.length - 1), numbers('to', nodes.length - 1)];
  const connections = countsOf(read['connections'], 'connections', Number.MAX_SAFE_INTEGER, Number.NaN);
  const [links, lost, stale] = ['links', 'lost', 'stale'].map((key) => numbers(key, 2 ** 32 - 1));
  if ([to, connections, links, lost, stale].some((column) => column?.length !== from.length)) {
    throw new Error('its columns of edges have different lengths');
  }
  return {
    timeS: time,
    findings: parseFindings(read['findings']),
    pools: parsePools(read['pools']),
    graph: {
      nodes: nodes.map(({ node }) => node),
      roles,
      roleOf: Uint32Array.from(nodes, ({ role }) => role),
      from: Uint32Array.from(from),
      to: Uint32Array.from(to),
      connections: Float64Array.from(connections),
      links: Uint32Array.from(links ?? []),
      lost: Uint32Array.from(lost ?? []),
      stale: Uint32Array.from(stale ?? []),
      linkEdges: new Int32Array(0),
      servers: new Map(),
    },
  };
}

function nodeOf(
  value: unknown,
  place: number,
  roles: readonly string[],
): { readonly node: GraphNode; readonly role: number } {
  const [id, kind, role, dc, rack, known, members]: readonly unknown[] = Array.isArray(value) ? value : [];
  const own = kinds.find((one) => one === kind);
  const named = typeof role === 'number' ? roles[role] : undefined;
  if (
    typeof id !== 'string' ||
    own === undefined ||
    typeof role !== 'number' ||
    named === undefined ||
    !isTextOrNull(dc) ||
    !isTextOrNull(rack) ||
    !isTexts(members)
  )
    throw new Error(`the node number ${place + 1} is not of the right form`);
  return { node: { id, kind: own, role: named, dc, rack, isKnown: known === 1, members }, role };
}

function countsOf(value: unknown, key: string, most: number, unknown?: number): readonly number[] {
  const read: readonly unknown[] | null = Array.isArray(value) ? value : null;
  if (read === null) throw new Error(`its "${key}" is missing`);
  return read.map((own) => {
    if (own === null && unknown !== undefined) return unknown;
    if (typeof own === 'number' && Number.isInteger(own) && own >= 0 && own <= most) return own;
    throw new Error(`its "${key}" has ${JSON.stringify(own)?.slice(0, 40)}`);
  });
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
