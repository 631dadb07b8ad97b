// A note: what a reading has to say beside its values. Sources make notes, a cycle carries them, and `collect`, `serve`, `replay`
// and the viewer report them in these words.

/**
 * `refused`: an entry is left out, since its line cannot be read or its values contradict each other; `torn`: an entry is left out,
 * since it came or went while it was read; `remark`: nothing is left out.
 */
export type NoteKind = 'refused' | 'torn' | 'remark';

/** One note. */
export interface Note {
  readonly kind: NoteKind;
  /** Name of the archive, or in quotes the beginning of a line that names none; '' where it is about a source as a whole. */
  readonly entry: string;
  /** One sentence for people, printable on any terminal, without its full stop. */
  readonly text: string;
  /** Entries that it stands for; missing for one. */
  readonly count?: number;
}

/** Notes that one text gets at most by name; the rest is counted. */
export const mostNotes = 1000;

/** Does a note leave an entry out? */
export function isLeftOut({ kind }: Note): boolean {
  return kind !== 'remark';
}

/** An entry that a cycle left out, and why. */
export type LeftOutEntry = Omit<Note, 'count'>;

/** The entries that a cycle left out. */
export interface LeftOut {
  /** How many entries. */
  readonly count: number;
  /** The first of them by name, `mostNotes` at most. */
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
  return { count: entries.size + unnamed, entries: [...entries.values()].slice(0, mostNotes) };
}
