// Mutated captures through the parsers. Each throws a typed error, or the result agrees word for word with an independent reader,
// which also names the same unreadable entries. LVS_STATS_MUTATIONS sets their number, LVS_STATS_SEED selects them.

import { expect, test } from 'vitest';
import { CollectError, type CollectErrorCode } from '../../src/collect/collect-error.js';
import { type JoinedTable, parseListings } from '../../src/collect/ipvs/join.js';
import type { Entries } from '../../src/collect/ipvs/listing/entries.js';
import { parseStatsListing } from '../../src/collect/ipvs/listing/parse-stats.js';
import { parseTableListing } from '../../src/collect/ipvs/listing/parse-table.js';
import type { RealServerId, ServiceId } from '../../src/model/names/identity.js';
import { parseName } from '../../src/model/names/parse-name.js';
import type { Counters } from '../../src/model/snapshot.js';
import { randomFrom } from '../random.js';
import { seed } from '../seed.js';
import { capture } from './capture.js';
import { type Dice, mutate, mutations } from './mutations.js';
import { type ListingKind, type PlainListing, readPlainly, respelled } from './plain-listing.js';

const count = Number(process.env['LVS_STATS_MUTATIONS'] ?? 10_000);

type Pair = Readonly<Record<ListingKind, string>>;

/** A capture by its services: blocks of lines, which begin with two of the header. */
type Blocks = Readonly<Record<ListingKind, readonly string[]>>;

function captured(stats: string, table: string): Blocks {
  const blocksOf = (file: string): readonly string[] =>
    capture(file)
      .trimEnd()
      .split(/\n(?=[A-Z])/);
  return { stats: blocksOf(stats), table: blocksOf(table) };
}

const captures: readonly Blocks[] = [
  captured('zoo/027-stats-exact.txt', 'zoo/025-list.txt'),
  captured('zoo/003-stats-exact.txt', 'zoo/001-list.txt'),
  captured('sequence/003-traffic-stats-exact.txt', 'sequence/004-traffic-list.txt'),
  captured('sequence/047-traffic-stats-exact.txt', 'sequence/048-traffic-list.txt'),
  captured('access/015-loaded-root-stats-exact.txt', 'access/016-loaded-root-list.txt'),
  captured('empty/003-stats-exact.txt', 'empty/001-list.txt'),
  captured('big/025-fake-set-4294967297-stats-exact.txt', 'zoo/050-one-tcp-list.txt'),
];

/** Some neighbouring services of a capture, the same in both listings, so that mutations concentrate on few lines. */
function excerpt({ stats, table }: Blocks, below: Dice['below']): Pair {
  const first = 2 + below(stats.length - 2);
  const last = first + 1 + below(below(4) === 0 ? 20 : 4);
  const part = (blocks: readonly string[]) => [...blocks.slice(0, 2), ...blocks.slice(first, last), ''].join('\n');
  return { stats: part(stats), table: part(table) };
}

function codeOf(error: unknown): CollectErrorCode {
  if (error instanceof CollectError) return error.code;
  throw error;
}

function head(id: ServiceId): string {
  if (id.kind === 'mark') return `FWM ${id.mark}${id.family === 'ipv6' ? ' IPv6' : ''}`;
  return `${id.protocol.toUpperCase()} ${endpoint(id)}`;
}

function endpoint({ address, port }: RealServerId): string {
  return respelled(address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`) ?? 'no address';
}

function printed({ conns, inPkts, outPkts, inBytes, outBytes }: Counters): string {
  return `${conns} ${inPkts} ${outPkts} ${inBytes} ${outBytes}`;
}

/** Prints a parsed listing line by line, with its unreadable entries. */
const reprint: Readonly<Record<ListingKind, (text: string) => readonly string[]>> = {
  stats: (text) => {
    const entries = parseStatsListing(text);
    const lines = [...entries.services.values()].flatMap(({ id, counters, realServers, refused, hasStray }) => [
      `${head(id)} ${printed(counters)}`,
      ...[...realServers.values()].map((server) => `-> ${endpoint(server.id)} ${printed(server.counters)}`),
      restOf([...refused.values()].map(endpoint), hasStray),
    ]);
    return [...lines, ...restLines(entries)];
  },
  table: (text) => {
    const entries = parseTableListing(text);
    const lines = [...entries.services.values()].flatMap(({ id, scheduler, flags, realServers, refused, hasStray }) => [
      `${head(id)} ${scheduler} ${flags}`.trimEnd(),
      ...[...realServers.values()].map(
        ({ id: server, forwarding, weight, activeConn, inActConn }) =>
          `-> ${endpoint(server)} ${forwarding} ${weight} ${activeConn} ${inActConn}`,
      ),
      restOf([...refused.values()].map(endpoint), hasStray),
    ]);
    return [...lines, ...restLines(entries)];
  },
};

function restOf(refused: readonly string[], hasStray: boolean): string {
  return `refused ${refused.toSorted().join(' ')}, ${hasStray ? 'a' : 'no'} stray line`;
}

function restLines({ refused, suspects, strayLines }: Entries<unknown>): readonly string[] {
  return restLinesOf([...refused.values()].map(head), [...suspects.values()].map(head), strayLines);
}

function restLinesOf(refused: readonly string[], suspects: readonly string[], strayLines: number): readonly string[] {
  return [`refused ${refused.toSorted()}`, `suspects ${suspects.toSorted()}`, `${strayLines} stray lines`];
}

/** The same lines from the independent reader. */
function expectedLines({ services, refused, suspects, strayLines }: PlainListing): readonly string[] {
  const lines = [...services.values()].flatMap((service) => [
    service.line,
    ...service.realServers.values(),
    restOf([...service.refused], service.hasStray),
  ]);
  return [...lines, ...restLinesOf([...refused], [...suspects], strayLines)];
}

/** Checks one listing; returns its independent reading, or the code of its error. */
function check(text: string, kind: ListingKind): PlainListing | CollectErrorCode {
  const plain = readPlainly(text, kind);
  let lines: readonly string[];
  try {
    lines = reprint[kind](text);
  } catch (error) {
    expect(plain).toBeNull();
    return codeOf(error);
  }
  if (plain === null) throw new Error('a listing was accepted that is none');
  const expected = expectedLines(plain);
  if (lines.join('\n') !== expected.join('\n')) expect(lines).toEqual(expected);
  return plain;
}

/** Prints a joined table as lines of both listings, the counters' first, and its unread entries. */
function joinedLines({ services, unread = new Set(), strayLines = 0 }: JoinedTable): readonly string[] {
  const lines = services.flatMap(({ id, counters, scheduler, flags, realServers, lacks }) => [
    `${head(id)} ${printed(counters)}`,
    `${head(id)} ${scheduler} ${flags}`.trimEnd(),
    ...realServers.flatMap((server) => [
      `-> ${endpoint(server.id)} ${printed(server.counters)}`,
      `-> ${endpoint(server.id)} ${server.forwarding} ${server.weight} ${server.activeConn} ${server.inActConn}`,
    ]),
    `lacks ${lacks ?? 'none'}`,
  ]);
  return [...lines, `unread ${[...unread].map(headOf).sort()}`, `${strayLines} stray lines`];
}

/** An archive's name in the form that lines use. */
function headOf(name: string): string {
  const parts = parseName(name);
  if (parts?.kind === 'service') return head(parts.service);
  return parts?.kind === 'real-server' ? `${head(parts.service)} -> ${endpoint(parts.realServer)}` : name;
}

/** The same from the independent readings, and the entries that only one of them has. */
function expectedJoin(stats: PlainListing, table: PlainListing): { readonly lines: readonly string[]; torn: number } {
  const lines: string[] = [];
  const unread = new Set([...stats.refused, ...table.refused]);
  let torn = 0;
  const leaveOut = (name: string, isThere: boolean): void => {
    unread.add(name);
    if (!isThere) torn += 1;
  };
  const mayHave = ({ strayLines, suspects }: PlainListing, key: string) => strayLines > 0 || suspects.has(key);
  for (const [key, counted] of stats.services) {
    const setUp = table.services.get(key);
    if (setUp === undefined) {
      if (!table.refused.has(key)) leaveOut(key, mayHave(table, key));
      continue;
    }
    lines.push(counted.line, setUp.line);
    const refused = new Set([...counted.refused, ...setUp.refused]);
    for (const address of refused) unread.add(`${key} -> ${address}`);
    const all = new Set([...counted.realServers.keys(), ...setUp.realServers.keys(), ...refused]);
    let joined = 0;
    for (const address of all) {
      const [line, other] = [counted.realServers.get(address), setUp.realServers.get(address)];
      if (line !== undefined && other !== undefined) {
        lines.push(line, other);
        joined += 1;
      } else if (!refused.has(address)) {
        leaveOut(`${key} -> ${address}`, line === undefined ? counted.hasStray : setUp.hasStray);
      }
    }
    const isUnnamed = counted.hasStray && setUp.hasStray;
    lines.push(`lacks ${isUnnamed ? 'unnamed' : joined < all.size ? 'named' : 'none'}`);
  }
  for (const key of table.services.keys()) {
    if (!stats.services.has(key) && !stats.refused.has(key)) leaveOut(key, mayHave(stats, key));
  }
  for (const key of [...stats.suspects, ...table.suspects]) {
    if (!stats.services.has(key) || !table.services.has(key)) unread.add(key);
  }
  const strayLines = Math.min(stats.strayLines, table.strayLines);
  return { lines: [...lines, `unread ${[...unread].sort()}`, `${strayLines} stray lines`], torn };
}

/** The characters of notes. */
const printable = /^[\x20-\x7e…]+$/;

/** Checks a pair; returns its outcome. */
function checkPair(pair: Pair): string {
  const [stats, table] = [check(pair.stats, 'stats'), check(pair.table, 'table')];
  if (typeof stats === 'string') return stats;
  if (typeof table === 'string') return table;
  const joined = parseListings({ statsText: pair.stats, tableText: pair.table });
  const expected = expectedJoin(stats, table);
  if (joinedLines(joined).join('\n') !== expected.lines.join('\n')) expect(joinedLines(joined)).toEqual(expected.lines);
  const torn = joined.notes.filter(({ kind }) => kind === 'torn');
  // A matcher that finds nothing wrong takes longer than reading the listings.
  if (torn.length !== expected.torn) expect(torn).toHaveLength(expected.torn);
  const isNoted = joined.notes.some(({ kind }) => kind === 'refused');
  const isAllRead = joined.unread === undefined && joined.strayLines === undefined;
  const isLeftOut = joined.notes.some(({ kind }) => kind !== 'remark');
  const isLacking = !isAllRead || joined.services.some(({ lacks }) => lacks === 'unnamed');
  if (isLacking && !isLeftOut) expect(isLeftOut).toBe(true);
  for (const { text } of joined.notes) if (!printable.test(text)) expect(text).toMatch(printable);
  if (joined.isWhole !== (!isNoted && !joined.isTorn)) expect(joined.isWhole).toBe(!isNoted && !joined.isTorn);
  return isNoted ? 'read in part' : 'read';
}

test(`${count} mutated captures throw typed errors or are read word for word, except for reported lines`, () => {
  const outcomes = new Map<string, number>();
  const seen = new Map<string, Set<string>>();
  for (let n = 0; n < count; n += 1) {
    const random = randomFrom(seed * 1_000_003 + n);
    const below = (limit: number): number => Math.floor(random() * limit);
    const pickPair = (): Blocks => captures[below(captures.length)] ?? { stats: [], table: [] };
    const other = (): string => excerpt(pickPair(), below)[below(2) === 0 ? 'stats' : 'table'];
    const base = excerpt(pickPair(), below);
    const kind = n % 2 === 0 ? 'stats' : 'table';
    const { text, titles } = mutate(base[kind], { below, other });
    const pair = { ...base, [kind]: text };
    let outcome: string;
    try {
      outcome = checkPair(pair);
    } catch (cause) {
      throw new Error(`number ${n} of seed ${seed} (${titles.join(', ')}):\n${text}`, { cause });
    }
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    for (const title of titles) seen.set(title, (seen.get(title) ?? new Set()).add(outcome));
  }
  if (process.env['LVS_STATS_MUTATIONS'] !== undefined) console.info(Object.fromEntries(outcomes));
  expect([...outcomes.keys()].sort()).toEqual([
    'bad-line',
    'cut-off',
    'no-header',
    'read',
    'read in part',
    'wrong-listing',
  ]);
  expect(outcomes.get('read')).toBeGreaterThan(count / 10);
  // Every mutation had an effect at least once: none leaves all texts unchanged.
  for (const title of Object.keys(mutations)) expect([title, seen.get(title)?.size]).not.toEqual([title, undefined]);
});
