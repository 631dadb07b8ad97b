// The topology by which a server pages, across restarts.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readTopology, topologyPath } from '../../../src/alert/topology-file.js';
import { pagedTopology } from '../../../src/cycle/served/paged-topology.js';
import { noPolicyFile, type PolicyState } from '../../../src/model/policy/policy.js';
import { hostOfAddress, noTopology, type Topology, topologyOf } from '../../../src/model/topology/topology.js';

const root = mkdtempSync(join(tmpdir(), 'lvs-stats-topology-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function topologyFrom(...hosts: readonly (readonly [host: string, addresses: readonly string[]])[]): Topology {
  const topology = topologyOf(
    hosts.map(([host, addresses]) => ({ host, addresses, rack: 'r1', dc: null, role: 'web' })),
  );
  if ('problem' in topology) throw new Error(topology.problem);
  return topology;
}

const topology = topologyFrom(
  ['web01', ['10.1.0.0/24', '10.2.0.1', '2001:db8:1::/48']],
  ['web02', ['10.1.0.5', '2001:db8:1::5', '0.0.0.0/1']],
);
const addresses = ['10.1.0.4', '10.1.0.5', '10.2.0.1', '2001:db8:1::4', '2001:db8:1::5', '9.9.9.9', '200.1.1.1', '::1'];

function stateOf(own: Topology, problem: string | null = null): PolicyState {
  const policy = { ...noPolicyFile.policy, topology: own };
  return { ...noPolicyFile, policy, problem: problem === null ? null : { sinceS: 1, text: problem } };
}

const fails = stateOf(noTopology, 'the command failed');

describe('the topology of pages', () => {
  let dataDir = '';
  let reports: string[] = [];
  beforeEach(() => {
    dataDir = mkdtempSync(join(root, 'data-'));
    reports = [];
  });

  /** That of a new process. */
  const started = () => pagedTopology({ dataDir, inTurn: (work) => work(), report: (text) => reports.push(text) });

  test('is the one from before a restart while it cannot be read, with the host of every address', async () => {
    expect(await started()(stateOf(topology))).toBe(topology);
    const restarted = started();
    const kept = await restarted(fails);
    expect(kept.hosts).toEqual(topology.hosts);
    for (const address of addresses) expect(hostOfAddress(kept, address)).toEqual(hostOfAddress(topology, address));
    // The places of real servers are known by the object.
    expect(await restarted(fails)).toBe(kept);
    const other = topologyFrom(['web03', ['10.3.0.1']]);
    expect(await restarted(stateOf(other))).toBe(other);
    expect((await started()(fails)).hosts).toEqual(other.hosts);
    expect(reports).toEqual([]);
  });

  test('is forgotten when the policy has none', async () => {
    await started()(stateOf(topology));
    expect(await started()(stateOf(noTopology))).toBe(noTopology);
    expect(existsSync(topologyPath(dataDir))).toBe(false);
    expect(await started()(fails)).toBe(noTopology);
  });

  test.each([
    ['{', /cannot be read: .*JSON/],
    ['{"version":2}', /topology\.json is not of version 1/],
    ['{"version":1,"hosts":[{"host":"a"}],"tables":[]}', /topology\.json is not of the right form/],
    [
      '{"version":1,"hosts":[],"tables":[{"isIpv6":false,"length":32,"hosts":[["x",0]]}]}',
      /topology\.json is not of the right form/,
    ],
  ])('is none if the file is wrong, which is reported: %s', async (text, says) => {
    writeFileSync(topologyPath(dataDir), text);
    const current = started();
    expect(await current(fails)).toBe(noTopology);
    await current(fails);
    expect(reports).toEqual([expect.stringMatching(says)]);
    await current(stateOf(topology));
    expect(readTopology(dataDir)?.hosts).toEqual(topology.hosts);
  });

  test('is in force though it cannot be kept, which is reported once', async () => {
    rmSync(dataDir, { recursive: true });
    const current = started();
    expect(await current(stateOf(topology))).toBe(topology);
    await current(stateOf({ ...topology }));
    expect(reports).toEqual([expect.stringMatching(/^the topology is not kept for a restart: ENOENT/)]);
  });
});
