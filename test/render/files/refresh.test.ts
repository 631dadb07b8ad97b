// Which standing pictures are drawn, in which order, and when they are not.

import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SeriesSource } from '../../../src/model/series.js';
import { UserError } from '../../../src/model/user-error.js';
import { graphTypes, stackTypes } from '../../../src/render/define/graph-request.js';
import { writePicture } from '../../../src/render/files/picture-file.js';
import type { PictureJob } from '../../../src/render/files/picture-job.js';
import { refreshPictures } from '../../../src/render/files/refresh.js';
import type { RefreshRequest } from '../../../src/render/files/refresh-tally.js';
import { drawHere } from '../../../src/render/png/draw-pool.js';
import { archiveOf as archive, lastS, refreshOf, sourceOf } from '../sample-archives.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-refresh-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function requestOf(source: SeriesSource, rest: Partial<RefreshRequest> = {}): RefreshRequest {
  return { ...refreshOf(folder, source), draw: drawHere, ...rest };
}

const web = '192.0.2.1_80';
const dns = '192.0.2.2_53_udp';

describe('a refresh', () => {
  test("draws the director's stacks and each service's graphs, and nothing else", async () => {
    const tally = await refreshPictures(
      requestOf(sourceOf([archive('all'), archive(web), archive(`${web}/10.0.0.1_80`)])),
    );
    expect(tally).toEqual({ drawn: 15, same: 0, waiting: 0 });
    expect(readdirSync(join(folder, 'day')).sort()).toEqual(
      [...stackTypes.map((type) => `all-${type}.png`), ...graphTypes.map((type) => `${web}-${type}.png`)].sort(),
    );
  });

  test('draws nothing again until there are new rows', async () => {
    const request = requestOf(sourceOf([archive('all'), archive(web)]), { periods: ['day', 'year'] });
    await refreshPictures(request);
    const drawn = statSync(join(folder, 'day', `${web}-cps.png`));
    expect(await refreshPictures(request)).toEqual({ drawn: 0, same: 0, waiting: 0 });
    expect(statSync(join(folder, 'day', `${web}-cps.png`)).ino).toBe(drawn.ino);
    expect(Math.round(drawn.mtimeMs / 1000)).toBe(lastS - (lastS % 300));
  });

  test('draws the day after five minutes, but not the year', async () => {
    const archives = [archive('all'), archive(web)];
    const before = requestOf(sourceOf(archives), { periods: ['day', 'week', 'month', 'year'] });
    await refreshPictures(before);
    const later = archives.map((one) => ({ ...one, lastS: lastS + 300 }));
    const tally = await refreshPictures({ ...before, lend: (use) => use(sourceOf(later)) });
    expect(tally).toEqual({ drawn: 15, same: 0, waiting: 0 });
  });

  test('leaves a picture alone if its pixels would be the same', async () => {
    const request = requestOf(sourceOf([archive('all'), archive(web)]));
    await refreshPictures(request);
    const path = join(folder, 'day', `${web}-cps.png`);
    const { ino } = statSync(path);
    utimesSync(path, 1, 1);
    expect(await refreshPictures(request)).toEqual({ drawn: 0, same: 1, waiting: 0 });
    expect(statSync(path).ino).toBe(ino);
  });

  test("draws a truncated picture again, and reports a folder in a picture's place", async () => {
    const request = requestOf(sourceOf([archive('all'), archive(web)]));
    await refreshPictures(request);
    const [cut, replaced] = ['cps', 'pps'].map((type) => join(folder, 'day', `${web}-${type}.png`)) as [string, string];
    const whole = readFileSync(cut);
    writeFileSync(cut, whole.subarray(0, whole.length - 5));
    rmSync(replaced);
    mkdirSync(replaced);
    const { drawn, failures } = await refreshPictures(request);
    expect({ drawn, failures }).toEqual({
      drawn: 1,
      failures: { count: 1, firstReasons: [expect.stringContaining(`cannot write ${replaced} (EISDIR`)] },
    });
    expect(readFileSync(cut).equals(whole)).toBe(true);
    rmSync(join(folder, 'day'), { recursive: true });
    writeFileSync(join(folder, 'day'), 'a file');
    await expect(refreshPictures(request)).rejects.toMatchObject({ code: 'picture-not-written' });
  });

  test('draws pictures again that are older than the program or the host names', async () => {
    const request = requestOf(sourceOf([archive('all'), archive(web)]));
    await refreshPictures(request);
    const looks = { ...request.looks, hosts: new Map([['192.0.2.1', ['www.example.com']]]) };
    const tally = await refreshPictures({ ...request, looks, drawnSinceMs: Date.now() + 1000 });
    expect(tally.drawn).toBeGreaterThanOrEqual(9);
  });

  test('draws stacks first, then the busiest services, then those that have waited longest, within its budget', async () => {
    const services = ['192.0.2.3_80', '192.0.2.4_80', web, dns];
    const order: string[] = [];
    let left = 1;
    const draw = async (jobs: readonly PictureJob[]) => {
      const name = jobs[0]?.graph.request.subject.name ?? '';
      if (order.at(-1) !== name) order.push(name);
      left -= name === 'all' ? 0.2 / stackTypes.length : 0.55;
      return jobs.map(() => 'drawn' as const);
    };
    // One of the other services has older pictures than the rest.
    for (const name of services) {
      for (const type of graphTypes) {
        const dataS = name === '192.0.2.4_80' ? lastS - 9000 : lastS - 600;
        writePicture(join(folder, 'day', `${name}-${type}.png`), new Uint8Array(), dataS);
      }
    }
    const request = requestOf(sourceOf([archive('all'), ...services.map((name) => archive(name))]), {
      draw,
      busyness: new Map([
        [dns, 9],
        [web, 3],
      ]),
      hasBudget: (share) => left > 1 - share + 1e-9,
    });
    const tally = await refreshPictures(request);
    expect(order).toEqual(['all', dns, '192.0.2.4_80']);
    expect(tally.waiting).toBe(2 * graphTypes.length);
  });

  test('stops drawing a service that is gone once it has left the picture', async () => {
    const gone = archive(web, { goneS: lastS - 3 * 86_400, lastS: lastS - 3 * 86_400 });
    const request = requestOf(sourceOf([archive('all'), gone]));
    await refreshPictures(request);
    const later = [archive('all', { lastS: lastS + 300 }), gone];
    expect(await refreshPictures({ ...request, lend: (use) => use(sourceOf(later)) })).toMatchObject({ drawn: 5 });
  });

  test('loses only the pictures that fail, and retries them last', async () => {
    const services = [web, dns, '192.0.2.3_80'];
    for (const type of graphTypes) mkdirSync(join(folder, 'day', `${web}-${type}.png`), { recursive: true });
    const order: string[] = [];
    let left = Number.POSITIVE_INFINITY;
    const draw: RefreshRequest['draw'] = async (jobs) => {
      const name = jobs[0]?.graph.request.subject.name ?? '';
      if (name !== 'all') {
        order.push(name);
        left -= 1;
      }
      return drawHere(jobs);
    };
    const request = requestOf(sourceOf([archive('all'), ...services.map((name) => archive(name))]), {
      draw,
      busyness: new Map([[web, 9]]),
      hasBudget: () => left > 0,
    });
    const { drawn, failures } = await refreshPictures(request);
    expect(order[0]).toBe(web);
    expect({ drawn, count: failures?.count }).toEqual({
      drawn: stackTypes.length + 2 * graphTypes.length,
      count: graphTypes.length,
    });
    expect(failures?.firstReasons).toHaveLength(3);
    for (const name of services.slice(1)) rmSync(join(folder, 'day', `${name}-cps.png`));
    [order.length, left] = [0, 2];
    expect((await refreshPictures(request)).waiting).toBe(graphTypes.length);
    expect(order.sort()).toEqual(services.slice(1).sort());
    // Once it can be drawn, it is like the others.
    rmSync(join(folder, 'day'), { recursive: true });
    left = Number.POSITIVE_INFINITY;
    expect((await refreshPictures(request)).failures).toBe(undefined);
    rmSync(join(folder, 'day'), { recursive: true });
    order.length = 0;
    await refreshPictures(request);
    expect(order[0]).toBe(web);
  });

  test('loses only the pictures of an archive with damaged rows, and those that include it', async () => {
    const source = sourceOf([archive('all'), archive(web), archive(dns)]);
    const damaged: SeriesSource = {
      ...source,
      fetchBoth: async (query) => {
        if (query.name === dns) throw new UserError('corrupt', 'a record is damaged');
        return source.fetchBoth(query);
      },
      fetchMany: async (query) => {
        if (query.names.includes(dns)) throw new UserError('corrupt', 'a record is damaged');
        return source.fetchMany(query);
      },
      fetch: async (query) => {
        if (query.name === dns) throw new UserError('corrupt', 'a record is damaged');
        return source.fetch(query);
      },
    };
    const { drawn, failures } = await refreshPictures(requestOf(damaged));
    expect({ drawn, failures }).toEqual({
      drawn: graphTypes.length,
      failures: {
        count: stackTypes.length + graphTypes.length,
        firstReasons: Array.from({ length: 3 }, () => 'a record is damaged'),
      },
    });
  });

  test('stops when the disk is full', async () => {
    let drawings = 0;
    const draw: RefreshRequest['draw'] = async (jobs) => {
      drawings += 1;
      return jobs.map(({ path }) => ({ path, reason: 'no space left on device', endsAll: true }));
    };
    const request = requestOf(sourceOf([archive('all'), archive(web), archive(dns)]), { draw });
    await expect(refreshPictures(request)).rejects.toMatchObject({ code: 'picture-not-written' });
    expect(drawings).toBe(1);
  });

  test('draws all others if the name of an archive contains a NUL', async () => {
    const name = 'haproxy_be_a\0b';
    const about = { kind: 'haproxy-backend', mode: 'http', status: 'UP' } as const;
    const { drawn, failures } = await refreshPictures(
      requestOf(sourceOf([archive('all'), archive(name, { about }), archive(web)])),
    );
    expect(drawn).toBe(stackTypes.length + graphTypes.length);
    expect(failures?.count).toBeGreaterThan(0);
  });

  test('draws nothing for archives without readings', async () => {
    expect(await refreshPictures(requestOf(sourceOf([])))).toEqual({ drawn: 0, same: 0, waiting: 0 });
  });
});
