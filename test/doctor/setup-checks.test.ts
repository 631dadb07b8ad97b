// The doctor's checks of the schedule and the settings, on temporary root folders.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkPolicy, checkSchedule, checkSettings } from '../../src/doctor/setup-checks.js';
import { cronFile } from '../../src/setup/cron-file.js';
import { unitFiles } from '../../src/setup/units.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lvs-stats-doctor-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const installation = {
  title: 'lvs-stats',
  settings: null,
  node: '/usr/bin/node',
  program: '/opt/lvs-stats/bin/lvs-stats',
  version: '1.0.0',
  dataDir: '/var/lib/lvs-stats',
  user: 'lvs-stats',
  stepS: 300,
  retention: null,
  handed: [],
  reader: null,
};

function put(path: string, text = ''): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function putPrograms(): void {
  for (const path of [installation.node, installation.program, '/usr/bin/setpriv']) put(path);
}

test('a missing schedule is no problem, and the finding names the command that installs one', () => {
  expect(checkSchedule(root, null)).toMatchObject({ state: 'ok', finding: expect.stringContaining('lvs-stats setup') });
});

test('a cron line is a problem once its program is gone', () => {
  const { path, text } = cronFile(installation, '/usr/bin/setpriv');
  put(path, text);
  putPrograms();
  expect(checkSchedule(root, null)).toMatchObject({ state: 'ok' });
  rmSync(join(root, installation.node));
  expect(checkSchedule(root, null)).toMatchObject({
    state: 'problem',
    finding: 'cron runs /usr/bin/node, which no longer exists',
    remedy: 'lvs-stats setup --cron',
  });
});

test('a timer must be enabled', () => {
  for (const { path, text } of unitFiles(installation)) put(path, text);
  putPrograms();
  expect(checkSchedule(root, null)).toMatchObject({
    state: 'problem',
    finding: expect.stringContaining('not enabled'),
  });
  put('etc/systemd/system/timers.target.wants/lvs-stats-collect.timer');
  expect(checkSchedule(root, null)).toMatchObject({ state: 'ok', finding: 'systemd collects every 5 minutes' });
  put('etc/cron.d/lvs-stats');
  expect(checkSchedule(root, null)).toMatchObject({ state: 'warning' });
});

test.each([60, 300, 600, 3600])('a schedule of %i s is recognised, and a problem if the settings differ', (stepS) => {
  const { path, text } = cronFile({ ...installation, stepS }, '/usr/bin/setpriv');
  put(path, text);
  putPrograms();
  expect(checkSchedule(root, stepS)).toMatchObject({ state: 'ok' });
  expect(checkSchedule(root, 120)).toMatchObject({ state: 'problem', remedy: 'lvs-stats setup --cron' });
  rmSync(join(root, path));
  for (const unit of unitFiles({ ...installation, stepS })) put(unit.path, unit.text);
  put('etc/systemd/system/timers.target.wants/lvs-stats-collect.timer');
  expect(checkSchedule(root, stepS)).toMatchObject({ state: 'ok' });
  expect(checkSchedule(root, 120)).toMatchObject({ state: 'problem', remedy: 'lvs-stats setup --systemd' });
});

test('each of several directors is checked', () => {
  const lb2 = { ...installation, title: 'lvs-stats-lb2', node: '/opt/node/bin/node' };
  for (const { path, text } of [cronFile(installation, '/usr/bin/setpriv'), ...unitFiles(lb2)]) put(path, text);
  put('etc/systemd/system/timers.target.wants/lvs-stats-lb2-collect.timer');
  putPrograms();
  expect(checkSchedule(root, null)).toMatchObject({
    state: 'problem',
    remedy: 'lvs-stats setup --systemd --instance lb2',
  });
  put(lb2.node);
  expect(checkSchedule(root, null)).toMatchObject({
    state: 'ok',
    finding: 'cron or systemd collects every 5 minutes, 2 directors',
  });
  put('etc/cron.d/lvs-stats-lb2');
  expect(checkSchedule(root, null)).toMatchObject({
    state: 'warning',
    remedy: 'lvs-stats setup --cron --instance lb2 --remove',
  });
});

test('wrong settings are a problem, and settings that others can write a warning', () => {
  const file = join(root, 'lvs-stats.yaml');
  expect(checkSettings(file, null).state).toBe('ok');
  expect(checkSettings(file, `${file}:1:1: no`)).toMatchObject({ state: 'problem', finding: `${file}:1:1: no` });
  writeFileSync(file, '');
  expect(checkSettings(file, null).state).toBe(process.getuid?.() === 0 ? 'ok' : 'warning');
});

test('a policy that is not in force is a problem, with its line', () => {
  expect(checkPolicy(null).state).toBe('ok');
  expect(checkPolicy('policy.yaml:3:1: no')).toMatchObject({ state: 'problem', finding: 'policy.yaml:3:1: no' });
});
