// The precedence of settings: the command line, then the environment, then the file, then the default.

import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { readBounded } from '../files/read-file.js';
import { setPatience } from '../model/patience.js';
import { UserError } from '../model/user-error.js';
import { setLogStyle } from './log.js';

/** The file of settings unless `--config` names another. */
const defaultSettingsFile = '/etc/lvs-stats.yaml';

/** Options that can be set permanently, not only on the command line. */
export const settable = [
  'data',
  'director',
  'ipvsadm',
  'haproxy',
  'haproxy-ca',
  'retention',
  'policy',
  'drift-keepalived',
  'drift-config-id',
  'drift-golden',
  'drift-against',
  'draw',
  'budget',
  'listen',
  'auth',
  'base-path',
  'host',
  'proxy',
  'on-finding',
  'alertmanager',
  'heartbeat',
  'push-to',
  'push-login',
  'push-ca',
  'to',
  'ca',
  'role',
  'dc',
  'import',
  'nginx-status',
  'nginx-log',
  'serf',
  'serf-auth',
  'probe-logins',
  'join-from',
  'join-cidr',
  'peer-metrics',
  'mackerel-key',
  'mackerel-service',
  'mackerel-host',
  'mackerel-url',
  'log-format',
] as const;

/** The name of a setting: that of its option, also used in the file. */
export type SettingName = (typeof settable)[number];

/** Gives a command's options their environment variables, and adds the option that names the file. */
export function acceptSettings(command: Command): void {
  for (const option of command.options) {
    const name = option.long?.slice(2) ?? '';
    const isSettable = settable.some((one) => one === name);
    if (isSettable && option.envVar === undefined) acceptVariable(command, option.env(variableOf(name)));
  }
  command.addOption(
    new Option('--config <file>', 'the settings file').env('LVS_STATS_CONFIG').default(defaultSettingsFile),
  );
}

/** Commander reads only the variables that an option has when it is added. */
function acceptVariable(command: Command, option: Option): void {
  command.on(`optionEnv:${option.name()}`, (value: string) => {
    try {
      const parsed: unknown = option.parseArg?.(value, undefined) ?? value;
      command.setOptionValueWithSource(option.attributeName(), parsed, 'env');
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      command.error(`error: "${value}" in the variable ${option.envVar} is not understood: ${why}`);
    }
  });
}

/** Applies settings from the file for options that the command line and the environment leave open, and sets the log style. */
export async function configure(command: Command): Promise<void> {
  setPatience(process.env['LVS_STATS_PATIENCE']);
  try {
    await applyFile(command);
  } catch (error) {
    if (command.name() !== 'doctor' || !(error instanceof UserError)) throw error;
  }
  const { logFormat, quiet } = command.opts<{ logFormat?: 'text' | 'json'; quiet?: boolean }>();
  setLogStyle({ format: logFormat ?? 'text', isQuiet: quiet ?? false });
}

async function applyFile(command: Command): Promise<void> {
  const file = command.opts<{ config?: string }>().config;
  if (file === undefined || takesNone.includes(command.name())) return;
  const text = readSettingsFile(file, command.getOptionValueSource('config') !== 'default');
  if (text === null) return;
  const { parseSettings } = await import('./settings-file.js');
  const { wrong } = await import('./yaml-text.js');
  for (const { name, text: value, place } of parseSettings(text, file)) {
    const option = command.options.find(({ long }) => long === optionOf(command, name));
    if (option === undefined || isSaid(command, option.attributeName())) continue;
    try {
      const parsed: unknown = option.parseArg?.(value, undefined) ?? value;
      command.setOptionValueWithSource(option.attributeName(), parsed, 'config');
    } catch (error) {
      throw wrong(place, `"${name}": ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** The option of a setting. Those of `push` are set as for `serve --push-to`: `to` and `ca` are an agent's. */
function optionOf(command: Command, name: SettingName): string | null {
  if (command.name() !== 'push') return `--${name}`;
  if (name.startsWith('push-')) return `--${name.slice('push-'.length)}`;
  return name === 'to' || name === 'ca' ? null : `--${name}`;
}

/** A demonstration does not belong to the director of these settings; the doctor checks the file itself. */
const takesNone = ['demo'];

function isSaid(command: Command, attribute: string): boolean {
  const source = command.getOptionValueSource(attribute);
  return source !== undefined && source !== 'default';
}

/** Some settings and their comments. */
const maxBytes = 2 ** 16;

/** The text of the file; null when there is none and nobody named it. */
export function readSettingsFile(file: string, isNamed: boolean): string | null {
  if (!isNamed && !existsSync(file)) return null;
  return readConfiguration(file, { maxBytes, what: 'the settings', option: '--config' });
}

/** A file of configuration, for the message if it cannot be read. */
interface ConfigurationFile {
  readonly maxBytes: number;
  /** `the settings`. */
  readonly what: string;
  /** The option that names the file. */
  readonly option: string;
}

/** The text of a file of configuration. Throws a `UserError` when it cannot be read. */
export function readConfiguration(file: string, { maxBytes: most, what, option }: ConfigurationFile): string {
  try {
    return readBounded(file, most).toString();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `cannot read ${what} in ${file}: ${why}; correct ${option}, or let this user read it`;
    throw new UserError('bad-config', message);
  }
}

/** The environment variable of a setting. */
export function variableOf(name: string): string {
  return `LVS_STATS_${name.toUpperCase().replaceAll('-', '_')}`;
}
