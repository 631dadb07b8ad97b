// Nothing is lost and nothing is doubled, whoever is killed: pushers by SIGKILL at moments of their requests, and the engine twice, once when it
// has taken a request whose answer the pusher never gets, and once when the pusher has just got the answer. In between it is away for ten
// hours of the director. LVS_STATS_KILLS sets the number of killed pushers, LVS_STATS_SEED the moments.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseRetention } from '../../../src/model/retention.js';
import { readCursor } from '../../../src/push/cursor/cursor-file.js';
import { type RunningProgram, start } from '../../commands/program.js';
import { randomFrom } from '../../random.js';
import { seed } from '../../seed.js';
import { until } from '../../until.js';
import { hasProgram } from '../engine.js';
import { type CuttingProxy, moments, startCuttingProxy } from './cutting-proxy.js';
import { testedEngines } from './engines.js';
import { countOf, keptRows, shownDifferences } from './rows.js';
import { createEmptySite, type RowsSite } from './rows-site.js';

const kills = Number(process.env['LVS_STATS_KILLS'] ?? 12);
const director = 'lb1';
const [stepS, dayS, hourS] = [300, 86_400, 3600];
const cyclesAway = 120;

/** Requests of a pusher among which it is killed. */
const mostRequests = 9;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-push-kills-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A director of five days, with a silence and a service that came back. */
async function createSite(): Promise<RowsSite> {
  const dataDir = mkdtempSync(join(folder, 'data-'));
  const nowS = Math.floor(Date.now() / 1000);
  const endS = nowS - (nowS % dayS) - 2 * dayS + 4000;
  const site = createEmptySite(dataDir, { epochS: endS - 5 * dayS, stepS, retention: parseRetention('5m:20d,2h:60d') });
  await site.readUntil(endS - 4 * dayS);
  site.keepSilentUntil(endS - 4 * dayS + 7 * hourS);
  await site.readUntil(endS - 3 * dayS, [1]);
  await site.readUntil(endS);
  return site;
}

/** Kills pushers at moments of their requests, while the director goes on. */
async function killPushers(site: RowsSite, proxy: CuttingProxy, startPusher: () => RunningProgram): Promise<void> {
  const random = randomFrom(seed);
  let killed = 0;
  for (let i = 0; killed < kills; i += 1) {
    expect(i, 'pushers that ended before their moment').toBeLessThan(4 * kills);
    await site.readUntil(site.newestS() + Math.floor(3 * random()) * stepS);
    const { child, ended } = startPusher();
    const act = async (): Promise<void> => {
      child.kill('SIGKILL');
      await ended;
    };
    const moment = moments[i % moments.length] ?? 'before';
    void proxy.plan({ moment, after: Math.floor(mostRequests * random()), ofAll: true, act });
    const { status, stderr } = await ended;
    proxy.drop();
    if (status === null) killed += 1;
    else expect({ status, stderr }).toMatchObject({ status: 0 });
  }
}

describe.each(testedEngines)('$name (skipped without it)', ({ program, mostRatio, start: startEngine, stored }) => {
  test.skipIf(!hasProgram(program))(
    `has every row once after ${kills} killed pushers and two kills of its own`,
    async () => {
      const site = await createSite();
      const { dataDir } = site;
      const engine = await startEngine(mkdtempSync(join(folder, 'engine-')));
      const proxy = await startCuttingProxy(engine.base);
      const push = ['push', '--data', dataDir, '--to', proxy.url, '--director', director];
      let daemon: RunningProgram | null = null;
      try {
        await killPushers(site, proxy, () => start([...push, '--once']));
        const unanswered = proxy.plan({ moment: 'unanswered', after: 0, ofAll: false, act: engine.kill });
        await site.readUntil(site.newestS() + stepS);
        daemon = start(push);
        await unanswered;
        await site.readUntil(site.newestS() + (cyclesAway / 2) * stepS);
        daemon.child.kill('SIGKILL');
        await daemon.ended;
        daemon = start(push);
        await site.readUntil(site.newestS() + (cyclesAway / 2) * stepS);
        const answered = proxy.plan({ moment: 'answered', after: 0, ofAll: false, act: engine.kill });
        await engine.restart();
        await answered;
        await engine.restart();
        const to = { receiver: `${proxy.url}/api/v1/write`, director };
        await until('everything has been sent', () => {
          const { fromS = Number.POSITIVE_INFINITY, toS = 0, failure = null } = readCursor(dataDir, to) ?? {};
          const isWhole = fromS <= site.epochS && toS === site.newestS() - (site.newestS() % stepS);
          return isWhole && failure === null;
        });
        daemon.child.kill('SIGTERM');
        expect(await daemon.ended).toMatchObject({ status: 0 });
        // The daemon may have ended before it noticed that the engine is another process; the next one does.
        expect(await start([...push, '--once']).ended).toMatchObject({ status: 0, stderr: '' });
        expect(readCursor(dataDir, to)).toMatchObject({ tooOld: null, refused: null });
        const kept = await keptRows(dataDir);
        expect(countOf(kept)).toBeGreaterThan(80_000);
        expect(await shownDifferences(kept, () => stored(engine.base, director, site.newestS()), mostRatio)).toEqual(
          [],
        );
      } finally {
        daemon?.child.kill('SIGKILL');
        await daemon?.ended;
        await proxy.close();
        await engine.stop();
      }
    },
  );
});
