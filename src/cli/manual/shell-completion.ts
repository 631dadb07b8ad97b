// Completions for bash and zsh, made from the commands' own help: commands, their options, and the values of options; files and folders for
// values that are paths. See bash(1), "Programmable Completion", and zshcompsys(1).

import type { TreeCommand, TreeOption } from './command-tree.js';

/** A script for bash to source (`source <(lvs-stats completion bash)`). */
export function formatBash(commands: readonly TreeCommand[]): string {
  const names = commands.map(({ name }) => name);
  return `# Completion of lvs-stats for bash, written by "lvs-stats completion bash".
_lvs_stats() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} options=
  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then
    COMPREPLY=($(compgen -W '${[...names, '--help', '--version'].join(' ')}' -- "$word"))
    return
  fi
  case $command:$before in
${commands.flatMap(({ name, options }) => options.filter(hasValue).flatMap((option) => bashValue(name, option))).join('\n')}
  esac
  case $command in
${commands.map((command) => `    ${command.name}) options='${optionNames(command).join(' ')}' ;;`).join('\n')}
  esac
  if [[ $word == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$word"))
  else COMPREPLY=($(compgen -W '' -- "$word") $(compgen -f -- "$word"))
  fi
}
complete -o filenames -F _lvs_stats lvs-stats
`;
}

/** A zsh function, to be installed as _lvs-stats in the fpath. */
export function formatZsh(commands: readonly TreeCommand[]): string {
  return `#compdef lvs-stats
# Completion of lvs-stats for zsh, written by "lvs-stats completion zsh".
_lvs_stats() {
  local -a commands
  commands=(
${commands.map(({ name, description }) => `    ${single(`${name}:${description}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(zshCommand).join('\n')}
  esac
}
if [[ $funcstack[1] == _lvs-stats ]]; then _lvs_stats "$@"; else compdef _lvs_stats lvs-stats; fi
`;
}

function hasValue({ takesValue }: TreeOption): boolean {
  return takesValue;
}

function optionNames({ options }: TreeCommand): readonly string[] {
  return [...options.flatMap(({ names }) => names), '--help'];
}

/** The completion of a value: some words, a folder, a file, or anything. */
function bashValue(command: string, { names, choices, valueName }: TreeOption): readonly string[] {
  const reply =
    choices.length > 0 ? `-W '${choices.join(' ')}'` : isFolder(valueName) ? '-d' : isFile(valueName) ? '-f' : null;
  const action = reply === null ? '' : `COMPREPLY=($(compgen ${reply} -- "$word")); `;
  return [`    ${names.map((name) => `${command}:${name}`).join('|')}) ${action}return ;;`];
}

function zshCommand({ name, options, arguments: args }: TreeCommand): string {
  const specs = options.flatMap((option) => option.names.map((one) => single(zshOption(one, option))));
  const rest = args.length > 0 ? [single('*:argument:_files')] : [];
  return `    ${name}) _arguments ${[...specs, single('--help[explains the command]'), ...rest].join(' \\\n      ')} ;;`;
}

function zshOption(name: string, { description, takesValue, choices, valueName }: TreeOption): string {
  const spec = `${name}[${description.replaceAll(/[[\]:\\]/g, '\\$&')}]`;
  if (!takesValue) return spec;
  const action =
    choices.length > 0
      ? `(${choices.join(' ')})`
      : isFolder(valueName)
        ? '_files -/'
        : isFile(valueName)
          ? '_files'
          : ' ';
  return `${spec}:${valueName.replaceAll(':', '')}:${action}`;
}

function isFolder(valueName: string): boolean {
  return valueName === 'dir' || valueName === 'folder';
}

function isFile(valueName: string): boolean {
  return valueName === 'file';
}

function single(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
