// The blocks of a keepalived.conf(5): statements, some with statements of their own. Blocks that do not concern the table are passed over.

import type { Place } from '../../model/drift/expected.js';
import type { ConfigLine } from './lines/config-lines.js';
import { wordsOf } from './lines/config-text.js';
import { quoted, type ReadingNotes } from './reading-notes.js';

/** A statement: its words, and the statements of its block; null if it has none. */
export interface Statement {
  readonly words: readonly string[];
  readonly place: Place;
  readonly block: readonly Statement[] | null;
  /** Whether the end of its block is missing: then it may lack statements. */
  readonly isOpen: boolean;
}

interface Draft extends Statement {
  block: Draft[] | null;
  isOpen: boolean;
}

/** Blocks whose statements matter, by depth. Of a check, only whether it sets weights does. */
const kept: readonly (readonly string[])[] = [
  ['virtual_server', 'virtual_server_group', 'global_defs'],
  ['real_server'],
  ['MISC_CHECK', 'FILE_CHECK'],
];

/** Parses the statements of all lines. */
export function parseBlocks(lines: Iterable<ConfigLine>, notes: ReadingNotes): readonly Statement[] {
  const root: Draft[] = [];
  const open: { readonly of: Draft | null; readonly statements: Draft[]; readonly isKept: boolean }[] = [];
  let current = root;
  let isKept = true;
  for (const { text, place } of lines) {
    if (text === '{') {
      const of = current.at(-1) ?? null;
      const isNew = of !== null && of.block === null;
      if (!isNew && isKept) notes.add(place, 'a { without a word before it');
      open.push({ of: isNew ? of : null, statements: current, isKept });
      const word = of?.words[0] ?? '';
      isKept = isKept && isNew && kept[open.length - 1]?.includes(word) === true;
      current = [];
      if (isNew) of.block = current;
    } else if (text === '}') {
      const above = open.pop();
      if (above === undefined) notes.add(place, 'a } without its {');
      current = above?.statements ?? current;
      isKept = above?.isKept ?? isKept;
    } else if (isKept) {
      const words = wordsOf(text);
      if (words.length > 0) current.push({ words, place, block: null, isOpen: false });
    } else if (current.length === 0) current.push({ words: [''], place, block: null, isOpen: false });
    else current[0] = { words: [''], place, block: null, isOpen: false };
  }
  for (const { of } of open) {
    if (of === null) continue;
    of.isOpen = true;
    notes.leaveOut(
      of.place,
      `the block of ${quoted(of.words[0] ?? '')} has no end: the rest of the configuration may be part of it`,
    );
  }
  return root;
}
