// The engine that a command reads rows from, instead of a data folder: `--from URL`, and the director whose rows these are.

import { hostname } from 'node:os';
import { type Command, Option } from 'commander';
import { parseQueryAddress, type QueryAddress } from '../../engine/connection/engine-address.js';
import { UserError } from '../../model/user-error.js';
import { authoritiesOf, loginOf } from './engine-login.js';

/** The variable with a login. */
const loginVariable = 'LVS_STATS_FROM_LOGIN';

/** The values of the options. */
export interface FromOptions {
  readonly from?: string;
  readonly fromDirector?: string;
  readonly fromLogin?: string;
  readonly fromCa?: string;
}

/** An engine, and a director that pushes to it. */
export interface EnginePlace {
  readonly address: QueryAddress;
  readonly director: string;
}

/** Adds the options of a command that reads one director. */
export function addFromOptions(command: Command): Command {
  const from = new Option('--from <url>', 'read from the engine that "lvs-stats push" sends to, not from --data');
  return addAccessOptions(
    command
      .addOption(from.env('LVS_STATS_FROM'))
      .option('--from-director <name>', "the director to read, as push --director (default: this machine's name)"),
  );
}

/** Adds those of a server, which shows all directors by default. It has no variable for the engine: with one, it would not collect. */
export function addServeFromOptions(command: Command): Command {
  return addAccessOptions(
    command
      .option('--from <url>', 'show the directors whose rows are in the engine that "lvs-stats push" sends to')
      .option('--from-director <name>', 'only the director of this name, as push --director (default: all)'),
  );
}

function addAccessOptions(command: Command): Command {
  const login = new Option('--from-login <file>', 'a file with the login for --from: USER:PASSWORD, or Bearer TOKEN');
  return command
    .addOption(login.env(`${loginVariable}_FILE`))
    .option('--from-ca <file>', 'trust only the authorities in this PEM file, for --from');
}

/** The engine and the director that the options name; null for a data folder. Reads their files. Throws a `UserError`. */
export function enginePlaceOf(options: FromOptions, env: NodeJS.ProcessEnv): EnginePlace | null {
  const { from, fromDirector, fromLogin, fromCa } = options;
  if (from === undefined) {
    const isLone = fromDirector !== undefined || fromCa !== undefined;
    if (isLone) throw new UserError('bad-command', 'name the engine with --from URL, such as http://127.0.0.1:8428');
    return null;
  }
  const login = loginOf({ file: fromLogin, option: '--from-login', variable: loginVariable }, env);
  const address = parseQueryAddress(from, { option: '--from', login, ca: authoritiesOf(fromCa, '--from-ca') });
  return { address, director: fromDirector ?? hostname() };
}
