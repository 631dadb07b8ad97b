// Settings come from the command line, else the environment, else the file, else their default.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, expect, test, vi } from 'vitest';
import { acceptSettings, configure } from '../../src/cli/configure.js';
import { setLogStyle } from '../../src/cli/log.js';
import { parseCount } from '../../src/cli/settings.js';
import { patiently, setPatience } from '../../src/model/patience.js';
import { scratch } from '../commands/program.js';

const newFolder = scratch();

afterEach(() => {
  vi.unstubAllEnvs();
  setPatience(undefined);
  setLogStyle({ format: 'text', isQuiet: false });
});

/** The options that a command gets when it runs with a settings file. */
async function optionsOf(args: readonly string[], file: string, name = 'collect'): Promise<Record<string, unknown>> {
  const path = join(newFolder(), 'lvs-stats.yaml');
  writeFileSync(path, file);
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  let seen: Record<string, unknown> = {};
  const command = program.command(name).option('--data <dir>', '', '/default');
  command.option('--budget <seconds>', '', parseCount, 15).option('--auth <file>').option('--no-auth');
  command.action((options) => {
    seen = options;
  });
  acceptSettings(command);
  program.hook('preAction', (_, one) => configure(one));
  await program.parseAsync([name, '--config', path, ...args], { from: 'user' });
  return seen;
}

test('a setting has its default if nothing sets it', async () => {
  expect(await optionsOf([], '')).toMatchObject({ data: '/default', budget: 15 });
});

test('the file overrides the default, in the form of the option', async () => {
  expect(await optionsOf([], 'data: /file\nbudget: 7\nauth: /etc/users')).toMatchObject({
    data: '/file',
    budget: 7,
    auth: '/etc/users',
  });
});

test('the environment overrides the file, and the command line overrides both', async () => {
  vi.stubEnv('LVS_STATS_DATA', '/environment');
  vi.stubEnv('LVS_STATS_BUDGET', '8');
  const file = 'data: /file\nbudget: 7\nauth: /etc/users';
  expect(await optionsOf(['--budget', '9', '--no-auth'], file)).toMatchObject({
    data: '/environment',
    budget: 9,
    auth: false,
  });
});

test('an invalid variable is an error that names it', async () => {
  vi.stubEnv('LVS_STATS_BUDGET', 'soon');
  await expect(optionsOf([], '')).rejects.toThrow(/"soon" in the variable LVS_STATS_BUDGET/);
});

test('an invalid patience is an error that names it', async () => {
  vi.stubEnv('LVS_STATS_PATIENCE', 'long');
  await expect(optionsOf([], '')).rejects.toThrow(/LVS_STATS_PATIENCE is "long": expected a number from 1 to 1000/);
  vi.stubEnv('LVS_STATS_PATIENCE', '3');
  await optionsOf([], '');
  expect(patiently(1000)).toBe(3000);
});

test('a setting of another command is checked and ignored', async () => {
  expect(await optionsOf([], 'listen: 127.0.0.1:9000')).not.toHaveProperty('listen');
  await expect(optionsOf([], 'listen: nowhere')).rejects.toThrow(/lvs-stats\.yaml:1:9: "listen"/);
});

test('a demonstration ignores the file, and the doctor does not fail for it', async () => {
  expect(await optionsOf([], 'data: /file', 'demo')).toMatchObject({ data: '/default' });
  expect(await optionsOf([], 'dta: /file', 'doctor')).toMatchObject({ data: '/default' });
});

test('a settings file named on the command line must exist, the default one need not', async () => {
  await expect(optionsOf(['--config', '/nowhere/lvs-stats.yaml'], '')).rejects.toThrow(/cannot read the settings in/);
  vi.stubEnv('LVS_STATS_CONFIG', '/nowhere/else.yaml');
  expect(await optionsOf([], 'budget: 3')).toMatchObject({ budget: 3 });
});
