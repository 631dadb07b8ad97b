// The password file of `serve --auth`; it is read again after a change, without a restart of the server.

import { statSync } from 'node:fs';
import { readBounded } from '../../files/read-file.js';
import { UserError } from '../../model/user-error.js';
import { createVerifier, type Passwords, parsePasswords, type Verifier } from '../../web/passwords.js';
import { say } from '../settings.js';

/** A verifier that uses the passwords of a file. Throws a `UserError` when the file cannot be read now. */
export function verifierOfFile(path: string): Verifier {
  return createVerifier(passwordsOf(path));
}

/**
 * A function that returns the passwords of a file. Throws a `UserError` when the file cannot be read now; later failures are reported, and
 * the old passwords stay.
 */
export function passwordsOf(path: string): () => Passwords {
  // Taken before the text, so that a change in between is read again.
  let stamp = stampOf(path);
  let kept = readPasswords(path);
  let isReported = false;
  return () => {
    const now = stampOf(path);
    if (now !== null && now === stamp) return kept;
    try {
      kept = readPasswords(path);
      [stamp, isReported] = [now, false];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (!isReported) say(`${error.message}; the previous users remain admitted`);
      isReported = true;
    }
    return kept;
  };
}

/** A line has some 80 bytes per user. */
const maxBytes = 2 ** 24;

function readPasswords(path: string): Passwords {
  let text: string;
  try {
    text = readBounded(path, maxBytes).toString();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(
      'bad-auth-file',
      `cannot read the passwords in ${path} (${why}): "htpasswd -cB ${path} USER" creates it`,
      {
        cause: error,
      },
    );
  }
  return parsePasswords(text, path);
}

/** Differs after every change, even one that keeps the modification time (ctime in inode(7)); null when the file is not visible. */
function stampOf(path: string): string | null {
  try {
    const { mtimeNs, ctimeNs, size, ino } = statSync(path, { bigint: true });
    return [mtimeNs, ctimeNs, size, ino].join(' ');
  } catch {
    return null;
  }
}
