// Laws of the parsers, over random tables and randomly damaged captures.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CollectError } from '../../src/collect/collect-error.js';
import { parseListings } from '../../src/collect/ipvs/join.js';
import { parseStatsListing } from '../../src/collect/ipvs/listing/parse-stats.js';
import { parseTableListing } from '../../src/collect/ipvs/listing/parse-table.js';
import { capture } from './capture.js';
import { printStats, printTable, randomTable } from './random-table.js';

describe('a random table', () => {
  test("round-trips through ipvsadm's format", () => {
    fc.assert(
      fc.property(randomTable, (services) => {
        const joined = parseListings({ statsText: printStats(services), tableText: printTable(services) });
        expect(joined).toEqual({ services, isWhole: true, isTorn: false, notes: [] });
      }),
      { numRuns: 500 },
    );
  });

  test("joined with another table's listing keeps the common entries and reports every other one once", () => {
    fc.assert(
      fc.property(randomTable, fc.infiniteStream(fc.boolean()), (services, coins) => {
        const toss = () => coins.next().value === true;
        const now = services
          .filter(toss)
          .map((service) => ({ ...service, realServers: service.realServers.filter(toss) }));
        const { services: joined, notes } = parseListings({
          statsText: printStats(services),
          tableText: printTable(now.toReversed()),
        });
        expect(new Set(joined.map(({ lacks: _, ...service }) => service))).toEqual(new Set(now));
        const gone = (service: (typeof services)[number]) =>
          service.realServers.length - (now.find(({ id }) => id === service.id)?.realServers.length ?? 0);
        const lost = services.filter(({ id }) => now.every((other) => other.id !== id));
        const kept = services.filter((service) => !lost.includes(service));
        expect(notes.map(({ kind }) => kind).filter((kind) => kind === 'torn')).toHaveLength(
          lost.length + kept.reduce((sum, service) => sum + gone(service), 0),
        );
      }),
    );
  });
});

const lineOf = (text: string, index: number) => text.split('\n')[index] ?? '';
const characters = [...' \t\n\r\0-0123456789KMGT.:,[]()>abcfxFWMTCPUDIv6%/é'];

/** A capture with random damage: characters lost, added or changed, lines lost, repeated or swapped, or its end truncated. */
function damaged(text: string): fc.Arbitrary<string> {
  const place = fc.nat(text.length - 1);
  const damage = fc.oneof(
    place.map((at) => (now: string) => now.slice(0, at) + now.slice(at + 1)),
    fc.tuple(place, fc.constantFrom(...characters)).map(([at, character]) => {
      return (now: string) => now.slice(0, at) + character + now.slice(at);
    }),
    fc.tuple(place, fc.constantFrom(...characters)).map(([at, character]) => {
      return (now: string) => now.slice(0, at) + character + now.slice(at + 1);
    }),
    fc.tuple(place, place).map(([from, to]) => (now: string) => {
      const [first, second] = from < to ? [from, to] : [to, from];
      return now.slice(0, first) + now.slice(second);
    }),
    place.map((at) => (now: string) => now.slice(0, at)),
    fc.tuple(fc.nat(300), fc.nat(300)).map(([from, to]) => (now: string) => {
      const lines = now.split('\n');
      lines.splice(to, 0, lineOf(now, from));
      return lines.join('\n');
    }),
  );
  return fc
    .array(damage, { minLength: 1, maxLength: 3 })
    .map((damages) => damages.reduce((now, hit) => hit(now), text));
}

/** The result of `parse`; null if it throws a `CollectError`. */
function resultOf<T>(parse: (text: string) => T, text: string): T | null {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof CollectError) return null;
    throw error;
  }
}

/** Words of each non-empty line below the header, without addresses, which have more than one spelling. */
function wordsOf(text: string, from: number): readonly string[] {
  return text
    .split('\n')
    .slice(3, -1)
    .map((line) => line.trim().split(/[ \t]+/))
    .filter((words) => words.join('') !== '')
    .map((words) => words.slice(from).join(' '));
}

/** Checks that `lines` include every line of `found`. */
function expectAmong(found: readonly string[], lines: readonly string[]): void {
  const left = new Map<string, number>();
  for (const line of lines) left.set(line, (left.get(line) ?? 0) + 1);
  for (const line of found) {
    const count = left.get(line) ?? 0;
    if (count === 0) expect(lines).toContain(line);
    left.set(line, count - 1);
  }
}

const [statsHeader, tableHeader] = [capture('empty/003-stats-exact.txt'), capture('empty/001-list.txt')];

describe('a damaged capture', () => {
  test('of counters throws a typed error or yields only numbers from one of its lines', () => {
    let read = 0;
    fc.assert(
      fc.property(damaged(capture('zoo/027-stats-exact.txt')), (text) => {
        const entries = resultOf(parseStatsListing, text);
        if (entries === null) return;
        read += 1;
        const found = [...entries.services.values()].flatMap(({ counters, realServers }) => [
          Object.values(counters).join(' '),
          ...[...realServers.values()].map((server) => Object.values(server.counters).join(' ')),
        ]);
        expectAmong(found, wordsOf(text, -5));
        if (text.startsWith(statsHeader) && found.length < wordsOf(text, -5).length)
          expect(entries.notes.length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
    expect(read).toBeGreaterThan(1000);
  });

  test('of the table throws a typed error or yields only words from one of its lines', () => {
    fc.assert(
      fc.property(damaged(capture('zoo/025-list.txt')), (text) => {
        const entries = resultOf(parseTableListing, text);
        if (entries === null) return;
        const found = [...entries.services.values()].flatMap(({ id, scheduler, flags, realServers }) => [
          `${id.kind === 'mark' && id.family === 'ipv6' ? 'IPv6 ' : ''}${scheduler} ${flags}`.trim(),
          ...[...realServers.values()].map(
            ({ forwarding, weight, activeConn, inActConn }) => `${forwarding} ${weight} ${activeConn} ${inActConn}`,
          ),
        ]);
        expectAmong(found, wordsOf(text, 2));
        if (text.startsWith(tableHeader) && found.length < wordsOf(text, 2).length)
          expect(entries.notes.length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  test('of arbitrary bytes throws a typed error or yields a result', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, hasHeader) => {
        const text = Buffer.from(bytes).toString('latin1');
        resultOf(parseStatsListing, (hasHeader ? capture('empty/003-stats-exact.txt') : '') + text);
        resultOf(parseTableListing, (hasHeader ? capture('empty/001-list.txt') : '') + text);
      }),
    );
  });
});
