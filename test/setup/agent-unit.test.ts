// The unit of an agent.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { agentPlan, requireAgentKey } from '../../src/setup/agent-unit.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lvs-stats-agent-unit-'));
  mkdirSync(join(root, 'etc'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const installation = { node: '/usr/bin/node', program: '/usr/local/lib/lvs-stats/bin/lvs-stats', version: '1.2.3' };

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
