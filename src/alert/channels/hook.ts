// `serve --on-finding 'COMMAND'`: runs a program for each letter, with JSON on its standard input. Without a shell, in a session of its own that
// is killed as a whole, and within limits of time and output.

import { quote } from '../../collect/collect-error.js';
import { signalGroup, withGroup } from '../../collect/process/process-group.js';
import { endWithin, type SessionEnd, startSession } from '../../collect/process/session.js';
import { patiently } from '../../model/patience.js';
import { letterRecord } from '../letter-text.js';
import type { Channel } from './channel.js';

const timeoutMs = 10_000;
const limits = { stdoutBytes: 2 ** 16, stderrBytes: 2 ** 16 };

/** The channel of a command, in words. */
export function hookChannel(words: readonly string[], director: string, limitMs = patiently(timeoutMs)): Channel {
  const [file = '', ...args] = words;
  return {
    name: 'on-finding',
    send: async (letter) => {
      const input = `${JSON.stringify(letterRecord(letter, director))}\n`;
      const session = startSession(file, args, { ...limits, input, ...callersRights() });
      await withGroup(session.pid, async () => {
        const { pid, stdout, stderr } = session;
        const end = await endWithin(session, limitMs);
        const isTooMuch = stdout.isTooMuch() || stderr.isTooMuch();
        if (end?.exitCode === 0 && !isTooMuch) return;
        signalGroup(pid, 'SIGKILL');
        const why = isTooMuch
          ? `printed more than ${limits.stdoutBytes / 1024} KiB and was ended`
          : reasonOf(end, limitMs);
        const said = stderr
          .bytes()
          .toString()
          .trim()
          .replaceAll(/\s*\n\s*/g, ' / ');
        throw new Error(`${quote(words[0] ?? '', 240)} ${why}${said === '' ? '' : ` and said ${quote(said, 400)}`}`);
      });
    },
  };
}

/**
 * Root's process works with the rights of the data folder's owner, except for moments; the command always runs with those of the caller. Others
 * run it with what they have: a hardened unit may not set a user at all.
 */
function callersRights(): { readonly uid?: number; readonly gid?: number } {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  return uid === 0 && gid !== undefined ? { uid, gid } : {};
}

function reasonOf(end: SessionEnd | null, limitMs: number): string {
  if (end === null) return `did not finish within ${limitMs / 1000} s and was ended`;
  const { exitCode, signal, errorCode } = end;
  if (signal !== null) return `was ended by ${signal}`;
  return exitCode === null
    ? `did not start (${errorCode ?? 'no reason given'})`
    : `failed with exit status ${exitCode}`;
}
