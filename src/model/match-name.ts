// Which archives a pattern means: by name, by what people write for it, or by host name; globs as picomatch has them.

import picomatch from 'picomatch';
import { formatEndpoint, parseName, resolveName } from './name.js';
import { UserError } from './user-error.js';

/** Does a pattern match an archive, given its name and the host names of its address? */
export type NameMatcher = (name: string, hosts: readonly string[]) => boolean;

/** The matcher of a pattern: `192.0.2.1:80`, `192.0.2.*`, `*:443`, `www.*`, `192.0.2.1_80/*` for real servers. */
export function nameMatcher(pattern: string): NameMatcher {
  const isMatch = picomatch([pattern, ...resolved(pattern)]);
  return (name, hosts) => {
    const parts = parseName(name);
    const id = parts?.kind === 'service' ? parts.service : null;
    return isMatch(name) || (id !== null && isMatch(formatEndpoint(id))) || hosts.some((host) => isMatch(host));
  };
}

/** The name that the pattern is, if it is what people write for one. */
function resolved(pattern: string): string[] {
  try {
    return [resolveName(pattern)];
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}
