// A pusher with its cursor file and a receiver that fails: whatever is answered, every row arrives, and a run that gave up resumes.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPush } from '../../../src/cycle/push/open-push.js';
import { parseEngineAddress } from '../../../src/engine/connection/engine-address.js';
import { pushOnce } from '../../../src/push/run-push.js';
import { withArchives } from '../../../src/store/open.js';
import { type FakeReceiver, startFakeReceiver } from '../../push/fake-receiver.js';
import { endsTaken, rowsOfCycles, rowsTaken, storeCycles } from '../../push/stored-cycles.js';
import { firstS } from '../../store/sample-cycles.js';

const cycles = 40;
let data: string;
let receiver: FakeReceiver | null = null;

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'lvs-stats-open-push-'));
  await storeCycles(data, cycles);
});

afterEach(async () => {
  await receiver?.close();
  rmSync(data, { recursive: true, force: true });
});

/** Pushes once, without its waits, which are returned. */
async function push(url: string): Promise<readonly number[]> {
  const { signal } = new AbortController();
  const address = parseEngineAddress(url, { option: '--to', login: null, ca: null });
  const { pusher, close } = await openPush({
    ...{ dataDir: data, address, director: 'lb1', sinceS: 0, signal },
    lend: (use) => withArchives(data, use, () => {}),
    inTurn: (use) => use(),
    onProgress: () => {},
  });
  const waits: number[] = [];
  const wait = async (ms: number): Promise<void> => void waits.push(ms);
  try {
    await pushOnce({ pusher, name: address.name, signal, wait, report: () => {}, firstWaitMs: 1000 });
    return waits;
  } finally {
    await close();
  }
}

/** The ends of the rows of two hours that the cycles complete. */
const longerEnds = [firstS - (firstS % 7200) + 7200];

test('answers that are no success are tried again, as is a request without an answer', async () => {
  receiver = await startFakeReceiver([429, 500, 400, 204, null]);
  expect(await push(receiver.url)).toEqual([1000, 2000, 4000, 8000]);
  // A receiver that cannot be asked gets the rows again whose fate is unknown; it takes equal ones as one.
  expect([...new Set(rowsTaken(receiver))]).toEqual(rowsOfCycles(cycles));
  for (const cf of ['AVERAGE', 'MAX']) expect([...new Set(endsTaken(receiver, `2h ${cf}`))]).toEqual(longerEnds);
});

test('a run gives up after five attempts, and resumes', async () => {
  receiver = await startFakeReceiver([204, 500, 500, 500, 500, 500]);
  await expect(push(receiver.url)).rejects.toThrow(/answers 500 \(not now\): correct that and run it again/);
  expect(await push(receiver.url)).toEqual([]);
  expect(rowsTaken(receiver)).toEqual(rowsOfCycles(cycles));
  expect(endsTaken(receiver, '2h MAX')).toEqual(longerEnds);
});
