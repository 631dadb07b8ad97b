// A note: a remark of a reading, beside its values. Sources make notes, a cycle carries them, and `collect`, `serve`, `replay`
// and the viewer report them in these words.

/**
 * `refused`: an entry is left out, since its line cannot be read or its values contradict each other; `torn`: an entry is left
 * out, since it came or went during the read; `remark`: nothing is left out.
 */
export type NoteKind = 'refused' | 'torn' | 'remark';

/** One note. */
export interface Note {
  readonly kind: NoteKind;
  /** Name of the archive, or the quoted beginning of a line that names none; '' if the note is about a whole source. */
  readonly entry: string;
  /** One sentence for people, printable on any terminal, without its full stop. */
  readonly text: string;
  /** Number of entries that it stands for; missing for one. */
  readonly count?: number;
}

/** Most notes per text that are named; the rest are counted. */
export const maxNotes = 1000;

/** Does a note leave an entry out? */
export function isLeftOut({ kind }: Note): boolean {
  return kind !== 'remark';
}

/** An entry that a cycle left out, and why. */
export type LeftOutEntry = Omit<Note, 'count'>;

/** The entries that a cycle left out. */
export interface LeftOut {
  /** Number of entries. */
  readonly count: number;
  /** The first of them by name, `maxNotes` at most. */
  readonly entries: readonly LeftOutEntry[];
}

/** The entries that notes leave out, each once. */
export function leftOutOf(notes: readonly Note[]): LeftOut {
  const entries = new Map<string, LeftOutEntry>();
  let unnamed = 0;
  for (const { kind, entry, text, count = 1 } of notes) {
    if (kind === 'remark') continue;
    if (entry === '') unnamed += count;
    else if (!entries.has(entry)) entries.set(entry, { kind, entry, text });
  }
  return { count: entries.size + unnamed, entries: [...entries.values()].slice(0, maxNotes) };
}
