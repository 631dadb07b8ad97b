// The rows of an earlier span over HTTP: for canvases, and in pictures.

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LiveGraph } from '../../src/web/wire.js';
import { startViewer, type TestViewer } from './viewer-site.js';

describe('a graph with an earlier span', () => {
  let viewer: TestViewer;
  const name = '192.0.2.10_443';

  beforeAll(async () => {
    viewer = await startViewer({ services: 3, days: 9 });
  });
  afterAll(() => viewer.close());

  async function live(query: string): Promise<LiveGraph> {
    return (await (await fetch(`${viewer.url}/live/graph?name=${name}&type=traffic&${query}`)).json()) as LiveGraph;
  }

  async function picture(file: string): Promise<readonly [number, string]> {
    const response = await fetch(`${viewer.url}/graphs/${file}`);
    const bytes = Buffer.from(await response.arrayBuffer());
    return [response.status, createHash('sha256').update(bytes).digest('hex')];
  }

  test('has the rows that were shown then', async () => {
    const { comparison, span, average } = await live('period=day&compare=1w');
    expect(comparison).toMatchObject({ ago: '1w', average: { stepS: 300, dataSources: average.dataSources } });
    const startS = span.startS - 7 * 86_400;
    const then = await live(`since=${startS}&until=${startS + 86_400}&width=700`);
    expect(comparison?.average.columns).toEqual(then.average.columns);
    expect(then.average.columns[0]?.filter((value) => value !== null).length).toBeGreaterThan(200);
  });

  test('has only unknown rows from before the first reading', async () => {
    const { comparison } = await live('period=day&compare=4w');
    expect(new Set(comparison?.average.columns.flat())).toEqual(new Set([null]));
  });

  test.each(['', '&compare=none'])('has none with "%s"', async (query) => {
    expect(await live(`period=day${query}`)).not.toHaveProperty('comparison');
  });

  test('has another picture, also as a tile and in dark colours', async () => {
    const seen = new Set<string>();
    for (const query of ['', '?compare=1w', '?compare=1d', '?compare=1w&size=tile', '?compare=1w&theme=dark']) {
      const [status, png] = await picture(`day/${name}-traffic.png${query}`);
      expect(status).toBe(200);
      seen.add(png);
    }
    expect(seen.size).toBe(5);
    // Nothing is known of four weeks ago.
    const dark = `day/${name}-cps.png?theme=dark`;
    expect(await picture(`${dark}&compare=4w`)).toEqual(await picture(dark));
    expect(viewer.errors).toEqual([]);
  });

  test.each(['/live/graph?type=cps&period=day&compare=2w&name=', '/graphs/day/NAME-cps.png?compare=1y'])(
    '%s is refused with what there is',
    async (path) => {
      const address = path.includes('NAME') ? path.replace('NAME', name) : `${path}${name}`;
      const response = await fetch(viewer.url + address);
      expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('1w, 1d, 4w')]);
    },
  );
});
