// The command line: every command, and the one place where an error ends. Exit status 0 done, 1 failed, 2 wrong usage.

import { Command, CommanderError } from 'commander';
import { addCollect } from './commands/collect.js';
import { addDemo } from './commands/demo.js';
import { addDoctor } from './commands/doctor.js';
import { addEvents } from './commands/events.js';
import { addFetch } from './commands/fetch.js';
import { addList } from './commands/list.js';
import { addPicture } from './commands/picture.js';
import { addRender } from './commands/render.js';
import { addRepair } from './commands/repair.js';
import { addReplay } from './commands/replay.js';
import { addRewind } from './commands/rewind.js';
import { addServe } from './commands/serve.js';
import { packageVersion, say } from './commands/settings.js';
import { UserError } from './model/user-error.js';

/** Runs a command line, without the program's name; sets the exit status. */
export async function main(args: readonly string[]): Promise<void> {
  const program = createProgram();
  process.stdout.on('error', endOfOutput);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

const commands = [
  addCollect,
  addServe,
  addRender,
  addPicture,
  addList,
  addFetch,
  addEvents,
  addReplay,
  addRewind,
  addRepair,
  addDoctor,
  addDemo,
];

function createProgram(): Command {
  const program = new Command('lvs-stats')
    .description('Keeps what a Linux load balancer (ip_vs) counts, in round-robin archives, and draws it.')
    .version(packageVersion())
    .showHelpAfterError('(lvs-stats --help lists the commands, lvs-stats COMMAND --help explains one)')
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true });
  const exit = (error: CommanderError): never => {
    throw error;
  };
  for (const add of commands) add(program);
  for (const command of [program, ...program.commands]) command.exitOverride(exit);
  return program;
}

/** A reader of results that has had enough (`head`) is no failure, and the work goes on; a full disk is one. */
function endOfOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  say(`cannot write the results: ${error.message}; is the disk that they go to full?`);
  process.exitCode = 1;
}

/** Errors in what was typed. */
const usageCodes = ['bad-name', 'bad-command', 'bad-time', 'bad-address', 'no-such-graph'];

/** Help and version are no failures; all else that commander throws is wrong usage, and it has said so. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UserError) {
    say(error.message);
    return usageCodes.includes(error.code) ? 2 : 1;
  }
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  say('this is a defect of lvs-stats: please report it with the lines above');
  return 1;
}
