// The policy's file, in YAML: what counts as wrong, what links and services can carry, what is known already. docs/policy.md is the reference
// of its keys; a test holds the two together.
//
//   findings: {surge: 4, disk-free: 5G}
//   capacity:
//     director: {bits: 10G}
//     services: [{match: "198.51.100.*", bits: 1G}]
//   topology: /etc/lvs-stats/topology.csv
//   silence:
//     - {finding: "share-off/192.0.2.1:80", until: 2026-12-24, why: "a canary"}
//   probes:
//     - {name: conntrack, file: /proc/sys/net/netfilter/nf_conntrack_count, findings: [{when: is above 200000}]}

import { dirname, resolve } from 'node:path';
import { isScalar } from 'yaml';
import { standardThresholds, type Thresholds } from '../../model/finding/thresholds.js';
import type { Capacity, CapacityLimit } from '../../model/policy/capacity.js';
import { noClients } from '../../model/policy/clients.js';
import { standardLinks } from '../../model/policy/links.js';
import { standardPaging } from '../../model/policy/paging.js';
import { type Policy, standardPolicy } from '../../model/policy/policy.js';
import { maxPattern, maxReason, type Silence } from '../../model/policy/silence.js';
import { parseTime } from '../../model/time/parse-time.js';
import { noTopology } from '../../model/topology/topology.js';
import { parseYaml } from '../yaml-text.js';
import { clientsPart } from './clients-form.js';
import { amount, bytes, count, duration, fields, list, number, type PolicyKey, part, text, value } from './form.js';
import { linksPart } from './links-form.js';
import { mailPart } from './mail-form.js';
import { pagesPart } from './pages-form.js';
import { probeOf, probes } from './probe-form.js';
import { groupsPart, redundancyPart } from './redundancy-form.js';
import { type TopologySource, topologyPart } from './topology/topology-form.js';

const findings = fields({
  'open-after': count('readings with a fault after which its finding opens', 100),
  'close-after': count('readings without the fault after which it closes', 100),
  collapse: part('the part of the usual rate below which traffic has collapsed'),
  surge: number('how many times the usual rate is a surge', 1),
  'share-off': part('how far a share may be from the promised one, as a part of it'),
  'processor-excess': part("how much more than an even share a processor may handle, as a part of the others' shares"),
  'chain-length': number('connections to a chain of the connection table', 0),
  neighbours: part('the part of `gc_thresh3` from which the table of neighbours is nearly full'),
  conntrack: part('the part of `nf_conntrack_max` from which the table of tracked connections is nearly full'),
  spare: number('how many times the most it ever held a real server may get if the busiest one dies', 1),
  'accepted-after': duration('after which a real server or a service that left counts as gone for good'),
  'disk-free': bytes('free space below which the disk of the archives is nearly full'),
});

const limits = {
  bits: amount('bits per second, in either direction'),
  new: amount('new connections per second'),
  open: amount('open connections'),
};

const capacity = fields({
  director: fields(limits),
  services: list(
    fields(
      {
        match: text('the services: an address, a name or a pattern', { values: 'as in --match', most: maxPattern }),
        ...limits,
      },
      { required: ['match'], oneOf: Object.keys(limits) },
    ),
  ),
});

const silence = list(
  fields(
    {
      finding: text('a finding as "lvs-stats silence" lists it, or a pattern with *', {
        values: 'text',
        most: maxPattern,
      }),
      until: value({
        values: 'a date, such as 2026-12-24',
        about: 'when the silence ends; without it, when the entry is removed',
        parse: (read) => {
          if (!/^\d{4}-/.test(read)) throw new Error('write a date, such as 2026-12-24 or "2026-12-24 14:30"');
          try {
            return parseTime(read, 0);
          } catch {
            throw new Error('there is no such date: write 2026-12-24 or "2026-12-24 14:30"');
          }
        },
      }),
      why: text('the reason, shown beside the silenced finding', { values: 'text', most: maxReason }),
    },
    { required: ['finding', 'why'] },
  ),
);

const form = fields({
  findings,
  capacity,
  topology: topologyPart,
  pages: pagesPart,
  mail: mailPart,
  redundancy: redundancyPart,
  groups: groupsPart,
  silence,
  probes,
  links: linksPart,
  clients: clientsPart,
  'refused-agents': list(
    text('an agent whose reports are refused, though its key is right', { values: 'its name', most: 63 }),
  ),
});

type PolicyFile = ReturnType<typeof form.read>;

/** The keys of the file, for the reference. */
export const policyKeys: readonly PolicyKey[] = form.keys('');

/** A policy whose topology may be elsewhere. */
export interface ParsedPolicy {
  readonly policy: Policy;
  /** Where the topology is; null if none is stated. */
  readonly topology: TopologySource | null;
}

/** Parses the file's text. Throws a `UserError` that names the wrong line. */
export function parsePolicy(source: string, file: string): ParsedPolicy {
  const { contents, place } = parseYaml(source, file, 'findings: {surge: 4}');
  if (contents === null || (isScalar(contents) && contents.value === null))
    return { policy: standardPolicy, topology: null };
  const read = form.read(contents, { path: '', place });
  const topology = read.topology ?? null;
  return {
    policy: {
      thresholds: thresholdsOf(read.findings ?? {}),
      capacity: capacityOf(read.capacity ?? {}),
      silences: (read.silence ?? []).map(silenceOf),
      probes: (read.probes ?? []).map(probeOf),
      links: read.links ?? standardLinks,
      clients: read.clients ?? noClients,
      refusedAgents: read['refused-agents'] ?? [],
      paging: read.pages ?? standardPaging,
      mail: read.mail ?? null,
      redundancy: read.redundancy ?? [],
      groups: read.groups ?? [],
      topology: topology?.kind === 'list' ? topology.topology : noTopology,
    },
    topology: topology?.kind === 'file' ? { ...topology, file: resolve(dirname(file), topology.file) } : topology,
  };
}

function thresholdsOf(read: NonNullable<PolicyFile['findings']>): Thresholds {
  const standard = standardThresholds;
  return {
    openCycles: read['open-after'] ?? standard.openCycles,
    closeCycles: read['close-after'] ?? standard.closeCycles,
    collapse: read.collapse ?? standard.collapse,
    surge: read.surge ?? standard.surge,
    shareOff: read['share-off'] ?? standard.shareOff,
    processorExcess: read['processor-excess'] ?? standard.processorExcess,
    chainLength: read['chain-length'] ?? standard.chainLength,
    neighbourPart: read.neighbours ?? standard.neighbourPart,
    conntrackPart: read.conntrack ?? standard.conntrackPart,
    spare: read.spare ?? standard.spare,
    acceptedAfterS: read['accepted-after'] ?? standard.acceptedAfterS,
    diskFreeBytes: read['disk-free'] ?? standard.diskFreeBytes,
  };
}

type ReadLimits = { readonly [K in keyof typeof limits]?: number | undefined };

function capacityOf({ director = {}, services = [] }: NonNullable<PolicyFile['capacity']>): Capacity {
  return [...limitsOf('director', director), ...services.flatMap(({ match, ...own }) => limitsOf(match, own))];
}

function limitsOf(of: string, { bits, new: fresh, open }: ReadLimits): readonly CapacityLimit[] {
  const all = [
    ['bitsPerS', bits],
    ['newConnectionsPerS', fresh],
    ['openConnections', open],
  ] as const;
  return all.flatMap(([measure, limit]) => (limit === undefined ? [] : [{ of, measure, limit }]));
}

function silenceOf({ finding, until, why }: NonNullable<PolicyFile['silence']>[number]): Silence {
  return { pattern: finding, untilS: until ?? null, why, sinceS: null };
}
