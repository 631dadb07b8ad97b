// The first line of a file that setup wrote: a hash of the rest, so that what a person changed is not overwritten unasked.
//
//   # Written by lvs-stats 0.1.0, sha256 …

import { createHash } from 'node:crypto';

/** Who wrote a file: setup, a person anew, or a person after setup. */
export type Author = 'setup' | 'person';

/** A text below its signature. */
export function signed(text: string, version: string): string {
  return `# Written by lvs-stats ${version}, sha256 ${hashOf(text)}\n${text}`;
}

/** Who wrote this last. */
export function authorOf(text: string): Author {
  const [, hash, rest = ''] = /^# Written by lvs-stats \S+, sha256 ([0-9a-f]{64})\n([\s\S]*)$/.exec(text) ?? [];
  return hash !== undefined && hash === hashOf(rest) ? 'setup' : 'person';
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
