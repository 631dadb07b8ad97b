// The command line: every command, and the one place where errors end. Exit status 0 means done, 1 failed, 2 wrong
// usage; commands that judge have their own.

import { Command, CommanderError, type OutputConfiguration } from 'commander';
import { acceptSettings, configure } from './cli/configure.js';
import { packageVersion, say, sayDefect } from './cli/settings.js';
import { exitCodes } from './model/finding/verdict.js';
import { visible } from './model/text/visible.js';
import { UserError } from './model/user-error.js';

/** Runs a command line, without the program's name; sets the exit status. Throws what Node throws when files cannot be loaded. */
export async function main(args: readonly string[]): Promise<void> {
  process.stdout.on('error', endOfOutput);
  const program = await createProgram(args);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = exitCodeOf(error, args[0]);
  }
}

type LoadCommand = () => Promise<(program: Command) => void>;

/** Each command, loaded on demand: one command needs a fraction of the program's files. */
const commands: Readonly<Record<string, LoadCommand>> = {
  collect: async () => (await import('./commands/collect.js')).addCollect,
  agent: async () => (await import('./commands/agent.js')).addAgent,
  serve: async () => (await import('./commands/serve.js')).addServe,
  render: async () => (await import('./commands/render.js')).addRender,
  picture: async () => (await import('./commands/picture.js')).addPicture,
  list: async () => (await import('./commands/list.js')).addList,
  fetch: async () => (await import('./commands/fetch.js')).addFetch,
  status: async () => (await import('./commands/status.js')).addStatus,
  top: async () => (await import('./commands/top.js')).addTop,
  drift: async () => (await import('./commands/drift.js')).addDrift,
  links: async () => (await import('./commands/links.js')).addLinks,
  map: async () => (await import('./commands/map.js')).addMap,
  survive: async () => (await import('./commands/survive.js')).addSurvive,
  silence: async () => (await import('./commands/silence.js')).addSilence,
  metrics: async () => (await import('./commands/metrics.js')).addMetrics,
  alerts: async () => (await import('./commands/alerts.js')).addAlerts,
  events: async () => (await import('./commands/events.js')).addEvents,
  import: async () => (await import('./commands/import.js')).addImport,
  push: async () => (await import('./commands/push.js')).addPush,
  export: async () => (await import('./commands/export.js')).addExport,
  replay: async () => (await import('./commands/replay.js')).addReplay,
  rewind: async () => (await import('./commands/rewind.js')).addRewind,
  forget: async () => (await import('./commands/forget.js')).addForget,
  backup: async () => (await import('./commands/backup.js')).addBackup,
  restore: async () => (await import('./commands/restore.js')).addRestore,
  check: async () => (await import('./commands/check.js')).addCheck,
  repair: async () => (await import('./commands/repair.js')).addRepair,
  setup: async () => (await import('./commands/setup.js')).addSetup,
  completion: async () => {
    const { addCompletion } = await import('./commands/completion.js');
    return (program) => addCompletion(program, () => createProgram([]));
  },
  doctor: async () => (await import('./commands/doctor.js')).addDoctor,
  demo: async () => (await import('./commands/demo.js')).addDemo,
};

/** The commands to load for a first argument: the version is printed before any other argument is read. */
function neededFor(name: string): readonly LoadCommand[] {
  if (name === '--version' || name === '-V') return [];
  const named = Object.hasOwn(commands, name) ? commands[name] : undefined;
  return named === undefined ? Object.values(commands) : [named];
}

/** The program with the named command, or with all of them for help. */
async function createProgram([name = '']: readonly string[]): Promise<Command> {
  const program = new Command('lvs-stats')
    .description('Stores the counters of a Linux load balancer (ip_vs) in round-robin archives, and draws them.')
    .version(packageVersion())
    .commandsGroup('Maintain:')
    .helpCommand(true)
    .showHelpAfterError('(lvs-stats --help lists the commands, lvs-stats COMMAND --help explains one)')
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true });
  const exit = (error: CommanderError): never => {
    throw error;
  };
  for (const load of neededFor(name)) (await load())(program);
  for (const command of program.commands) acceptSettings(command);
  program.hook('preAction', (_, command) => configure(command));
  const output: OutputConfiguration = {
    writeOut: (text) => void process.stdout.write(visible(text)),
    writeErr: (text) => void process.stderr.write(visible(text)),
  };
  for (const command of [program, ...program.commands]) command.exitOverride(exit).configureOutput(output);
  return program;
}

/** A reader that stops early (`head`) is not a failure, and the work continues; a full disk is one. */
function endOfOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  say(`cannot write the results: ${error.message}; is the disk full?`);
  process.exitCode = 1;
}

/** Commands whose exit status is a verdict (model/finding/verdict.ts): an error leaves it unknown. */
const judging: readonly string[] = ['status', 'drift', 'survive', 'links'];

/** Errors in the typed command. */
const usageCodes = ['bad-name', 'bad-command', 'bad-time', 'bad-address', 'bad-config', 'no-such-graph'];

/** Help and version are not failures; everything else that commander throws is wrong usage, already reported. */
function exitCodeOf(error: unknown, command = ''): number {
  const code = errorCodeOf(error);
  return code !== 0 && judging.includes(command) ? exitCodes.unknown : code;
}

function errorCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UserError) {
    say(error.message, { level: 'error', code: error.code });
    return usageCodes.includes(error.code) ? 2 : 1;
  }
  sayDefect(error);
  say('this is a bug in lvs-stats: please report it with the lines above', { level: 'error' });
  return 1;
}
