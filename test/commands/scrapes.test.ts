// Scrapes of a real `serve`: while a cycle runs, while ipvsadm hangs, and fifty at once. An answer has a whole table or none.

import { rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fixturePath } from '../collect/capture.js';
import { until } from '../until.js';
import { ownFake } from './fakes.js';
import { scratch } from './program.js';
import { endServer, startServer } from './server.js';

const newFolder = scratch();

test('scrapes are answered whole while a cycle runs, in crowds, and while ipvsadm hangs', async () => {
  const data = newFolder();
  const hold = `${data}-hold`;
  writeFileSync(hold, '');
  const listings = ['003-traffic-stats-exact.txt', '004-traffic-list.txt'];
  const files = listings.map((name) => fixturePath(`ipvs/sequence/${name}`));
  const serving = await startServer(data, '--ipvsadm', ownFake('prints-unless-held', hold, ...files));
  const scrape = async () => {
    const response = await fetch(new URL('metrics', serving.url));
    const text = await response.text();
    return {
      status: response.status,
      isFailing: text.includes('\nlvs_cycle_failing 1\n'),
      tableLines: text.split('\n').filter((line) => /^lvs_(virtual|real)_server/.test(line)).length,
    };
  };
  try {
    // The first cycle holds.
    expect(await scrape()).toEqual({ status: 200, isFailing: false, tableLines: 0 });
    rmSync(hold);
    await until('the table is exported', async () => (await scrape()).tableLines > 0);
    const { tableLines } = await scrape();
    expect(tableLines).toBeGreaterThan(20);
    for (const one of await Promise.all(Array.from({ length: 50 }, scrape)))
      expect(one).toEqual({ status: 200, isFailing: false, tableLines });
    writeFileSync(hold, '');
    await until('a reading hangs', async () => (await scrape()).isFailing);
    const crowd = await Promise.all(Array.from({ length: 50 }, scrape));
    for (const one of crowd) expect(one).toEqual({ status: 200, isFailing: true, tableLines });
    expect((await fetch(new URL('metrics/targets', serving.url))).status).toBe(503);
  } finally {
    rmSync(hold, { force: true });
    await endServer(serving, 'SIGTERM');
  }
});
