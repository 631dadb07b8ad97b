// The file of passwords of `serve --auth`, read again when it has changed, so that nobody has to restart the server.

import { statSync } from 'node:fs';
import { readBounded } from '../../files/read-file.js';
import { UserError } from '../../model/user-error.js';
import { createVerifier, type Passwords, parsePasswords, type Verifier } from '../../web/passwords.js';
import { say } from '../settings.js';

/** Verifies by the passwords of a file. Throws a `UserError` where it cannot be read now. */
export function verifierOfFile(path: string): Verifier {
  return createVerifier(passwordsOf(path));
}

/** Answers with the passwords of a file. Throws a `UserError` where it cannot be read now; later it says so and goes on. */
export function passwordsOf(path: string): () => Passwords {
  // Before the text, so that what changes in between is read again.
  let stamp = stampOf(path);
  let kept = readPasswords(path);
  let isTold = false;
  return () => {
    const now = stampOf(path);
    if (now !== null && now === stamp) return kept;
    try {
      kept = readPasswords(path);
      [stamp, isTold] = [now, false];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (!isTold) say(`${error.message}; those who were let in before still are`);
      isTold = true;
    }
    return kept;
  };
}

/** A line of some 80 bytes for each user. */
const mostBytes = 2 ** 24;

function readPasswords(path: string): Passwords {
  let text: string;
  try {
    text = readBounded(path, mostBytes).toString();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(
      'bad-auth-file',
      `cannot read the passwords in ${path} (${why}): "htpasswd -cB ${path} USER" makes it`,
      {
        cause: error,
      },
    );
  }
  return parsePasswords(text, path);
}

/** Differs after every change, also one that keeps the time of writing (ctime in inode(7)); null where nothing can be seen. */
function stampOf(path: string): string | null {
  try {
    const { mtimeNs, ctimeNs, size, ino } = statSync(path, { bigint: true });
    return [mtimeNs, ctimeNs, size, ino].join(' ');
  } catch {
    return null;
  }
}
