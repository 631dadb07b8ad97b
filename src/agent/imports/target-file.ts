// `file:FILE`: a target per line, an address or a name, with a port or without; `#` begins a comment.
//
//   10.1.2.3
//   db01.example.com:3306    # connected to, not pinged

import { readBounded } from '../../files/read-file.js';
import { type Import, mostImported } from './import.js';
import { type NamedTarget, parseNamedTarget } from './named-target.js';
import type { TargetResolver } from './resolve.js';
import { stampOf } from './stamp.js';

const mostBytes = 2 ** 18;

/** The targets in a file, which is read again when it has changed. */
export function fileImport(path: string, resolver: TargetResolver): Import {
  let kept: { readonly targets: readonly NamedTarget[]; readonly stamp: string } | null = null;
  return {
    name: `file:${path}`,
    names: resolver.names,
    async targets() {
      const stamp = stampOf([path]);
      const isChanged = kept === null || stamp !== kept.stamp;
      if (kept === null || isChanged)
        kept = { targets: parseTargets(readBounded(path, mostBytes).toString('latin1')), stamp };
      return resolver.resolve(kept.targets, isChanged);
    },
  };
}

/** The targets of a text. Throws an `Error` that names the wrong line. */
export function parseTargets(text: string): readonly NamedTarget[] {
  const targets = text.split('\n').flatMap((line, i): readonly NamedTarget[] => {
    const word = line.replace(/#.*/, '').trim();
    if (word === '') return [];
    const target = parseNamedTarget(word);
    if (target === null)
      throw new Error(`line ${i + 1}: ${JSON.stringify(word.slice(0, 60))} is neither an address nor HOST:PORT`);
    return [target];
  });
  if (targets.length > mostImported)
    throw new Error(`it has ${targets.length} targets; at most ${mostImported} are watched`);
  return targets;
}
