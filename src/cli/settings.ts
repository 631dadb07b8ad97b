// Basics that every command needs: the data folder, the places of its settings, and the output of results.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { visible, visibleMessage } from '../model/text/visible.js';

export { say, sayDefect } from './log.js';

/** The folder with package.json: the checkout, or the installed package. */
export const packageRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The version of this program. */
export function packageVersion(): string {
  const text = readFileSync(join(packageRoot, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** The data folder when neither `--data` nor `LVS_STATS_DATA` is given: never inside an installed package. */
export function defaultDataDir(): string {
  return isCheckout() ? join(packageRoot, 'data') : '/var/lib/lvs-stats';
}

/** The command for a shell to call this program: its path in a clone, its name once installed. */
export function commandName(): string {
  return isCheckout() ? 'bin/lvs-stats' : 'lvs-stats';
}

function isCheckout(): boolean {
  return existsSync(join(packageRoot, 'tsconfig.json'));
}

/** The entry of a command in the program's help. */
interface CommandEntry {
  /** The heading in the list of commands. */
  readonly group: 'Collect' | 'Look' | 'Watch' | 'Data' | 'Maintain';
  readonly description: string;
  /** The default data folder, if it differs from that of the other commands. */
  readonly dataDir?: string;
}

/** Adds a command with the option that all commands share. */
export function addCommand(program: Command, synopsis: string, entry: CommandEntry): Command {
  const { group, description, dataDir = defaultDataDir() } = entry;
  const data = new Option('--data <dir>', 'the data folder').argParser(resolveDir);
  return program
    .command(synopsis)
    .helpGroup(`${group}:`)
    .description(description)
    .addOption(data.env('LVS_STATS_DATA').default(dataDir));
}

/** The location of HAProxy's statistics; a URL may hold a password, which the environment does not reveal. */
export function haproxyOption(): Option {
  const text =
    "also read HAProxy's statistics: its stats socket (a path, tcp@HOST:PORT), the URL of its page, or a file";
  return new Option('--haproxy <source>', text).env('LVS_STATS_HAPROXY');
}

/** The certificates that verify HAProxy's page, when the system's do not suffice. */
export function haproxyCaOption(): Option {
  return new Option(
    '--haproxy-ca <file>',
    'trust only the authorities in this PEM file when --haproxy is an https:// URL',
  );
}

/** Adds the log format option to commands that run for hours or from a schedule: lines as objects, for programs. */
export function addLogFormat(command: Command): Command {
  return command.addOption(
    new Option('--log-format <format>', 'format of messages: text, or one JSON object per line')
      .choices(['text', 'json'])
      .default('text'),
  );
}

/** Parses an option's value to a positive whole number. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Write a whole number above zero.');
  return Number(text);
}

/** Prints a result line on standard output. */
export function print(text: string): void {
  process.stdout.write(`${visibleMessage(text)}\n`);
}

/** Prints a result of several lines. */
export function printText(text: string): void {
  process.stdout.write(`${visible(text)}\n`);
}

function resolveDir(text: string): string {
  if (text === '') throw new InvalidArgumentError('The name of the data folder is empty.');
  return resolve(text);
}
