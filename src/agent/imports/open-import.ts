// The imports of the option `--import KIND:PATH`.

import { UserError } from '../../model/user-error.js';
import type { Clock } from '../timing.js';
import { haproxyImport } from './haproxy-socket.js';
import type { Import } from './import.js';
import { nginxImport } from './nginx-file.js';
import { pdnsImport } from './pdns-log.js';
import { openResolver } from './resolve.js';
import { fileImport } from './target-file.js';

/** Kinds of imports, each with an example. */
const kinds: Readonly<Record<string, (path: string, clock: Clock) => Import>> = {
  nginx: (path, clock) => nginxImport(path, openResolver(clock)),
  haproxy: (path) => haproxyImport(path),
  pdns: (path, clock) => pdnsImport(path, { resolver: openResolver(clock), clock }),
  file: (path, clock) => fileImport(path, openResolver(clock)),
};

const mostImports = 16;

/** The import of a text. Throws a `UserError`. */
function openImport(text: string, clock: Clock): Import {
  const [, kind = '', path = ''] = /^([a-z]+):(.+)$/s.exec(text) ?? [];
  const open = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (open !== undefined) return open(path, clock);
  const known = Object.keys(kinds).map((one) => `${one}:`);
  throw new UserError(
    'bad-command',
    `--import ${text} is not understood: write one of ${known.join(', ')} and a path, such as nginx:/etc/nginx/nginx.conf`,
  );
}

/** The imports of texts. Throws a `UserError`. */
export function openImports(texts: readonly string[], clock: Clock): readonly Import[] {
  if (texts.length > mostImports) throw new UserError('bad-command', `an agent has at most ${mostImports} imports`);
  return texts.map((text) => openImport(text, clock));
}
