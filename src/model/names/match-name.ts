// Selects archives by pattern: by name, by what people write for it, or by host name. `*` stands for any characters but a
// slash, `?` for one, `{a,b}` for either. Everything else is literal, brackets too, since addresses have them. Matching time is
// proportional to the lengths of both, whatever the pattern, since patterns also come from the network.

import { UserError } from '../user-error.js';
import { identify, resolveName } from './parse-name.js';

/** Does a pattern match an archive, given its name and the host names of its address? */
export type NameMatcher = (name: string, hosts: readonly string[]) => boolean;

/** Most alternatives of one pattern. */
const maxAlternatives = 64;

/** The matcher of a pattern: `192.0.2.1:80`, `192.0.2.*`, `*:443`, `www.*`, `192.0.2.1_80/*` for real servers. */
export function nameMatcher(pattern: string): NameMatcher {
  const globs = [...alternativesOf(pattern), ...resolved(pattern)].map((glob) => glob.split('/'));
  const isMatch = (text: string): boolean => {
    const segments = text.split('/');
    return globs.some(
      (glob) => glob.length === segments.length && glob.every((part, i) => isSegmentMatch(part, segments[i] ?? '')),
    );
  };
  return (name, hosts) => {
    const own = identify(name);
    const written = own?.kind.written?.(own.parts);
    return isMatch(name) || (written !== undefined && isMatch(written)) || hosts.some((host) => isMatch(host));
  };
}

/** The matcher of a pattern for texts without slashes: `*`, `?` and `{a,b}` as in the patterns of archives. */
export function globMatcher(pattern: string): (text: string) => boolean {
  const globs = alternativesOf(pattern);
  return (text) => globs.some((glob) => isSegmentMatch(glob, text));
}

/** `a{b,c}d` as `abd` and `acd`; unclosed and nested braces are literal. */
function alternativesOf(pattern: string): readonly string[] {
  let done = [''];
  let rest = pattern;
  for (let found = /\{([^{}]*)\}/.exec(rest); found !== null; found = /\{([^{}]*)\}/.exec(rest)) {
    const [before, choices] = [rest.slice(0, found.index), (found[1] ?? '').split(',')];
    if (done.length * choices.length > maxAlternatives) break;
    done = done.flatMap((begun) => choices.map((choice) => begun + before + choice));
    rest = rest.slice(found.index + found[0].length);
  }
  return done.map((begun) => begun + rest);
}

/** On a mismatch the last star takes one more character; earlier stars need not be tried again. */
function isSegmentMatch(glob: string, text: string): boolean {
  let [at, place] = [0, 0];
  let [star, taken] = [-1, 0];
  while (place < text.length) {
    if (glob[at] === '*') {
      star = at;
      taken = place;
      at += 1;
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === text[place])) {
      at += 1;
      place += 1;
    } else if (star >= 0) {
      taken += 1;
      at = star + 1;
      place = taken;
    } else return false;
  }
  while (glob[at] === '*') at += 1;
  return at === glob.length;
}

/** The name that the pattern resolves to, if it is one. */
function resolved(pattern: string): string[] {
  try {
    return [resolveName(pattern)];
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}
