// The facts about capacity: kept for a cycle, but not beyond a change of the policy.

import { expect, test } from 'vitest';
import type { ArchiveInfo } from '../../../src/model/archive.js';
import { standardRetention } from '../../../src/model/retention.js';
import type { SeriesQuery } from '../../../src/model/series.js';
import { capacityFacts } from '../../../src/web/data/capacity-facts.js';
import type { Catalogue } from '../../../src/web/data/catalogue.js';
import type { Site } from '../../../src/web/site.js';

const lastS = 1_795_219_200;
const archive = {
  name: 'all',
  retention: standardRetention,
  firstS: lastS - 10 * 86_400,
  lastS,
  goneS: null,
} as unknown as ArchiveInfo;

test('facts are read once per cycle, and again when the policy states another capacity', async () => {
  let fetched = 0;
  let limit = 1e9;
  const site = {
    source: {
      fetch: async ({ startS, endS, ...query }: SeriesQuery) => {
        fetched += 1;
        return { ...query, startS, endS, dataSources: [], columns: [] };
      },
    },
    looks: () => ({ timeZone: 'UTC', hosts: new Map(), capacity: [{ of: 'director', measure: 'bitsPerS', limit }] }),
  } as unknown as Site;
  const catalogue = {} as Catalogue;
  const words = async () => String(await capacityFacts(site, catalogue, { archive, realServers: [] }));
  expect(await words()).toContain('reaches 1 Gbit/s');
  await words();
  expect(fetched).toBe(1);
  limit = 2e9;
  expect(await words()).toContain('reaches 2 Gbit/s');
  expect(fetched).toBe(2);
});
