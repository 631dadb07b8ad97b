// `lvs-stats map`, with captures of a director, and with agents that report to a server.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FleetView } from '../../src/model/map/fleet.js';
import { openKeeper } from '../../src/store/shared/keeper.js';
import { agent, link } from '../map/small-fleet.js';
import { runHere, succeedHere } from './here.js';
import { run, scratch } from './program.js';
import { recordSequence } from './recordings.js';

const newFolder = scratch();

function file(name: string, text: string): string {
  const path = join(newFolder('file'), name);
  writeFileSync(path, text);
  return path;
}

const policy = file(
  'policy.yaml',
  `topology:
  - {host: web11, addresses: [10.1.0.11], rack: r1, dc: tx, role: web}
  - {host: web12, addresses: [10.1.0.12], rack: r2, dc: tx, role: web}
  - {host: web13, addresses: [10.1.0.13], rack: r2, dc: ny, role: web}
clients: [{name: office, networks: [203.0.113.0/24]}]
`,
);

describe('map', async () => {
  const [data, record] = [newFolder(), newFolder('record')];
  // 10.9.1.1:80 has 10.1.0.11 and 10.1.0.12.
  recordSequence(record, 1_700_000_100, 3);
  await succeedHere('replay', record, '--data', data);
  const map = (...args: readonly string[]) => runHere(['map', '--data', data, ...args]);

  test('is that of the table alone without a server with agents, and says so', async () => {
    const { status, stdout, stderr } = await run(['map', '--data', data, '--policy', policy]);
    expect(status).toBe(0);
    expect(stderr).toMatch(/no agents report to a server of .*: this is the map of the table alone/);
    expect(stdout).toMatch(
      /^\d nodes, \d edges?\n\nfrom +to +connections +links +lost +stale\nservices \(\d\) +web \(3\) +\?\n/,
    );
  });

  test.each([
    ['json', /^\{\n {2}"nodes": \[/],
    ['svg', /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /],
    ['dot', /^digraph map \{\n/],
    ['cypher', /^MERGE \(n:Node \{id: 'role:services'\}\) SET /],
  ])('writes %s, the same each time', async (format, begins) => {
    const [first, second] = [await map('--format', format), await map('--format', format)];
    expect(first.stdout).toMatch(begins);
    expect(second.stdout).toBe(first.stdout);
  });

  test('says what breaks without a host', async () => {
    const { status, stdout } = await map('--policy', policy, '--without', 'web11');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Without host web11, \d services? loses? real servers\n\nservice +loses +left\n/);
    expect(stdout).toMatch(/\n10\.9\.1\.1:80 +1 of 2 +1\n/);
    expect(stdout).toMatch(/\n10\.9\.1\.1:80 +web11 +\?\n/);
    const json = await map('--policy', policy, '--without', 'tx/r2', '--format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      without: { level: 'rack', name: 'tx/r2', services: [{ service: '10.9.1.1_80', lost: 1, of: 2, left: 1 }] },
    });
  });

  test('says what breaks without a host of a data file, and without its data centre', async () => {
    const add = file('hosts.yaml', 'nodes: [{name: app9, dc: tx, addresses: [10.1.0.12]}]\n');
    const { stdout } = await map('--add', add, '--without', 'app9');
    expect(stdout).toMatch(/^Without host app9, .*\n\nservice +loses +left\n/);
    expect(stdout).toMatch(/\n10\.9\.1\.1:80 +1 of 2 +1\n/);
    const dc = await map('--add', add, '--without', 'tx');
    expect(dc.stdout).toMatch(
      /^Without data centre tx, .*\n\nservice +loses +left\n(.*\n)*10\.9\.1\.1:80 +1 of 2 +\?\n/,
    );
  });

  test('adds the nodes and edges of a file', async () => {
    const add = file(
      'extra.yaml',
      'nodes: [{name: robot, role: batch}]\nedges: [{from: robot, to: "10.9.1.1:80", connections: 3}]\n',
    );
    const { stdout } = await map('--policy', policy, '--add', add, '--uses', '10.9.1.1');
    expect(stdout).toMatch(/\nrobot +10\.9\.1\.1:80 +3\n/);
  });

  test.each<readonly [what: string, args: readonly string[], says: string]>([
    ['a role that is not there', ['--expand', 'nobody'], 'there is no role "nobody" on the map'],
    ['one role', ['--between', 'web'], 'Name two roles'],
    ['an empty name', ['--exclude', 'web,,db'], 'Write names with commas'],
    ['two questions', ['--unknown', '--uses', '10.9.1.1'], 'use one of --uses, --without and --unknown'],
    ['a host that is not there', ['--without', 'web99'], 'there is no host, rack or data centre "web99"'],
    ['a mark that is not there', ['--uses', 'mark 99'], 'there is no virtual service "mark 99"'],
    ['no file', ['--add', '/no/such/file'], 'cannot read nodes and edges of the map in /no/such/file'],
    ['a wrong file', ['--add', file('wrong.yaml', 'nodes:\n  - {nam: x}\n')], ':2:6: "nodes[0]" has no key "nam"'],
  ])('ends with 2 for %s', async (_, args, says) => {
    const { status, stdout, stderr } = await map('--policy', policy, ...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(says);
  });

  test('has the names that agents of a server resolved', async () => {
    const addresses = ['198.18.0.1', '198.18.0.2'];
    const agents = [agent('db1', ['out 10.2.0.1 198.18.0.2 443 4'], { role: 'db' })];
    const keeper = await openKeeper(data, {
      fleet: () => ({ agents, names: [{ name: 'lb.example.com', addresses }] }),
    });
    try {
      const { stdout } = await map('--policy', policy, '--expand', 'dns');
      expect(stdout).toMatch(/\ndb \(1\) +lb\.example\.com +4\n/);
    } finally {
      await keeper.close();
    }
  });

  test('has the connections and links of agents that report to a server', async () => {
    const fleet: FleetView = {
      agents: [
        agent('db1', ['out 10.2.0.1 10.9.1.1 80 4'], {
          role: 'db',
          links: [link('10.1.0.11', { isLost: true })],
          leftOut: 7,
        }),
        agent('web11', ['in 10.9.1.1 10.2.0.0/24 80 4', 'in 10.9.1.1 203.0.113.0/24 80 9']),
      ],
    };
    const keeper = await openKeeper(data, { fleet: () => fleet });
    try {
      const { stdout, stderr } = await map('--policy', policy, '--expand', 'services,web');
      expect(stdout).toMatch(/\ndb \(1\) +10\.9\.1\.1:80 +4\n/);
      // The server could not keep seven of its connections: they may go to web11.
      expect(stdout).toMatch(/\ndb \(1\) +web11 +\? +1 +1\n/);
      expect(stderr).toContain('the server could not keep all connections of db1');
      // Services may have been removed; hosts that still use them matter all the more.
      const gone = await map('--policy', policy, '--uses', '10.2.0.1');
      expect(gone.stdout).toMatch(
        /^10\.2\.0\.1 is no virtual service now\. The address belongs to db1\. No connection/,
      );
      const server = await map('--policy', policy, '--uses', '10.1.0.11:80', '--format', 'json');
      expect(JSON.parse(server.stdout)).toMatchObject({
        uses: { vip: '10.1.0.11:80', isService: false, services: [] },
      });
      expect(server.stdout).toContain('"to": "host:web11"');
      const users = await map('--policy', policy, '--uses', '10.9.1.1:80');
      expect(users.stdout).toContain('\ndb1 ');
    } finally {
      await keeper.close();
    }
  });
});
