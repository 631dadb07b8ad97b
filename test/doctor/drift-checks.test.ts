// The references of drift as the doctor sees them.

import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkDrift } from '../../src/doctor/drift-checks.js';

const root = mkdtempSync(join(tmpdir(), 'lvs-drift-checks-'));
afterAll(() => rmSync(root, { recursive: true }));

const well = 'virtual_server 192.0.2.1 80 {\n  protocol TCP\n  real_server 198.51.100.1 80 {\n  }\n}\n';

function written(name: string, text: string): string {
  const file = join(root, name);
  writeFileSync(file, text, { mode: 0o644 });
  return file;
}

const none = { keepalived: null, golden: null, against: null };

describe('the references of drift', () => {
  test('are fine where they are understood', async () => {
    const file = written('keepalived.conf', well);
    const golden = written('golden', '-A -t 192.0.2.1:80 -s rr\n');
    const checks = await checkDrift({ keepalived: { file, configId: '' }, golden, against: null }, root);
    expect(checks.map(({ state, finding }) => [state, finding])).toEqual([
      ['ok', `${file} has 1 service`],
      ['ok', `${golden} has 1 service`],
    ]);
  });

  test('are a warning where they are not understood in full, and a problem where they cannot be read', async () => {
    const file = written('odd.conf', `${well}odd\n`);
    const checks = await checkDrift(
      { keepalived: { file, configId: '' }, golden: join(root, 'missing'), against: '/nonexistent/ipvsadm' },
      root,
    );
    expect(checks.map(({ state }) => state)).toEqual(['warning', 'problem', 'problem']);
    expect(checks[0]?.finding).toContain(`${file}:6: unknown word: "odd"`);
  });

  test.skipIf(process.getuid?.() !== 0)(
    'are a problem where only root may read them, and another user collects',
    async () => {
      const file = written('private.conf', well);
      chownSync(file, 0, 0);
      chmodSync(file, 0o600);
      const keepalived = { file, configId: '' };
      expect((await checkDrift({ ...none, keepalived }, root)).map(({ state }) => state)).toEqual(['ok']);
      mkdirSync(join(root, 'etc/systemd/system'), { recursive: true });
      writeFileSync(join(root, 'etc/systemd/system/lvs-stats-collect.service'), '[Service]\nUser=stats\n');
      const [, reach] = await checkDrift({ ...none, keepalived }, root);
      expect(reach).toMatchObject({
        state: 'problem',
        finding: `only root may read ${file}, but stats collects`,
        remedy: `setfacl -m u:stats:r ${file}`,
      });
      const unit = join(root, 'etc/systemd/system/lvs-stats-collect.service');
      writeFileSync(unit, `[Service]\nUser=stats\nLoadCredential=drift-keepalived:${file}\n`);
      expect(await checkDrift({ ...none, keepalived }, root)).toHaveLength(1);
      writeFileSync(file, `${well}${'# a comment\n'.repeat(50_000)}`);
      expect((await checkDrift({ ...none, keepalived }, root))[1]?.finding).toMatch(
        /systemd does not start a collector/,
      );
      writeFileSync(file, well);
      writeFileSync(unit, '[Service]\nUser=stats\n');
      chmodSync(file, 0o640);
      expect(await checkDrift({ ...none, keepalived }, root)).toHaveLength(1);
    },
  );
});
