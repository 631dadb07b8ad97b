// The ledger in the database: its limit, the count of dropped events, and its queries.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emptyState } from '../../src/model/cycle.js';
import { eventsPerArchive, type LedgerEvent } from '../../src/model/ledger-event.js';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/store.js';
import { cycleAfter, firstS } from './sample-cycles.js';

const name = '192.0.2.1_80';
let folder = '';
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-ledger-'));
  store = await openStore(folder);
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Stores one cycle per count, with that many events of the first service. */
async function live(eventCounts: readonly number[]): Promise<void> {
  let table = emptyState;
  for (const count of eventCounts) {
    const cycle = cycleAfter(table);
    const more = Array.from({ length: count }, (_, i): LedgerEvent => {
      return { timeS: cycle.timeS, archive: name, kind: 'weight-changed', from: String(i), to: String(i + 1) };
    });
    await store.append({ ...cycle, events: [...cycle.events, ...more] }, false);
    table = cycle.table;
  }
}

describe('a ledger', () => {
  test('reports how many older events it dropped, before the oldest it keeps', async () => {
    // The service's appearance is an event too.
    await live([0, 700, 300, 150, 0]);
    const events = await store.events({ archive: name });
    expect(events).toHaveLength(1 + eventsPerArchive);
    expect(events[0]).toEqual({
      timeS: firstS + 300,
      archive: name,
      kind: 'older-dropped',
      detail: '151 older ones had to go: 1000 are kept of each',
    });
    expect(events[1]).toMatchObject({ timeS: firstS + 300, from: '150' });
    expect((await store.events({})).filter(({ kind }) => kind === 'older-dropped')).toEqual([events[0]]);
  });

  test('keeps counting dropped events, even if one cycle exceeds the limit', async () => {
    await live([0, 1200, 100]);
    const [first] = await store.events({ archive: name });
    expect(first).toMatchObject({ timeS: firstS + 300, detail: expect.stringMatching(/^301 older/) });
  });

  test('reports dropped events only to queries that reach back to them', async () => {
    await live([0, 700, 300, 150, 3]);
    const later = await store.events({ archive: name, sinceS: firstS + 301 });
    expect(later.map(({ kind }) => kind)).not.toContain('older-dropped');
    expect(await store.events({ archive: name, untilS: firstS })).toMatchObject([
      { timeS: firstS, kind: 'older-dropped' },
    ]);
    expect((await store.events({ archive: '192.0.2.2_80' })).map(({ kind }) => kind)).toEqual(['appeared']);
  });

  test('that was never full reports no dropped events', async () => {
    await live([0, 999, 0]);
    expect((await store.events({ archive: name }))[0]).toMatchObject({ kind: 'appeared' });
  });

  test.each<[title: string, query: Parameters<Store['events']>[0], froms: readonly string[]]>([
    ['a span, both ends included', { archive: name, sinceS: firstS + 300, untilS: firstS + 600 }, ['0', '1', '0']],
    ['a span of all archives', { sinceS: firstS + 300, untilS: firstS + 600 }, ['0', '1', '0']],
    ['the newest events', { archive: name, newest: 2 }, ['0', '1']],
    ['the newest events of all archives', { newest: 3 }, ['0', '0', '1']],
    ['the newest events of a span', { archive: name, untilS: firstS + 600, newest: 1 }, ['0']],
    ['a span before the first event', { archive: name, untilS: 5 }, []],
    ['a span after the last event', { archive: name, sinceS: 2 ** 33 }, []],
    ['an empty span', { archive: name, sinceS: firstS + 600, untilS: firstS + 300 }, []],
  ])('returns %s', async (_, query, froms) => {
    await live([0, 2, 1, 2]);
    const events = await store.events(query);
    expect(events.map(({ from = '' }) => from)).toEqual(froms);
  });
});
