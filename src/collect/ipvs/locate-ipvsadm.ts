// Finds the program for the kernel's table: this machine's ipvsadm(8), or a replacement command. Cron's PATH lacks the system folders, so
// they are searched after it.

import { accessSync, constants, statSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { CollectError } from '../collect-error.js';
import { splitCommand } from './split-command.js';

/** A program and its arguments before those of a listing. */
export interface IpvsadmCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Whether it certainly reads this machine's table: then it may only run while the module is loaded. */
  readonly isLocal: boolean;
}

/** The places to search: `replacement` is the text of `--ipvsadm` (null without), `path` that of PATH. */
export interface IpvsadmPlace {
  readonly replacement: string | null;
  readonly path: string;
  readonly systemFolders?: readonly string[];
}

const usualFolders = ['/usr/sbin', '/sbin', '/usr/local/sbin'];

/** Finds the program; throws a `CollectError` with code `no-ipvsadm` or `bad-command`. */
export function locateIpvsadm({ replacement, path, systemFolders = usualFolders }: IpvsadmPlace): IpvsadmCommand {
  if (replacement !== null) return replacing(splitCommand(replacement));
  // A relative folder in PATH would run any program in the current folder.
  const folders = [...path.split(':').filter((folder) => isAbsolute(folder)), ...systemFolders];
  const file = folders.map((folder) => join(folder, 'ipvsadm')).find(isProgram);
  if (file !== undefined) return { file, args: [], isLocal: true };
  throw new CollectError(
    'no-ipvsadm',
    `there is no ipvsadm on PATH nor in ${systemFolders.join(', ')}: install it (apt install ipvsadm, dnf install ` +
      `ipvsadm), or name the command that reads the table, such as --ipvsadm 'ssh lb1 sudo ipvsadm'`,
  );
}

function replacing([file = '', ...args]: readonly string[]): IpvsadmCommand {
  return { file, args, isLocal: /^(?:sudo|doas)$/.test(basename(file)) && runsIpvsadm(args) };
}

/** Is the first word that is not an option ipvsadm itself, not another program that leads to one? */
function runsIpvsadm(args: readonly string[]): boolean {
  return basename(args.find((word) => !word.startsWith('-')) ?? '') === 'ipvsadm';
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
