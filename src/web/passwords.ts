// The password file: lines `user:hash` as `htpasswd -B` writes them (bcrypt: $2y$, $2a$, $2b$). Other hashes are refused when
// the file is read, not when somebody fails to log in.
// https://httpd.apache.org/docs/2.4/misc/password_encryptions.html

import { createHmac, randomBytes } from 'node:crypto';
import { compare } from 'bcryptjs';
import { UserError } from '../model/user-error.js';

/** Hashes by user. */
export type Passwords = ReadonlyMap<string, string>;

const bcryptHash = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/;

/** Parses the text of a password file. Throws a `UserError` that names the line. */
export function parsePasswords(text: string, path: string): Passwords {
  const passwords = new Map<string, string>();
  text.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return;
    const colon = line.indexOf(':');
    const hash = line.slice(colon + 1).trim();
    if (colon < 1 || !bcryptHash.test(hash)) {
      const advice = `write "user:hash" with a bcrypt hash, as "htpasswd -B ${path} USER" does`;
      throw new UserError('bad-auth-file', `line ${index + 1} of ${path} is malformed: ${advice}`);
    }
    passwords.set(line.slice(0, colon), hash);
  });
  if (passwords.size > 0) return passwords;
  throw new UserError('bad-auth-file', `${path} has no users: "htpasswd -B ${path} USER" adds one`);
}

/** A user, and the password given. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Verifies passwords. */
export interface Verifier {
  /** Was this correct before, or is it being verified now? Then it does not count as another attempt. */
  isSettling(credentials: Credentials): boolean;
  verify(credentials: Credentials): Promise<boolean>;
}

const maxRemembered = 1000;

/**
 * Verifies each password once for all concurrent requests, and remembers correct ones for this process: a page has dozens of
 * pictures, and bcrypt is slow on purpose.
 */
export function createVerifier(passwords: () => Passwords): Verifier {
  const key = randomBytes(32);
  const right = new Set<string>();
  const underWay = new Map<string, Promise<boolean>>();
  const markOf = ({ user, password }: Credentials): string => {
    const parts = JSON.stringify([user, passwords().get(user), password]);
    return createHmac('sha256', key).update(parts).digest('base64');
  };
  const check = async ({ user, password }: Credentials, mark: string): Promise<boolean> => {
    const hash = passwords().get(user);
    // An unknown user's password is compared with another's hash, so that it takes as long.
    const [anybody = ''] = passwords().values();
    const isRight = await compare(password, hash ?? anybody);
    if (!isRight || hash === undefined) return false;
    if (right.size >= maxRemembered) right.clear();
    right.add(mark);
    return true;
  };
  return {
    isSettling: (credentials) => {
      const mark = markOf(credentials);
      return right.has(mark) || underWay.has(mark);
    },
    verify: (credentials) => {
      const mark = markOf(credentials);
      if (right.has(mark)) return Promise.resolve(true);
      const running = underWay.get(mark);
      if (running !== undefined) return running;
      const answer = check(credentials, mark).finally(() => underWay.delete(mark));
      underWay.set(mark, answer);
      return answer;
    },
  };
}

/** User and password of an `Authorization` header (RFC 7617); null if it has none. */
export function parseBasic(header: string | undefined): Credentials | null {
  const match = /^Basic +([A-Za-z0-9+/=]{1,1024})$/i.exec(header ?? '');
  if (match === null) return null;
  const text = Buffer.from(match[1] ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
