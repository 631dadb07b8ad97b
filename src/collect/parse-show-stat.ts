// The statistics of HAProxy as CSV (management guide, 9.1): "show stat" on its stats socket, or the page of statistics with ";csv".
//
//   Name: HAProxy                             lines of "show info" may stand before the CSV: Pid, Uptime_sec
//   # pxname,svname,qcur,…,                   columns by name: each version has more of them
//   web,FRONTEND,,,0,1,9984,6,…,"a, b",       a field in quotes may hold commas, quotes (twice) and line ends
//
// Every line has as many fields as the first, and a line end: of a text that was cut off that is not so. An empty field is a value that
// HAProxy does not tell.

import { type HaproxyKind, haproxyColumns } from '../model/haproxy.js';
import { haproxyName } from '../model/haproxy-name.js';
import type { Note } from '../model/note.js';
import type { HaproxyEntry, HaproxyReading } from '../model/snapshot.js';
import { CollectError, quote } from './collect-error.js';
import { LineProblem } from './listing.js';
import { parseCounter } from './whole-number.js';

/** What was read, and a note for each entry that is left out of it. */
export interface ParsedStatistics {
  readonly reading: HaproxyReading;
  readonly notes: readonly Note[];
}

/** Reads the text; `source` is where it comes from, for messages. Throws a `CollectError`. */
export function parseShowStat(text: string, source: string): ParsedStatistics {
  const start = text.startsWith('# pxname,') ? 0 : text.indexOf('\n# pxname,') + 1;
  if (start === 0 && !text.startsWith('# pxname,')) throw noHeader(text, source);
  const [titles = [], ...rows] = readCsv(text.slice(start), source);
  const at = new Map(titles.map((title, i) => [title.replace(/^# /, ''), i]));
  const missing = ['svname', 'type', 'scur', 'stot', 'bin', 'bout', 'status'].find((title) => !at.has(title));
  if (missing !== undefined) {
    throw new CollectError(
      'no-header',
      `${source}: there is no column "${missing}" in the first line; is it of HAProxy 1.8 or newer?`,
    );
  }
  const seen = new Set<string>();
  const notes: Note[] = [];
  const entries: HaproxyEntry[] = [];
  for (const [i, fields] of rows.entries()) {
    const field = (title: string): string => fields[at.get(title) ?? -1] ?? '';
    const line = `line ${i + 2} of ${source}`;
    if (fields.length !== titles.length) {
      const found = `expected ${titles.length} fields, found ${fields.length}`;
      throw new CollectError('cut-off', `${line}: ${found}; was it cut off, or changed while it was read?`);
    }
    const entry = parseEntry(field, line);
    if (entry === null) continue;
    const name = nameOf(entry);
    const problem = name === null ? 'its name is too long' : seen.has(name) ? 'there are two of that name' : '';
    if (name !== null) seen.add(name);
    if (problem === '') entries.push(entry);
    else {
      const called = quote(`${entry.id.proxy}/${entry.id.server}`);
      notes.push({ kind: 'refused', entry: name ?? called, text: `${called} of HAProxy is left out: ${problem}` });
    }
  }
  return { reading: { process: parseProcess(text.slice(0, start)), entries }, notes };
}

const kinds: Readonly<Record<string, HaproxyKind | null>> = { 0: 'frontend', 1: 'backend', 2: 'server', 3: null };

/** Null for what is no archive: a listener of a frontend. */
function parseEntry(field: (title: string) => string, line: string): HaproxyEntry | null {
  const kind = kinds[field('type')];
  const proxy = field('pxname');
  const server = field('svname');
  if (kind === null) return null;
  if (kind === undefined || proxy === '' || server === '') {
    const found = `type ${quote(field('type'))}, pxname ${quote(proxy)}, svname ${quote(server)}`;
    throw new CollectError('bad-line', `${line}: expected a frontend, a backend or a server, found ${found}`);
  }
  return {
    id: { kind, proxy, server: kind === 'server' ? server : '' },
    values: haproxyColumns[kind].map(({ csv }) => parseValue(field(csv), csv, line)),
    mode: field('hrsp_2xx') === '' ? 'tcp' : 'http',
    status: statusOf(field('status')),
    weight: kind === 'server' ? weightOf(field, line) : null,
    check: checkOf(field),
  };
}

function parseValue(word: string, title: string, line: string): bigint | null {
  if (word === '') return null;
  try {
    return parseCounter(word);
  } catch (error) {
    if (!(error instanceof LineProblem)) throw error;
    throw new CollectError('bad-line', `${line}, column ${title}: expected a whole number, found ${quote(word)}`);
  }
}

/** "UP 1/2" and "MAINT (via web/a)" are UP and MAINT; a frontend that is full is open. */
function statusOf(text: string): string {
  const word = /^(no check|[A-Z]{1,20})/.exec(text)?.[1] ?? quote(text, 20).slice(1, -1);
  return word === 'FULL' ? 'OPEN' : word;
}

/** The weight that was set, where this version tells it; else the effective one, but for a server that is slowly started. */
function weightOf(field: (title: string) => string, line: string): number | null {
  const isSlow = field('throttle') !== '' && field('throttle') !== '100';
  const word = field('uweight') || (isSlow ? '' : field('weight'));
  const value = parseValue(word, 'weight', line);
  return value === null || value > 65_535n ? null : Number(value);
}

const longestCheck = 200;

/** "L4CON: Connection refused": the newest result, and what it is explained by. */
function checkOf(field: (title: string) => string): string {
  const status = field('check_status').replace(/^\* /, '');
  const why = field('last_chk') || field('check_desc');
  return status === '' ? '' : quote([status, why].filter(Boolean).join(': '), longestCheck).slice(1, -1);
}

/** Characters that an archive's name, and so a file's, has for a proxy or a server at the most. */
const longestName = 180;

function nameOf({ id }: HaproxyEntry): string | null {
  const name = haproxyName(id);
  return name.split('/').some((part) => part.length > longestName) ? null : name;
}

function parseProcess(info: string): HaproxyReading['process'] {
  const pid = /^Pid: (\d{1,10})\r?$/m.exec(info)?.[1];
  const uptime = /^Uptime_sec: (\d{1,10})\r?$/m.exec(info)?.[1];
  return pid === undefined || uptime === undefined ? null : { pid: Number(pid), uptimeS: Number(uptime) };
}

function noHeader(text: string, source: string): CollectError {
  const [first = ''] = text.split('\n', 1);
  return new CollectError(
    'no-header',
    `${source}: expected the statistics of HAProxy as CSV, which begin with "# pxname,", found ${quote(first)}; is it the stats ` +
      'socket, or the page of "stats uri"?',
  );
}

/** One line after the other; what is in quotes may have line ends. Ends with the first empty line, behind which nothing is read. */
function readCsv(text: string, source: string): string[][] {
  const rows: string[][] = [];
  const pattern = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n)/y;
  let row: string[] = [];
  while (pattern.lastIndex < text.length) {
    const from = pattern.lastIndex;
    if (row.length === 0 && /^\r?\n/.test(text.slice(from, from + 2))) break;
    const match = pattern.exec(text);
    if (match === null) {
      const found = quote(text.slice(from, from + 40));
      const at = `line ${rows.length + 1} of ${source}, field ${row.length + 1}`;
      throw new CollectError(
        'cut-off',
        `${at}: expected a field and a comma or a line end, found ${found}; was it cut off?`,
      );
    }
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === ',') continue;
    rows.push(row);
    row = [];
  }
  if (row.length > 0)
    throw new CollectError('cut-off', `${source} ends within line ${rows.length + 1}: was it cut off?`);
  return rows;
}
