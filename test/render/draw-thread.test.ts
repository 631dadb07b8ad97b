// The drawing thread of a server frees its memory between pictures. It is the built one, since a thread loads a file of its own.

import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { graphRequest } from './sample-series.js';

const pool = join(resolve(import.meta.dirname, '../..'), 'dist/render/png/draw-pool.js');

test('a thread that draws into memory frees the pixels of each picture', async () => {
  const { createDrawThread } = (await import(
    pathToFileURL(pool).href
  )) as typeof import('../../src/render/png/draw-pool.js');
  const thread = createDrawThread();
  // 760 × 300 pixels at 16 times the area: 15 MB each, 219 MB for fifteen.
  const request = graphRequest({ type: 'traffic', pixelRatio: 4 });
  const drawMany = async (count: number): Promise<number> => {
    for (let n = 0; n < count; n += 1) await thread.drawPng({ kind: 'graph', request });
    return process.memoryUsage().rss;
  };
  const before = await drawMany(5);
  const after = await drawMany(15);
  expect((after - before) / 2 ** 20).toBeLessThan(100);
  await thread.close();
});
