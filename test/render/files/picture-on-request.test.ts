// A requested picture is drawn if it is missing or older than its data, and once for any number of requests.

import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PictureJob } from '../../../src/render/files/picture-job.js';
import {
  NoSuchPictureError,
  pictureOnRequest,
  type SharedStudio,
} from '../../../src/render/files/picture-on-request.js';
import { refreshPictures } from '../../../src/render/files/refresh.js';
import { drawHere } from '../../../src/render/png/draw-pool.js';
import { archiveOf, lastS, sourceOf } from '../sample-archives.js';

const web = '192.0.2.1_80';
const realServer = `${web}/10.0.0.1_8080`;
const archives = [archiveOf('all'), archiveOf(web), archiveOf(realServer)];
const cps = { name: web, type: 'cps', period: 'day' };
let folder: string;
let drawn: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-on-request-'));
  drawn = [];
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function studioOf(over: Partial<SharedStudio> = {}): SharedStudio {
  return {
    lend: (use) => use(sourceOf(archives)),
    draw: (jobs: readonly PictureJob[]) => {
      drawn.push(...jobs.map(({ path }) => path));
      return drawHere(jobs);
    },
    folder,
    looks: { timeZone: 'UTC', theme: 'light', pixelRatio: 1, hosts: new Map(), note: null },
    drawnSinceMs: 0,
    wholeSinceMs: 0,
    alone: (_path, use) => use(),
    ...over,
  };
}

describe('a requested picture', () => {
  test.each([
    ['of a service', cps, ['day', `${web}-cps.png`]],
    ['of the director, a stack', { name: 'all', type: 'traffic', period: 'week' }, ['week', 'all-traffic.png']],
    ['of a real server', { name: realServer, type: 'active', period: 'year' }, ['year', `${realServer}-active.png`]],
  ])('%s is drawn if it is missing, and no other', async (_title, question, [period = '', file = '']) => {
    const path = await pictureOnRequest(studioOf(), question);
    expect(path).toBe(join(folder, period, file));
    expect(existsSync(path)).toBe(true);
    expect(drawn).toEqual([path]);
  });

  test('is drawn once for fifty requests at a time', async () => {
    const studio = studioOf();
    const paths = await Promise.all(Array.from({ length: 50 }, () => pictureOnRequest(studio, { ...cps })));
    expect(new Set(paths).size).toBe(1);
    expect(drawn).toHaveLength(1);
  });

  test('is not drawn again if another process just drew it', async () => {
    const asked: string[] = [];
    const studio = studioOf({
      alone: async (path, use) => {
        asked.push(path);
        // Simulates the other process: under another name of the folder it does not share this one's memory.
        await pictureOnRequest({ ...studioOf(), folder: `${folder}/.` }, cps);
        return use();
      },
    });
    const path = await pictureOnRequest(studio, cps);
    expect(asked).toEqual([path]);
    expect(drawn).toHaveLength(1);
    await pictureOnRequest(studio, cps);
    expect(asked).toHaveLength(1);
  });

  test('is drawn again only if there is newer data', async () => {
    const path = await pictureOnRequest(studioOf(), cps);
    await pictureOnRequest(studioOf(), cps);
    expect(drawn).toHaveLength(1);
    const later = archives.map((archive) => ({ ...archive, lastS: lastS + 300 }));
    await pictureOnRequest(studioOf({ lend: (use) => use(sourceOf(later)) }), cps);
    expect(drawn).toEqual([path, path]);
    expect(Math.round(statSync(path).mtimeMs / 1000)).toBe(lastS + 300 - ((lastS + 300) % 300));
  });

  test('is drawn again if the program or the host names have changed', async () => {
    await pictureOnRequest(studioOf(), cps);
    await pictureOnRequest(studioOf({ drawnSinceMs: Date.now() + 60_000 }), cps);
    expect(drawn).toHaveLength(2);
  });

  test('is the one that a refresh drew, and a refresh skips it in turn', async () => {
    const studio = studioOf();
    const path = await pictureOnRequest(studio, cps);
    const request = { ...studio, busyness: new Map(), hasBudget: () => true, periods: ['day'] as const };
    expect(await refreshPictures(request)).toEqual({ drawn: 14, same: 0, waiting: 0 });
    drawn.length = 0;
    await pictureOnRequest(studio, { ...cps, type: 'traffic' });
    expect(drawn).toEqual([]);
    utimesSync(path, 1, 1);
    await pictureOnRequest(studio, cps);
    expect(drawn).toEqual([path]);
  });

  test('fails for all waiting requests if it cannot be drawn, and the next request retries', async () => {
    let failures = 0;
    const failing = studioOf({
      draw: async () => {
        failures += 1;
        throw new Error('no canvas');
      },
    });
    const answers = await Promise.allSettled([pictureOnRequest(failing, cps), pictureOnRequest(failing, cps)]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(failures).toBe(1);
    expect(existsSync(await pictureOnRequest(studioOf(), cps))).toBe(true);
  });

  test('reports a folder in its path', async () => {
    mkdirSync(join(folder, 'day', '192.0.2.1_80-cps.png'), { recursive: true });
    await expect(pictureOnRequest(studioOf(), cps)).rejects.toMatchObject({
      code: 'picture-not-written',
      message: expect.stringMatching(/^cannot write .*-cps\.png \(EISDIR/),
    });
  });

  test.each([
    ['no-such-archive', { ...cps, name: '192.0.2.9_80' }, /192\.0\.2\.9_80/],
    ['no-such-archive', { ...cps, name: '../../etc/passwd' }, /no archive/],
    ['no-such-graph', { ...cps, type: 'load' }, /cps, traffic/],
    ['no-such-graph', { ...cps, name: 'all', type: 'packetsize' }, /cps, traffic, pps, active, inactive$/],
    ['no-such-period', { ...cps, period: 'decade' }, /day, week, month, year/],
    ['no-such-period', { ...cps, period: 'constructor' }, /day, week, month, year/],
  ])('is rejected as %s: %o', async (code, question, message) => {
    const error = await pictureOnRequest(studioOf(), question).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NoSuchPictureError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(drawn).toEqual([]);
  });
});
