// The commands as data, for the manual and the completions: commander's options, and the text after their help.

import type { Argument, Command, Option } from 'commander';
import { defaultDataDir } from '../settings.js';

/** An option, as in its help. */
export interface TreeOption {
  readonly flags: string;
  readonly description: string;
  /** `--data`, and `-d` where it has a short form. */
  readonly names: readonly string[];
  readonly takesValue: boolean;
  readonly choices: readonly string[];
  /** The name of the value, such as `dir`; empty when there is none. */
  readonly valueName: string;
  readonly defaultText: string | null;
  readonly variable: string | null;
}

/** A command, as in its help. */
export interface TreeCommand {
  readonly name: string;
  readonly synopsis: string;
  readonly description: string;
  readonly arguments: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly TreeOption[];
  /** The help text after the options. */
  readonly notes: string;
}

/** All commands of a program, in order. */
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

/** A default as an installed program would show it, wherever this one is. */
function defaultOf({ defaultValue, defaultValueDescription }: Option): string | null {
  if (defaultValueDescription !== undefined) return defaultValueDescription;
  if (defaultValue === undefined || defaultValue === '') return null;
  return String(defaultValue).replace(defaultDataDir(), '/var/lib/lvs-stats');
}

/** The text added to a command's help, which commander only returns by printing it. */
function notesOf(command: Command): string {
  let printed = '';
  const kept = command.configureOutput();
  command.configureOutput({ ...kept, writeOut: (text) => (printed += text), getOutHasColors: () => false });
  command.outputHelp();
  command.configureOutput(kept);
  return printed.slice(command.helpInformation().length).trim();
}
