// The ledger in the database: what is kept of it, what it says of what had to go, and which of it is read.

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

/** Stores cycles, the nth with so many events of the first service. */
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
  test('says how many had to go for newer ones, before the oldest that is left', async () => {
    // The first event is that it appeared.
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

  test('goes on counting them, also where a cycle alone has too many', async () => {
    await live([0, 1200, 100]);
    const [first] = await store.events({ archive: name });
    expect(first).toMatchObject({ timeS: firstS + 300, detail: expect.stringMatching(/^301 older/) });
  });

  test('says so only to whom it concerns', async () => {
    await live([0, 700, 300, 150, 3]);
    const later = await store.events({ archive: name, sinceS: firstS + 301 });
    expect(later.map(({ kind }) => kind)).not.toContain('older-dropped');
    expect(await store.events({ archive: name, untilS: firstS })).toMatchObject([
      { timeS: firstS, kind: 'older-dropped' },
    ]);
    expect((await store.events({ archive: '192.0.2.2_80' })).map(({ kind }) => kind)).toEqual(['appeared']);
  });

  test('that was never full says nothing', async () => {
    await live([0, 999, 0]);
    expect((await store.events({ archive: name }))[0]).toMatchObject({ kind: 'appeared' });
  });

  test.each<[title: string, query: Parameters<Store['events']>[0], froms: readonly string[]]>([
    [
      'within a time, both ends included',
      { archive: name, sinceS: firstS + 300, untilS: firstS + 600 },
      ['0', '1', '0'],
    ],
    ['within a time, of all', { sinceS: firstS + 300, untilS: firstS + 600 }, ['0', '1', '0']],
    ['the newest', { archive: name, newest: 2 }, ['0', '1']],
    ['the newest of all', { newest: 3 }, ['0', '0', '1']],
    ['the newest within a time', { archive: name, untilS: firstS + 600, newest: 1 }, ['0']],
    ['before there was any', { archive: name, untilS: 5 }, []],
    ['after all of them', { archive: name, sinceS: 2 ** 33 }, []],
    ['in no time', { archive: name, sinceS: firstS + 600, untilS: firstS + 300 }, []],
  ])('is read %s', async (_, query, froms) => {
    await live([0, 2, 1, 2]);
    const events = await store.events(query);
    expect(events.map(({ from = '' }) => from)).toEqual(froms);
  });
});
