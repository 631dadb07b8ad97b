// Parses HAProxy's statistics (haproxy/split-show-stat.ts) into a reading: its proxies and their servers, with the stored quantities. An
// unreadable cell is unknown; of an unreadable row only its identity is kept. Each costs a note, and nothing else. An empty field is a
// value that HAProxy does not report.

import type { HaproxyKind } from '../../model/haproxy.js';
import { type HaproxyId, haproxyName, longestHaproxyName } from '../../model/names/haproxy-name.js';
import type { Note } from '../../model/note.js';
import type { HaproxyEntry, HaproxyReading } from '../../model/snapshot.js';
import { CollectError, quote } from '../collect-error.js';
import { BoundedNotes } from './bounded-notes.js';
import { parseEntry } from './parse-entry.js';
import { plainName } from './plain-name.js';
import { type StatOutput, type StatRow, splitShowStat } from './split-show-stat.js';

/** A reading, and a note for each row, cell or output that it omits. */
export interface ParsedStatistics {
  readonly reading: HaproxyReading;
  readonly notes: readonly Note[];
}

/** Parses the text; messages call its origin `source`. Throws a `CollectError`. */
export function parseShowStat(text: string, source: string): ParsedStatistics {
  const output = splitShowStat(text, source);
  const columnOf = columnFinder(output, source);
  const entries: HaproxyEntry[] = [];
  const unread = new Set<string>();
  const seen = new Set<string>();
  const notes = new BoundedNotes(source);
  noteOutputs(output, source, notes);
  let isAbsenceSure = true;
  for (const row of output.rows) {
    const read = readRow(row, { columnOf, titles: output.titles.length });
    if (read === null) continue;
    const { id, entry, problems } = read;
    const name = id === null ? null : haproxyName(id);
    const isDouble = name !== null && seen.has(name);
    if (name !== null) seen.add(name);
    const label = (): string => `${quote(read.label, longestLabel)} of HAProxy`;
    const called = name ?? quote(read.label, longestCalled);
    if (isDouble) {
      notes.add('refused', called, () => {
        return `${label()} is left out: two have that name (line ${row.line} of ${source})`;
      });
    } else if (id !== null && isTooLong(id)) {
      notes.add('refused', quote(read.label, longestCalled), () => {
        return `${label()} is left out: its name has more than ${longestHaproxyName} characters`;
      });
    } else {
      if (problems.length > 0) {
        const kind = entry === null ? 'refused' : 'remark';
        notes.add(kind, called, () => `${label()}, line ${row.line} of ${source}: ${problems.join('; ')}`);
      }
      if (entry !== null) entries.push(entry);
      else if (name === null) isAbsenceSure = false;
      else unread.add(name);
    }
  }
  const reading: HaproxyReading = {
    process: parseProcess(output.info),
    entries,
    ...(unread.size > 0 && { unread }),
    ...(!isAbsenceSure && { isAbsenceSure }),
  };
  return { reading, notes: notes.all() };
}

type ColumnOf = (title: string) => number;

const wanted = ['pxname', 'svname', 'type', 'scur', 'stot', 'bin', 'bout', 'status'];

function columnFinder({ titles, line }: StatOutput, source: string): ColumnOf {
  const at = new Map(titles.map((title, i) => [title, i]));
  const missing = wanted.find((title) => !at.has(title));
  if (missing === undefined) return (title) => at.get(title) ?? -1;
  const where = line === 1 ? 'the first line' : `line ${line}`;
  throw new CollectError(
    'no-header',
    `${source}: there is no column "${missing}" in ${where}; is it from HAProxy 1.8 or newer?`,
  );
}

function noteOutputs({ outputs, isLast, line }: StatOutput, source: string, notes: BoundedNotes): void {
  if (outputs === 1) return;
  const which = isLast ? 'the last' : 'the last that is whole';
  const begins = `from line ${line}, is read`;
  notes.add('remark', '', () => `${source} has ${outputs} outputs of "show stat": only ${which}, ${begins}`);
}

/** A row: its identity, as far as it is readable, and its faults. */
interface RowRead {
  /** null when the row does not say. */
  readonly id: HaproxyId | null;
  /** null when its values are unreadable. */
  readonly entry: HaproxyEntry | null;
  /** bk/srv1, bk/BACKEND. */
  readonly label: string;
  readonly problems: readonly string[];
}

interface RowLayout {
  readonly columnOf: ColumnOf;
  readonly titles: number;
}

const kinds: Readonly<Record<string, HaproxyKind | 'listener'>> = {
  0: 'frontend',
  1: 'backend',
  2: 'server',
  3: 'listener',
};

/** Null for a row without an archive: a listener of a frontend. */
function readRow({ fields, isMisquoted }: StatRow, { columnOf, titles }: RowLayout): RowRead | null {
  const field = (title: string): string => fields[columnOf(title)] ?? '';
  const [proxy, server] = [plainName(field('pxname')), plainName(field('svname'))];
  const label = `${proxy}/${server}`;
  const isWhole = fields.length === titles && !isMisquoted;
  const kind = isWhole ? kinds[field('type')] : undefined;
  if (kind === 'listener') return null;
  if (proxy === '' || server === '') {
    const found = isWhole ? '' : `, ${shapeProblem(fields, { isMisquoted, titles })}`;
    const problem = `the line does not say which entry it is${found}: it is not read, and any missing entry may be it`;
    return { id: null, entry: null, label: fields.slice(0, 2).join('/'), problems: [problem] };
  }
  const id = idOf(kind ?? kindBySide(server), { proxy, server });
  if (kind === undefined) {
    const shape = isWhole
      ? `column type: expected 0 to 3, found ${quote(field('type'))}`
      : shapeProblem(fields, { isMisquoted, titles });
    return { id, entry: null, label, problems: [`${shape}: all its values are unknown`] };
  }
  const problems: string[] = [];
  const isPlain = proxy === field('pxname') && server === field('svname');
  if (!isPlain) problems.push('its name has unprintable characters, which are stored as escapes');
  return { id, entry: parseEntry(id, { field, problems }), label, problems };
}

/** Characters of a row's name in a message, and in the list of omitted entries. */
const [longestLabel, longestCalled] = [500, 60];

function shapeProblem(
  { length }: readonly string[],
  { isMisquoted, titles }: { readonly isMisquoted: boolean; readonly titles: number },
): string {
  return isMisquoted ? 'a quote is misplaced or never closed' : `expected ${titles} fields, found ${length}`;
}

/** The kind of a row with an unreadable type: FRONTEND and BACKEND identify a proxy. */
function kindBySide(server: string): HaproxyKind {
  return server === 'FRONTEND' ? 'frontend' : server === 'BACKEND' ? 'backend' : 'server';
}

function idOf(kind: HaproxyKind, { proxy, server }: Omit<HaproxyId, 'kind'>): HaproxyId {
  return { kind, proxy, server: kind === 'server' ? server : '' };
}

function isTooLong({ proxy, server }: HaproxyId): boolean {
  return Math.max(proxy.length, server.length) > longestHaproxyName;
}

function parseProcess(info: string): HaproxyReading['process'] {
  const pid = /^Pid: (\d{1,10})$/m.exec(info)?.[1];
  const uptime = /^Uptime_sec: (\d{1,10})$/m.exec(info)?.[1];
  return pid === undefined || uptime === undefined ? null : { pid: Number(pid), uptimeS: Number(uptime) };
}
