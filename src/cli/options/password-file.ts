// The password file of `serve --auth`; it is read again after a change, without a restart of the server.

import { readBounded } from '../../files/read-file.js';
import { UserError } from '../../model/user-error.js';
import { createVerifier, type Passwords, parsePasswords, type Verifier } from '../../web/passwords.js';
import { say } from '../settings.js';
import { followed } from './followed-file.js';

/** A verifier that uses the passwords of a file. Throws a `UserError` when the file cannot be read now. */
export function verifierOfFile(path: string): Verifier {
  return createVerifier(passwordsOf(path));
}

/**
 * A function that returns the passwords of a file. Throws a `UserError` when the file cannot be read now; later failures are reported, and
 * the old passwords stay.
 */
export function passwordsOf(path: string): () => Passwords {
  let isReported = false;
  return followed<Passwords>(path, (previous) => {
    try {
      const value = readPasswords(path);
      isReported = false;
      return { value, isSettled: true };
    } catch (error) {
      if (previous === null || !(error instanceof UserError)) throw error;
      if (!isReported) say(`${error.message}; the previous users remain admitted`);
      isReported = true;
      return { value: previous, isSettled: false };
    }
  });
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
