// The receiver of `push` and of `serve --push-to`: its address, how to log in, and the certificates to trust. A login stands in a file, in the
// environment or in the address; other users can see the arguments of a process, and so the last.

import { statSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { type EngineAddress, parseEngineAddress } from '../../engine/connection/engine-address.js';
import { readBounded } from '../../files/read-file.js';
import { UserError } from '../../model/user-error.js';

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

const [mostLoginBytes, mostCaBytes] = [2 ** 16, 2 ** 20];
const othersMay = 0o007;

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
  const known = login === undefined ? (env[loginVariable] ?? null) : readLogin(login, names.login);
  const own = known === null ? null : checkedLogin(known, login === undefined ? loginVariable : login);
  return parseEngineAddress(to, { option: names.to, login: own, ca: ca === undefined ? null : readCa(ca, names.ca) });
}

function readLogin(file: string, option: string): string {
  if ((readOf(file, option, (path) => statSync(path)).mode & othersMay) !== 0)
    throw new UserError('bad-config', `others may read the login in ${file}: chmod 600 ${file}`);
  return readOf(file, option, (path) => readBounded(path, mostLoginBytes).toString('utf8').trim());
}

function checkedLogin(login: string, place: string): string {
  if (/^bearer [^\s]+$/i.test(login) || (/^[^\s:]+:\S+$/.test(login) && login !== '')) return login;
  throw new UserError(
    'bad-config',
    `${place} holds no login: write USER:PASSWORD or "Bearer TOKEN" into it, on one line`,
  );
}

function readCa(file: string, option: string): string {
  const pem = readOf(file, option, (path) => readBounded(path, mostCaBytes).toString('utf8'));
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  throw new UserError('bad-config', `${file} holds no certificates in PEM form: correct ${option}`);
}

function readOf<T>(file: string, option: string, read: (file: string) => T): T {
  try {
    return read(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError('bad-config', `cannot read ${file}: ${why}; correct ${option}`, { cause: error });
  }
}
