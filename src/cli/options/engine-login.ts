// How to log in at an engine, and the certificates to trust. A login stands in a file, in the environment or in the address; other users can see
// the arguments of a process, and so the last.

import { statSync } from 'node:fs';
import { readBounded } from '../../files/read-file.js';
import { UserError } from '../../model/user-error.js';

const [mostLoginBytes, mostCaBytes] = [2 ** 16, 2 ** 20];
const othersMay = 0o007;

/** Where a login may stand: the file of an option, otherwise a variable. */
interface LoginPlace {
  readonly file: string | undefined;
  readonly option: string;
  readonly variable: string;
}

/** The login; null if there is none. Throws a `UserError`, which does not show it. */
export function loginOf({ file, option, variable }: LoginPlace, env: NodeJS.ProcessEnv): string | null {
  const known = file === undefined ? (env[variable] ?? null) : readLogin(file, option);
  return known === null ? null : checkedLogin(known, file ?? variable);
}

/** The certificates in the file of an option; null without the option. Throws a `UserError`. */
export function authoritiesOf(file: string | undefined, option: string): string | null {
  return file === undefined ? null : readCa(file, option);
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
