// The unit of an agent.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { agentParts } from '../../src/cli/setup/agent-parts.js';
import { agentPlan, requireAgentKey } from '../../src/setup/agent-unit.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lvs-stats-agent-unit-'));
  mkdirSync(join(root, 'etc'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const installation = {
  node: '/usr/bin/node',
  program: '/usr/local/lib/lvs-stats/bin/lvs-stats',
  version: '1.2.3',
  hasServers: true,
  peers: [],
  handed: [],
};

test('it runs the agent with one capability, a user of its own and its key', () => {
  const [file] = agentPlan({ ...installation, name: null }).files;
  expect(file?.path).toBe('/etc/systemd/system/lvs-stats-agent.service');
  const lines = file?.text.split('\n') ?? [];
  expect(lines).toEqual(
    expect.arrayContaining([
      'ExecStart=/usr/bin/node /usr/local/lib/lvs-stats/bin/lvs-stats agent',
      'DynamicUser=yes',
      'AmbientCapabilities=CAP_NET_RAW',
      'CapabilityBoundingSet=CAP_NET_RAW',
      'LoadCredential=agent-key:/etc/lvs-stats-agent.key',
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
    ]),
  );
  // A later filter adds to an earlier one.
  const filters = lines.filter((line) => line.startsWith('SystemCallFilter='));
  expect(filters).toEqual([
    'SystemCallFilter=@system-service',
    'SystemCallFilter=~@privileged',
    'SystemCallFilter=@setuid',
  ]);
});

test('it names the agent where the machine has another name', () => {
  const [file] = agentPlan({ ...installation, name: 'web01' }).files;
  expect(file?.text).toContain(' agent --name web01\n');
});

test('it needs a key that only root may read', () => {
  expect(() => requireAgentKey(root)).toThrow(/there is no \/etc\/lvs-stats-agent\.key: print the key/);
  const file = join(root, 'etc/lvs-stats-agent.key');
  writeFileSync(file, '0'.repeat(64));
  chmodSync(file, 0o640);
  expect(() => requireAgentKey(root)).toThrow(/chmod 600/);
  chmodSync(file, 0o600);
  expect(() => requireAgentKey(root)).not.toThrow();
});

describe('with Serf', () => {
  const settings = (text: string): void => writeFileSync(join(root, 'etc/lvs-stats.yaml'), text);
  const unitOf = (options: object): string => {
    const parts = agentParts({ root, isDry: false, ...options });
    return agentPlan({ ...installation, name: null, ...parts }).files[0]?.text ?? '';
  };

  test('it needs neither server nor key, and gets the files with keys that only root may read', () => {
    settings('serf-auth: /etc/serf.key\nprobe-logins: /etc/logins\n');
    writeFileSync(join(root, 'etc/serf.key'), 'key', { mode: 0o600 });
    writeFileSync(join(root, 'etc/logins'), 'mysql a b', { mode: 0o600 });
    const unit = unitOf({ serf: '127.0.0.1:7373', serfLeave: true });
    expect(unit).toContain(' agent --serf 127.0.0.1:7373 --serf-leave\n');
    expect(unit.match(/^LoadCredential=.*/gm)).toEqual([
      'LoadCredential=serf-auth:/etc/serf.key',
      'LoadCredential=probe-logins:/etc/logins',
    ]);
  });

  test('settings are not repeated in the unit, and a server still needs its key', () => {
    settings('serf: 127.0.0.1\nto: https://lb1:8443\n');
    const unit = unitOf({ serfWan: true });
    expect(unit).toContain(' agent --serf-wan\n');
    expect(unit).toContain('LoadCredential=agent-key:/etc/lvs-stats-agent.key\n');
  });

  test.each([
    ['', {}, /needs its server, or Serf/],
    ['', { serfWan: true }, /--serf-wan and --serf-leave need Serf/],
    ['', { serf: 'a b' }, /--serf a b is no address/],
    ['serf: a\nserf-auth: /etc/none\n', {}, /there is no \/etc\/none, which the setting serf-auth names/],
    ['serf: a\nmackerel-key: /etc/open\n', {}, /chmod 600 \/etc\/open/],
    ['serf: a\nserf-auth: "/etc/a b"\n', {}, /systemd cannot pass \/etc\/a b \(serf-auth\)/],
  ])('a unit that would not start is refused: %j %j', (text, options, why) => {
    settings(text);
    writeFileSync(join(root, 'etc/open'), 'key', { mode: 0o644 });
    expect(() => unitOf(options)).toThrow(why);
  });
});
