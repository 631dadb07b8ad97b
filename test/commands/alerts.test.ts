// `lvs-stats alerts`: the files it writes, and those that it leaves alone.

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run, scratch } from './program.js';

const newFolder = scratch();
const names = ['alertmanager.yml', 'lvs.rules.test.yml', 'lvs.rules.yml'];

function policyOf(text: string): string {
  const file = join(newFolder('policy'), 'policy.yaml');
  writeFileSync(file, text);
  return file;
}

const racks = `pages: {rack-part: 50%}
topology:
  - {host: web01, addresses: [10.1.0.0/24], rack: r01, dc: tx}
  - {host: web02, addresses: [10.2.0.0/24], rack: r01, dc: tx}
`;

const alerts = (out: string, policy: string, ...more: readonly string[]) =>
  run(['alerts', '--data', newFolder(), '--out', out, '--policy', policy, ...more]);

const textsIn = (folder: string) => names.map((name) => readFileSync(join(folder, name), 'utf8'));

test('the same policy gives the same bytes, and a second run changes nothing', async () => {
  const [one, other] = [join(newFolder(), 'new'), newFolder()];
  const policy = policyOf(racks);
  const first = await alerts(one, policy);
  expect([first.status, first.stderr]).toEqual([0, '']);
  expect(readdirSync(one).toSorted()).toEqual(names);
  await alerts(other, policy);
  expect(textsIn(one)).toEqual(textsIn(other));
  expect(textsIn(one).join()).toContain('0.5 * lvs:rack_hosts');
  const again = await alerts(one, policy);
  expect(again.stdout.match(/^unchanged /gm)).toHaveLength(3);
  const longer = await alerts(one, policy, '--scrape-interval', '90s');
  expect(longer.stdout.match(/^replaced /gm)).toHaveLength(3);
  expect(textsIn(one)).not.toEqual(textsIn(other));
}, 1_800_000);

test('a file of somebody else stays, and nothing is written beside it, unless forced', async () => {
  const out = newFolder();
  writeFileSync(join(out, 'alertmanager.yml'), 'route: {receiver: mine}\n');
  const refused = await alerts(out, policyOf(racks));
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain(`${out}/alertmanager.yml was written or changed by hand`);
  expect(refused.stderr).toContain('--force');
  expect(readdirSync(out)).toEqual(['alertmanager.yml']);
  expect((await alerts(out, policyOf(racks), '--force')).status).toBe(0);
  expect(readFileSync(join(out, 'alertmanager.yml.orig'), 'utf8')).toBe('route: {receiver: mine}\n');
}, 1_800_000);

test('the receivers become part of the configuration, which only those may read who may read them', async () => {
  const receivers = join(newFolder('receivers'), 'receivers.yaml');
  const text = 'receivers:\n  - {name: lvs-pages, webhook_configs: [{url: "http://127.0.0.1:1/x"}]}\n';
  writeFileSync(receivers, `${text}  - name: lvs-watchdog\n  - name: others\n`, { mode: 0o640 });
  const out = newFolder();
  expect((await alerts(out, policyOf(racks), '--receivers', receivers)).status).toBe(0);
  expect(readFileSync(join(out, 'alertmanager.yml'), 'utf8')).toContain(text);
  expect(statSync(join(out, 'alertmanager.yml')).mode & 0o777).toBe(0o640);
}, 1_800_000);

test('without racks, a message says what that means', async () => {
  const { status, stderr } = await alerts(newFolder(), policyOf('findings: {}\n'));
  expect([status, stderr]).toEqual([0, expect.stringContaining('no topology with racks')]);
}, 1_800_000);

describe('nothing is written with', () => {
  const receivers = join(newFolder('receivers'), 'receivers.yaml');
  writeFileSync(receivers, 'receivers: [{name: lvs-pages}]\n');
  const routed = join(newFolder('receivers'), 'receivers.yaml');
  writeFileSync(routed, 'route: {receiver: x}\n');
  test.each<readonly [title: string, policy: string, more: readonly string[], says: string]>([
    ['a policy that is wrong', 'pages: {rack-part: 5}\n', [], 'pages.rack-part'],
    ['receivers that lack one', racks, ['--receivers', receivers], 'lvs-watchdog and others are missing'],
    ['routes among the receivers', racks, ['--receivers', routed], '"route" does not belong here'],
    ['a scrape interval that Prometheus forgets', racks, ['--scrape-interval', '5m'], 'from 1s to 2m'],
    ['no time', racks, ['--skew', 'soon'], 'such as 15s'],
  ])(
    '%s',
    async (_, policy, more, says) => {
      const out = join(newFolder(), 'out');
      const { status, stdout, stderr } = await alerts(out, policyOf(policy), ...more);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toContain(says);
      expect(existsSync(out)).toBe(false);
    },
    1_800_000,
  );
});
