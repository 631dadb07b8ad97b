// The references of drift as options and settings of the commands that run cycles.

import { hostname } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { splitCommand } from '../../collect/ipvs/split-command.js';

/** The references of drift, as their options name them. */
export interface DriftOptions {
  readonly driftKeepalived?: string;
  readonly driftConfigId?: string;
  readonly driftGolden?: string;
  readonly driftAgainst?: string;
}

/** Where the references are; null for those that are not compared. */
export interface ReferencePlaces {
  readonly keepalived: { readonly file: string; readonly configId: string } | null;
  readonly golden: string | null;
  /** The command that reads another director's table. */
  readonly against: string | null;
}

/** Adds the options. */
export function addDriftOptions(command: Command, isHidden = false): Command {
  const options = [
    new Option('--drift-keepalived <file>', "compare the table with keepalived's configuration"),
    new Option('--drift-config-id <id>', 'the config id that keepalived runs with (default: the host name)'),
    new Option('--drift-golden <file>', 'compare the table with a saved one (ipvsadm -S -n)'),
    new Option(
      '--drift-against <command>',
      "compare the table with another director's, such as 'ssh lb2 sudo ipvsadm'",
    ).argParser(parseCommand),
  ];
  for (const option of options) command.addOption(isHidden ? option.hideHelp() : option);
  return command;
}

/** The places of the references; null if there are none. */
export function referencePlaces({
  driftKeepalived: file,
  driftConfigId,
  driftGolden,
  driftAgainst,
}: DriftOptions): ReferencePlaces | null {
  if (file === undefined && driftGolden === undefined && driftAgainst === undefined) return null;
  return {
    keepalived: file === undefined ? null : { file, configId: driftConfigId ?? usualConfigId() },
    golden: driftGolden ?? null,
    against: driftAgainst ?? null,
  };
}

/** The word that keepalived takes for conditional lines unless --config-id gives another. */
function usualConfigId(): string {
  return hostname().split('.')[0] ?? '';
}

/** Checks that the text is a command. */
export function parseCommand(text: string): string {
  try {
    splitCommand(text);
    return text;
  } catch (error) {
    throw new InvalidArgumentError(`${error instanceof Error ? error.message : String(error)}.`);
  }
}
