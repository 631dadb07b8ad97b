// Another director that hangs holds up nobody else: its table is read before the collector takes its lock.

import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { printingStep } from '../commands/fakes.js';
import { run, start } from '../commands/program.js';
import { until } from '../until.js';

const folder = mkdtempSync(join(tmpdir(), 'lvs-against-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a director that does not answer yet keeps no other collector from working', async () => {
  const [data, begun, released] = [join(folder, 'data'), join(folder, 'begun'), join(folder, 'released')];
  const slow = join(folder, 'slow-ipvsadm');
  writeFileSync(slow, `#!/bin/sh\ntouch ${begun}\nwhile [ ! -e ${released} ]; do sleep 0.1; done\nexit 1\n`);
  chmodSync(slow, 0o755);
  const args = ['collect', '--data', data, '--no-pictures', '--ipvsadm', printingStep('sequence/003-traffic')];
  const waiting = start([...args, '--drift-against', slow]);
  await until('the other director is being read', () => existsSync(begun));
  expect(await run(args)).toMatchObject({ status: 0 });
  expect(waiting.child.exitCode).toBeNull();
  // A second reading of the same second would be dropped.
  const second = Math.floor(Date.now() / 1000);
  await until('the next second', () => Math.floor(Date.now() / 1000) > second);
  writeFileSync(released, '');
  expect(await waiting.ended).toMatchObject({ status: 0 });
  const { stdout } = await run(['status', '--data', data, '--format', 'json']);
  expect(stdout).toContain(`drift is not judged: \\"${slow} -L -n\\" failed with exit status 1`);
});
