// A page's remarks on drained real servers, reading by reading, from recordings of a real kernel (fixtures/ipvs/draining).

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { listRecordings, readRecording } from '../../../src/collect/recording.js';
import { interpret } from '../../../src/interpret/interpret.js';
import type { RealServerReading, Snapshot } from '../../../src/model/snapshot.js';
import { openStore } from '../../../src/store/open.js';
import type { Store } from '../../../src/store/store.js';
import { drainOf, isIdle } from '../../../src/web/pages/idle-servers.js';
import { fixturePath } from '../../collect/capture.js';

const root = mkdtempSync(join(tmpdir(), 'lvs-stats-drain-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const { entries } = await listRecordings(fixturePath('ipvs/draining'));

/** Changes a step of the recording before it is stored. */
type Change = (snapshot: Snapshot, step: number) => Snapshot;

/** The remarks on each idle real server after each step, keyed by step and server: `14 of .11`. */
async function remarksAfter(change: Change = (snapshot) => snapshot): Promise<Readonly<Record<string, string>>> {
  const store = await openStore(mkdtempSync(join(root, 'archives-')));
  const words: Record<string, string> = {};
  try {
    for (const [index, entry] of entries.entries()) {
      const snapshot = change(readRecording(entry).snapshot, index + 1);
      await store.append(interpret(await store.latest(), snapshot));
      for (const [host, text] of await idleWords(store, snapshot.timeS)) words[`${index + 1} of .${host}`] = text;
    }
  } finally {
    await store.close();
  }
  return words;
}

async function idleWords(store: Store, lastS: number): Promise<readonly (readonly [string, string])[]> {
  const words: (readonly [string, string])[] = [];
  for (const info of (await store.list()).filter(isIdle)) {
    const events = await store.events({ archive: info.name.split('/')[0] ?? '' });
    words.push([/\/10\.1\.0\.(\d+)_/.exec(info.name)?.[1] ?? '', await drainOf(store, info, { lastS, events })]);
  }
  return words;
}

/** Maps each real server of a snapshot; `null` removes it. */
function withServers(snapshot: Snapshot, change: (server: RealServerReading) => RealServerReading | null): Snapshot {
  const services = snapshot.services.map((service) => {
    return { ...service, realServers: service.realServers.map(change).filter((server) => server !== null) };
  });
  return { ...snapshot, services };
}

const ofDrained = {
  '13 of .11': '21 active, empty in about 35 min',
  '14 of .11': '18 active, empty in about 30 min',
  '16 of .11': '12 active, empty in about 20 min',
  '19 of .11': '3 active, empty in about 5 min',
  '20 of .11': 'no active connections',
  '13 of .12': '21 active, empty in about 35 min',
  '14 of .12': '18 active, empty in about 30 min',
  '16 of .12': '12 active, empty in about 20 min',
  '13 of .13': '20 active, end not known yet',
  '14 of .13': '20 active, not decreasing',
  '20 of .13': '20 active, not decreasing',
};

describe('the remark on a drained real server', () => {
  test('estimates when its connections end, ignoring those before its weight became 0', async () => {
    const words = await remarksAfter();
    expect(words).toMatchObject(ofDrained);
    expect(Object.keys(words).filter((key) => Number.parseInt(key, 10) < 13)).toEqual([]);
  });

  test("differs by at most a minute if readings lag a row's boundary by seconds", async () => {
    const words = await remarksAfter((snapshot) => ({ ...snapshot, timeS: snapshot.timeS + 3 }));
    expect(words).toMatchObject({
      ...ofDrained,
      '13 of .12': expect.stringMatching(/^21 active, empty in about 3[56] min$/),
    });
  });

  test('never promises an end in no time while a connection is left', async () => {
    const words = await remarksAfter();
    expect([18, 19, 20].map((step) => words[`${step} of .14`])).toEqual([
      '1 active, empty in about 5 min',
      '1 active, empty in about 5 min',
      '1 active, empty in about 10 min',
    ]);
    expect(Object.values(words).filter((text) => /about -|about 0 /.test(text))).toEqual([]);
  });
});

describe('a real server whose weight', () => {
  const idle: Change = (snapshot) => withServers(snapshot, (server) => ({ ...server, weight: 0 }));

  test('was 0 from the first reading is judged once two of its rows are known', async () => {
    const words = await remarksAfter(idle);
    expect(words).toMatchObject({
      // The row of a first reading is known for a second of it only.
      '1 of .11': 'not known yet',
      '2 of .11': '24 active, end not known yet',
      '3 of .11': '24 active, not decreasing',
      '12 of .12': '24 active, not decreasing',
    });
  });

  test('became 0 twice is judged from the second time on', async () => {
    const words = await remarksAfter((snapshot, step) =>
      withServers(snapshot, (server) => ({ ...server, weight: step < 4 || step > 12 ? 0 : 1 })),
    );
    expect(words).toMatchObject({ ...ofDrained, '3 of .12': expect.stringContaining('not decreasing') });
  });

  test('is 0 when it is re-added is judged from then on', async () => {
    const words = await remarksAfter((snapshot, step) => (step === 14 ? withServers(snapshot, () => null) : snapshot));
    expect(words).toMatchObject({
      '15 of .11': '15 active, end not known yet',
      '16 of .11': '12 active, empty in about 20 min',
    });
  });

  test('is 0 when its service returns is judged from then on', async () => {
    const words = await remarksAfter((snapshot, step) =>
      step === 14 || step === 15 ? { ...snapshot, services: [] } : snapshot,
    );
    expect(words).toMatchObject({
      '16 of .11': expect.stringContaining('not known yet'),
      '18 of .11': '6 active, empty in about 10 min',
    });
  });

  test('became 0 between missed cycles is not judged by the reading before', async () => {
    const store = await openStore(mkdtempSync(join(root, 'archives-')));
    try {
      for (const step of [11, 12, 16]) {
        const { snapshot } = readRecording(entries[step - 1] as (typeof entries)[number]);
        await store.append(interpret(await store.latest(), snapshot));
      }
      const words = new Map(await idleWords(store, entries[15]?.timeS ?? 0));
      expect(words.get('11')).toContain('not known yet');
    } finally {
      await store.close();
    }
  });
});
