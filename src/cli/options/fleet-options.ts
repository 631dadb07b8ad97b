// `--data`, given several times: the data folders of several directors, which are shown as a fleet.

import { existsSync, realpathSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { UserError } from '../../model/user-error.js';

/** The data folder of a director, and its name. */
export interface DataFolder {
  readonly name: string;
  readonly dataDir: string;
}

/** The options that several data folders admit, as Commander names them. */
const admitted = ['data', 'collect', 'listen', 'auth', 'basePath', 'host', 'proxy', 'policy', 'logFormat'];

/**
 * Lets a command's `--data` be repeated. The returned function gives the folders if there are several, and none otherwise; it throws a
 * `UserError` if two have the same name, or if another option needs a single folder.
 */
export function repeatData(command: Command): () => readonly DataFolder[] {
  const given: string[] = [];
  const option = command.options.find(({ long }) => long === '--data');
  const parseOne = option?.parseArg;
  option?.argParser((text: string, before: string) => {
    given.push(text);
    return parseOne?.(text, before) ?? before;
  });
  return () => {
    if (given.length < 2) return [];
    refuseOthers(
      command,
      admitted,
      'with several data folders: they are only shown, and cron or another server collects',
    );
    return distinct(given.map(folderOf).map(existing));
  };
}

/** Throws a `UserError` if a command was given an option other than those admitted, by their names in Commander; `why` goes on after "cannot be used". */
export function refuseOthers(command: Command, names: readonly string[], why: string): void {
  const refused = command.options.find(
    (one) => !names.includes(one.attributeName()) && isGiven(command, one.attributeName()),
  );
  if (refused !== undefined)
    throw new UserError('bad-command', `${refused.long ?? refused.flags} cannot be used ${why}`);
}

function isGiven(command: Command, name: string): boolean {
  return ['cli', 'env'].includes(command.getOptionValueSource(name) ?? '');
}

/** `DIR`, named like its last part, or `NAME=DIR`. */
function folderOf(text: string): DataFolder {
  const [, given, path = text] = /^([^/=]*)=(.+)$/s.exec(text) ?? [];
  const dataDir = resolve(path);
  const name = given ?? basename(dataDir);
  if (/^[\p{L}\p{N}_][\p{L}\p{N}_.+-]{0,62}$/u.test(name)) return { name, dataDir };
  throw new UserError(
    'bad-command',
    `${JSON.stringify(name)} is no name for a director: write --data NAME=${path} with letters, digits, "_", "." or "-"`,
  );
}

/** A folder that is only shown is not created: its name may be mistyped. */
function existing(folder: DataFolder): DataFolder {
  if (existsSync(folder.dataDir)) return folder;
  throw new UserError('no-data', `${folder.dataDir} does not exist: collect into it first, or name another folder`);
}

function distinct(folders: readonly DataFolder[]): readonly DataFolder[] {
  for (const [i, folder] of folders.entries()) {
    const isSameDir = ({ dataDir }: DataFolder): boolean => realpathSync(dataDir) === realpathSync(folder.dataDir);
    const same = folders.slice(i + 1).find((one) => one.name === folder.name || isSameDir(one));
    if (same === undefined) continue;
    throw new UserError(
      'bad-command',
      isSameDir(same)
        ? `${folder.dataDir} is given twice with --data`
        : `two data folders are called ${folder.name}: name the directors with --data NAME=DIR`,
    );
  }
  return folders;
}
