// The receiver of `push` and of `serve --push-to`: its address, how to log in, and the certificates to trust.

import { type Command, Option } from 'commander';
import { type EngineAddress, parseEngineAddress } from '../../engine/connection/engine-address.js';
import { UserError } from '../../model/user-error.js';
import { authoritiesOf, loginOf } from './engine-login.js';

/** The values of the options. */
export interface ReceiverOptions {
  readonly to: string;
  readonly login: string | undefined;
  readonly ca: string | undefined;
  /** Names of the options, for messages: `--to`, `--push-to`. */
  readonly names: { readonly to: string; readonly login: string; readonly ca: string };
}

/** The variable with a login. */
export const loginVariable = 'LVS_STATS_PUSH_LOGIN';

/** The options of a server that pushes. */
export interface PushToOptions {
  readonly pushTo?: string;
  readonly pushLogin?: string;
  readonly pushCa?: string;
}

/** Adds the options of a server that pushes. The variable that the file's option would have holds a login itself. */
export function addPushToOptions(command: Command): Command {
  const login = new Option('--push-login <file>', 'a file with the login: USER:PASSWORD, or Bearer TOKEN');
  return command
    .option('--push-to <url>', 'push rows to this receiver of remote write, as "lvs-stats push" does')
    .addOption(login.env(`${loginVariable}_FILE`))
    .option('--push-ca <file>', 'trust only the authorities in this PEM file, for --push-to');
}

/** The receiver of a server; null if it pushes nowhere. Throws a `UserError`. */
export function pushReceiverOf({ pushTo, pushLogin, pushCa }: PushToOptions): EngineAddress | null {
  const names = { to: '--push-to', login: '--push-login', ca: '--push-ca' };
  if (pushTo !== undefined) return receiverOf({ to: pushTo, login: pushLogin, ca: pushCa, names }, process.env);
  if (pushLogin === undefined && pushCa === undefined) return null;
  throw new UserError('bad-command', `name the receiver with ${names.to} URL, such as http://127.0.0.1:8428`);
}

/** The receiver that options name. Reads their files. Throws a `UserError`, which shows no login. */
export function receiverOf({ to, login, ca, names }: ReceiverOptions, env: NodeJS.ProcessEnv): EngineAddress {
  return parseEngineAddress(to, {
    option: names.to,
    login: loginOf({ file: login, option: names.login, variable: loginVariable }, env),
    ca: authoritiesOf(ca, names.ca),
  });
}
