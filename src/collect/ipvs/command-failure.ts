// Why a listing failed, by the end of its command. ipvsadm(8) exits with 2 and two lines on standard error when not permitted or without
// the module, with 1 in most other cases, with 255 for a wrong option; ssh(1) returns 255 when it could not connect and otherwise the
// remote status; a shell 127 when there is no such program.

import { CollectError, quote } from '../collect-error.js';
import type { SessionEnd } from '../process/session.js';
import { moduleNotLoaded } from './proc/kernel.js';

/** The end of a command. */
interface CommandEnd extends SessionEnd {
  readonly stderr: string;
}

/** The error for a command that messages call `source`. */
export function commandFailure(end: CommandEnd, source: string): CollectError {
  const text = end.stderr.trim().replaceAll(/\s*\n\s*/g, ' / ');
  const said = text === '' ? 'and said nothing' : `and said ${quote(text, 400)}`;
  const { stderr } = end;
  if (/password is required|terminal is required|may not run sudo|not allowed to execute/.test(stderr)) {
    return new CollectError(
      'not-permitted',
      `${source} was refused ${said}: it runs without a terminal, so allow it without a password (NOPASSWD in sudoers)`,
    );
  }
  if (end.exitCode === 2 && /Permission denied|Operation not permitted/.test(stderr)) return notPermitted(source, said);
  if (end.exitCode === 2 && /Protocol not available/.test(stderr)) return moduleNotLoaded(`${source} ended ${said}`);
  if (end.errorCode === 'ENOENT' || end.exitCode === 127 || /command not found\s*$/.test(stderr)) {
    return new CollectError(
      'no-ipvsadm',
      `${source} found no program to run ${said}: install ipvsadm where the table is, or give its full path with --ipvsadm`,
    );
  }
  return new CollectError('failed', `${source} ${howItEnded(end)} ${said}; run it by hand to see what it lacks`);
}

function notPermitted(source: string, said: string): CollectError {
  return new CollectError(
    'not-permitted',
    `${source} is not permitted ${said}: reading the table needs CAP_NET_ADMIN; run it as root, from a unit with ` +
      `AmbientCapabilities=CAP_NET_ADMIN, or give --ipvsadm 'sudo ipvsadm' (in a container: the host's user namespace)`,
  );
}

function howItEnded({ exitCode, signal, errorCode }: CommandEnd): string {
  if (signal !== null) return `was ended by ${signal}`;
  return exitCode === null
    ? `did not start (${errorCode ?? 'no reason given'})`
    : `failed with exit status ${exitCode}`;
}
