// Runs the command that prints the topology: without a shell, in a session of its own, and within limits of time and output.

import { statSync } from 'node:fs';
import { quote } from '../../../collect/collect-error.js';
import { signalGroup, withGroup } from '../../../collect/process/process-group.js';
import { endWithin, type SessionEnd, startSession } from '../../../collect/process/session.js';
import { controllerOf } from '../../../files/controller.js';
import { patiently } from '../../../model/patience.js';
import { UserError } from '../../../model/user-error.js';

const timeoutMs = 10_000;
const limits = { stdoutBytes: 2 ** 24, stderrBytes: 2 ** 16 };

/** The name of a command in messages. */
export function commandText(words: readonly string[]): string {
  return quote(words.join(' '), 240);
}

/** The output of a command. Throws a `UserError` when it fails, prints too much or takes longer than `limitMs`, by default ten seconds. */
export async function runCommand(words: readonly string[], limitMs = patiently(timeoutMs)): Promise<string> {
  const [file = '', ...args] = words;
  const session = startSession(file, args, limits);
  return withGroup(session.pid, async () => {
    const { pid, stdout, stderr } = session;
    const end = await endWithin(session, limitMs);
    if (end?.exitCode === 0 && !stdout.isTooMuch() && !stderr.isTooMuch()) return stdout.bytes().toString();
    signalGroup(pid, 'SIGKILL');
    const isTooMuch = stdout.isTooMuch() || stderr.isTooMuch();
    const said = stderr
      .bytes()
      .toString()
      .trim()
      .replaceAll(/\s*\n\s*/g, ' / ');
    const why = isTooMuch
      ? `printed more than ${limits.stdoutBytes / 2 ** 20} MiB and was ended`
      : reasonOf(end, limitMs);
    throw failure(words, said === '' ? why : `${why} and said ${quote(said, 400)}`);
  });
}

function reasonOf(end: SessionEnd | null, limitMs: number): string {
  if (end === null) return `did not finish within ${limitMs / 1000} s and was ended`;
  const { exitCode, signal, errorCode } = end;
  if (signal !== null) return `was ended by ${signal}`;
  return exitCode === null
    ? `did not start (${errorCode ?? 'no reason given'})`
    : `failed with exit status ${exitCode}`;
}

function failure(words: readonly string[], why: string): UserError {
  return new UserError('bad-config', `the topology's command ${commandText(words)} ${why}; run it by hand to see`);
}

/** Throws a `UserError` if this process has root's rights and another user can write the policy that names the command. */
export function refuseOthersCommand(policyFile: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, mode } = statSync(policyFile);
  const controller = controllerOf(policyFile);
  if (controller === null && uid === 0 && (mode & 0o022) === 0) return;
  throw new UserError(
    'bad-config',
    `root does not run the topology's command of ${policyFile}, which another user can write: let root own the file and the folders above ` +
      'it, or run lvs-stats as that user',
  );
}
