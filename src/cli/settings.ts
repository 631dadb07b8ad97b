// What every command needs to know before it begins: the data folder, where its settings are, and where messages go.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { visible, visibleMessage } from '../model/text/visible.js';

export { say, sayDefect } from './log.js';

/** The folder that has package.json: the checkout, or the installed package. */
export const packageRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The version of this program. */
export function packageVersion(): string {
  const text = readFileSync(join(packageRoot, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Where data lies when neither `--data` nor `LVS_STATS_DATA` says: never inside an installed package. */
export function defaultDataDir(): string {
  return isCheckout() ? join(packageRoot, 'data') : '/var/lib/lvs-stats';
}

/** How a shell calls this program: by its path in a clone, by its name once it is installed. */
export function commandName(): string {
  return isCheckout() ? 'bin/lvs-stats' : 'lvs-stats';
}

function isCheckout(): boolean {
  return existsSync(join(packageRoot, 'tsconfig.json'));
}

/** The entry of a command in the program's help. */
interface CommandEntry {
  /** The heading it is listed under. */
  readonly group: 'Collect' | 'Look' | 'Watch' | 'Data' | 'Maintain';
  readonly description: string;
  /** The default data folder, where it differs from that of the other commands. */
  readonly dataDir?: string;
}

/** Adds a command with the option all commands have. */
export function addCommand(program: Command, synopsis: string, entry: CommandEntry): Command {
  const { group, description, dataDir = defaultDataDir() } = entry;
  const data = new Option('--data <dir>', 'the data folder').argParser(resolveDir);
  return program
    .command(synopsis)
    .helpGroup(`${group}:`)
    .description(description)
    .addOption(data.env('LVS_STATS_DATA').default(dataDir));
}

/** Where HAProxy's statistics are read from; a URL may hold a password, which the environment keeps to itself. */
export function haproxyOption(): Option {
  const text =
    "read HAProxy's statistics too: its stats socket (a path, tcp@HOST:PORT), http://… of its page, or a file";
  return new Option('--haproxy <source>', text).env('LVS_STATS_HAPROXY');
}

/** The certificates that HAProxy's page is verified with, where the system's do not do. */
export function haproxyCaOption(): Option {
  return new Option(
    '--haproxy-ca <file>',
    'trust the authorities of this PEM file, and no others, with https:// of --haproxy',
  );
}

/** Adds the option of commands that run for hours or from a schedule: their lines as objects, for programs. */
export function addLogFormat(command: Command): Command {
  return command.addOption(
    new Option('--log-format <format>', 'format of messages: text, or one JSON object per line')
      .choices(['text', 'json'])
      .default('text'),
  );
}

/** An option's value as a positive whole number. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Write a whole number above zero.');
  return Number(text);
}

/** Writes a result: to standard output, a line. */
export function print(text: string): void {
  process.stdout.write(`${visibleMessage(text)}\n`);
}

/** Writes a result of several lines. */
export function printText(text: string): void {
  process.stdout.write(`${visible(text)}\n`);
}

function resolveDir(text: string): string {
  if (text === '') throw new InvalidArgumentError('The name of the data folder is empty.');
  return resolve(text);
}
