// Another director that hangs holds up nobody else: its table is read before the collector takes its lock.

import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { printingStep } from '../commands/fakes.js';
import { run, start } from '../commands/program.js';
import { until } from '../until.js';

const folder = mkdtempSync(join(tmpdir(), 'lvs-against-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a file that only root may read comes as a credential, and keeps its name', async () => {
  const other = 65_534;
  chmodSync(folder, 0o755);
  const [own, credentials, file] = [join(folder, 'own'), join(folder, 'credentials'), join(folder, 'keepalived.conf')];
  for (const path of [own, credentials]) mkdirSync(path);
  if (process.getuid?.() === 0) chownSync(own, other, other);
  writeFileSync(file, '');
  chmodSync(file, 0);
  const args = [
    'collect',
    '--data',
    join(own, 'data'),
    '--no-pictures',
    '--ipvsadm',
    printingStep('sequence/003-traffic'),
  ];
  const asked = [...args, '--drift-keepalived', file];
  const user = { user: other, env: { CREDENTIALS_DIRECTORY: credentials } };
  const findings = async () =>
    (await run(['status', '--data', join(own, 'data'), '--format', 'json'], { user: other })).stdout;
  const stderr = expect.stringContaining(`drift (keepalived) is not judged: cannot read keepalived's configuration`);
  expect(await run(asked, user)).toMatchObject({ status: 0, stderr });
  expect(await findings()).toContain(`cannot read keepalived's configuration ${file}`);
  writeFileSync(
    join(credentials, 'drift-keepalived'),
    'virtual_server 192.0.2.99 80 {\n protocol TCP\n real_server 198.51.100.1 80 {\n }\n}\n',
    { mode: 0o444 },
  );
  // A second reading of the same second would be dropped.
  const second = Math.floor(Date.now() / 1000);
  await until('the next second', () => Math.floor(Date.now() / 1000) > second);
  expect(await run(asked, user)).toMatchObject({ status: 0 });
  const found = await findings();
  expect(found).toContain('192.0.2.99');
  expect(found).toContain(`${file}:1`);
});

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
