// The first line of a file that setup or alerts wrote: a hash of the rest, so that a person's changes are not overwritten by accident.
//
//   # Written by lvs-stats 0.1.0, sha256 …

import { createHash } from 'node:crypto';

/** The last author of a file: setup, or a person who wrote or changed it. */
export type Author = 'setup' | 'person';

/** A text below its signature. */
export function signed(text: string, version: string): string {
  return `# Written by lvs-stats ${version}, sha256 ${hashOf(text)}\n${text}`;
}

/** The last author of a text. */
export function authorOf(text: string): Author {
  const [, hash, rest = ''] = /^# Written by lvs-stats \S+, sha256 ([0-9a-f]{64})\n([\s\S]*)$/.exec(text) ?? [];
  return hash !== undefined && hash === hashOf(rest) ? 'setup' : 'person';
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
