// The file of passwords of `serve --auth`, read again when it has changed, so that nobody has to restart the server.

import { readFileSync, statSync } from 'node:fs';
import { UserError } from '../model/user-error.js';
import { type Passwords, parsePasswords } from '../web/passwords.js';
import { say } from './settings.js';

/** Answers with the passwords of a file. Throws a `UserError` where it cannot be read now; later it says so and goes on. */
export function passwordsOf(path: string): () => Passwords {
  let kept = readPasswords(path);
  let stamp = stampOf(path);
  return () => {
    const now = stampOf(path);
    if (now === stamp) return kept;
    stamp = now;
    try {
      kept = readPasswords(path);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      say(`${error.message}; those who were let in before still are`);
    }
    return kept;
  };
}

function readPasswords(path: string): Passwords {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
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

function stampOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
}
