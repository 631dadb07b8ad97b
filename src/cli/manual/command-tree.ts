// The commands as data, for the manual and the completions: what commander knows of them, and the text behind their help.

import type { Argument, Command, Option } from 'commander';
import { defaultDataDir } from '../settings.js';

/** An option as its help tells it. */
export interface TreeOption {
  readonly flags: string;
  readonly description: string;
  /** `--data`, and `-d` where it has a short form. */
  readonly names: readonly string[];
  readonly takesValue: boolean;
  readonly choices: readonly string[];
  /** What the value is, such as `dir`; empty where there is none. */
  readonly valueName: string;
  readonly defaultText: string | null;
  readonly variable: string | null;
}

/** A command as its help tells it. */
export interface TreeCommand {
  readonly name: string;
  readonly synopsis: string;
  readonly description: string;
  readonly arguments: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly TreeOption[];
  /** What help says after the options. */
  readonly notes: string;
}

/** All commands of a program, in its order. */
export function treeOf(program: Command): readonly TreeCommand[] {
  return program.commands.map((command) => ({
    name: command.name(),
    synopsis: `${command.name()} ${command.usage()}`,
    description: command.description(),
    arguments: command.registeredArguments.map((argument: Argument) => ({
      name: argument.name(),
      description: argument.description,
    })),
    options: command.options.filter(({ hidden }) => !hidden).map(treeOption),
    notes: notesOf(command),
  }));
}

function treeOption(option: Option): TreeOption {
  const { flags, description, short, long, required, optional, argChoices, envVar } = option;
  const takesValue = required || optional;
  return {
    flags,
    description,
    names: [long, short].flatMap((name) => (name ? [name] : [])),
    takesValue,
    choices: argChoices ?? [],
    valueName: takesValue ? (/[<[]([^>\]]+)/.exec(flags)?.[1] ?? '') : '',
    defaultText: takesValue ? defaultOf(option) : null,
    variable: envVar ?? null,
  };
}

/** A default in the words of an installed program, wherever this one lies. */
function defaultOf({ defaultValue, defaultValueDescription }: Option): string | null {
  if (defaultValueDescription !== undefined) return defaultValueDescription;
  if (defaultValue === undefined || defaultValue === '') return null;
  return String(defaultValue).replace(defaultDataDir(), '/var/lib/lvs-stats');
}

/** The text that was added to a command's help, which commander hands out by printing it only. */
function notesOf(command: Command): string {
  let printed = '';
  const kept = command.configureOutput();
  command.configureOutput({ ...kept, writeOut: (text) => (printed += text), getOutHasColors: () => false });
  command.outputHelp();
  command.configureOutput(kept);
  return printed.slice(command.helpInformation().length).trim();
}
