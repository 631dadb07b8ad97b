// Mutated captures through the parsers: each is a typed error, or every word of it is what the parsers made of it, neither
// more nor less, as an independent reading tells. LVS_STATS_MUTATIONS is how many, LVS_STATS_SEED which.

import { expect, test } from 'vitest';
import { CollectError, type CollectErrorCode } from '../../src/collect/collect-error.js';
import { type JoinedTable, parseListings } from '../../src/collect/join.js';
import { parseStats } from '../../src/collect/parse-stats.js';
import { parseTable } from '../../src/collect/parse-table.js';
import type { RealServerId, ServiceId } from '../../src/model/identity.js';
import type { Counters } from '../../src/model/snapshot.js';
import { randomFrom } from '../random.js';
import { seed } from '../seed.js';
import { capture } from './capture.js';
import { type Dice, mutate, mutations } from './mutations.js';
import { type ListingKind, type PlainService, plainLines, readPlainly, respelled } from './plain-listing.js';

const count = Number(process.env['LVS_STATS_MUTATIONS'] ?? 20_000);

type Pair = Readonly<Record<ListingKind, string>>;

function captured(stats: string, table: string): Pair {
  return { stats: capture(stats), table: capture(table) };
}

const captures: readonly Pair[] = [
  captured('zoo/027-stats-exact.txt', 'zoo/025-list.txt'),
  captured('zoo/003-stats-exact.txt', 'zoo/001-list.txt'),
  captured('sequence/003-traffic-stats-exact.txt', 'sequence/004-traffic-list.txt'),
  captured('sequence/047-traffic-stats-exact.txt', 'sequence/048-traffic-list.txt'),
  captured('access/015-loaded-root-stats-exact.txt', 'access/016-loaded-root-list.txt'),
  captured('empty/003-stats-exact.txt', 'empty/001-list.txt'),
  captured('big/025-fake-set-4294967297-stats-exact.txt', 'zoo/050-one-tcp-list.txt'),
];

/** Some neighbouring services of a capture, the same of both listings, so that a mutation hits few lines hard. */
function excerpt({ stats, table }: Pair, below: Dice['below']): Pair {
  const blocksOf = (text: string): readonly string[] => text.trimEnd().split(/\n(?=[A-Z])/);
  const first = 2 + below(blocksOf(stats).length - 2);
  const last = first + 1 + below(below(4) === 0 ? 20 : 4);
  const part = (blocks: readonly string[]) => [...blocks.slice(0, 2), ...blocks.slice(first, last), ''].join('\n');
  return { stats: part(blocksOf(stats)), table: part(blocksOf(table)) };
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

/** What was parsed of a listing, printed again, line by line. */
const reprint: Readonly<Record<ListingKind, (text: string) => readonly string[]>> = {
  stats: (text) =>
    [...parseStats(text).values()].flatMap(({ id, counters, realServers }) => [
      `${head(id)} ${printed(counters)}`,
      ...[...realServers.values()].map((server) => `-> ${endpoint(server.id)} ${printed(server.counters)}`),
    ]),
  table: (text) =>
    [...parseTable(text).values()].flatMap(({ id, scheduler, flags, realServers }) => [
      `${head(id)} ${scheduler} ${flags}`.trimEnd(),
      ...[...realServers.values()].map(
        ({ id: server, forwarding, weight, activeConn, inActConn }) =>
          `-> ${endpoint(server)} ${forwarding} ${weight} ${activeConn} ${inActConn}`,
      ),
    ]),
};

/** Checks one listing; returns its independent reading, or the code of the error it is. */
function check(text: string, kind: ListingKind): ReadonlyMap<string, PlainService> | CollectErrorCode {
  const plain = readPlainly(text, kind);
  let lines: readonly string[];
  try {
    lines = reprint[kind](text);
  } catch (error) {
    expect(plain).toBeNull();
    return codeOf(error);
  }
  if (plain === null) throw new Error('a listing was accepted that is none');
  const expected = plainLines(plain);
  if (lines.join('\n') !== expected.join('\n')) expect(lines).toEqual(expected);
  return plain;
}

/** The lines of both listings that a joined table stands for, the counters' first. */
function joinedLines({ services }: JoinedTable): readonly string[] {
  return services.flatMap(({ id, counters, scheduler, flags, realServers }) => [
    `${head(id)} ${printed(counters)}`,
    `${head(id)} ${scheduler} ${flags}`.trimEnd(),
    ...realServers.flatMap((server) => [
      `-> ${endpoint(server.id)} ${printed(server.counters)}`,
      `-> ${endpoint(server.id)} ${server.forwarding} ${server.weight} ${server.activeConn} ${server.inActConn}`,
    ]),
  ]);
}

type Plain = ReadonlyMap<string, PlainService>;

/** The same out of the independent readings, and how many entries stand in one of them only. */
function expectedJoin(stats: Plain, table: Plain): { readonly lines: readonly string[]; readonly incomplete: number } {
  const lines: string[] = [];
  let incomplete = [...table.keys()].filter((key) => !stats.has(key)).length;
  for (const [key, counted] of stats) {
    const setUp = table.get(key);
    if (setUp === undefined) incomplete += 1;
    else {
      lines.push(counted.line, setUp.line);
      for (const [address, line] of counted.realServers) {
        const other = setUp.realServers.get(address);
        if (other !== undefined) lines.push(line, other);
        else incomplete += 1;
      }
      incomplete += [...setUp.realServers.keys()].filter((address) => !counted.realServers.has(address)).length;
    }
  }
  return { lines, incomplete };
}

/** Checks a pair; returns what became of it. */
function checkPair(pair: Pair): string {
  const [stats, table] = [check(pair.stats, 'stats'), check(pair.table, 'table')];
  if (typeof stats === 'string') return stats;
  if (typeof table === 'string') return table;
  const joined = parseListings({ statsText: pair.stats, tableText: pair.table });
  const expected = expectedJoin(stats, table);
  expect(joinedLines(joined).join('\n')).toBe(expected.lines.join('\n'));
  expect(joined.incomplete).toHaveLength(expected.incomplete);
  return 'read';
}

test(`${count} mutated captures are typed errors, or read word for word`, () => {
  const outcomes = new Map<string, number>();
  const seen = new Map<string, Set<string>>();
  for (let n = 0; n < count; n += 1) {
    const random = randomFrom(seed * 1_000_003 + n);
    const below = (limit: number): number => Math.floor(random() * limit);
    const pickPair = (): Pair => captures[below(captures.length)] ?? { stats: '', table: '' };
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
    'duplicate',
    'no-header',
    'read',
    'wrong-listing',
  ]);
  expect(outcomes.get('read')).toBeGreaterThan(count / 10);
  // Every mutation did harm at some time: none of them leaves texts as they were.
  for (const title of Object.keys(mutations)) expect([title, seen.get(title)?.size]).not.toEqual([title, undefined]);
});
