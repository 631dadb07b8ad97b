// The ledger of a demonstration that was loaded in bulk: it has the recent stories as findings, as cycles would have concluded them.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDirector } from '../../src/demo/director.js';
import { loadHistory, windowEndS } from '../../src/demonstration/demo-history.js';
import { withStore } from '../../src/store/open.js';
import { seed } from '../seed.js';
import { dayS, endS } from './simulated-history.js';

test('a loaded demonstration has the stories of its last days as findings, those that are over as closed', async () => {
  const director = createDirector({ seed, services: 18, epochS: endS - 31 * dayS, endS });
  const dataDir = mkdtempSync(join(tmpdir(), 'lvs-stats-stories-'));
  try {
    const events = await withStore(dataDir, async (store) => {
      await loadHistory(store, director, { endS: windowEndS(endS), nowS: endS });
      return store.events({});
    });
    const named = (asked: string) =>
      events.filter(({ kind }) => kind === asked).map(({ archive, to }) => `${to} ${archive}`);
    const closed = [
      'traffic-surged 203.0.113.40_873',
      'service-left 203.0.113.61_80',
      'service-left 203.0.113.62_8080',
      'server-left 198.51.100.30_443',
      'traffic-surged 192.0.2.10_443',
      'server-drained 192.0.2.20_443',
      'traffic-collapsed 198.51.100.20_443',
    ];
    expect(named('finding-closed')).toEqual(closed);
    expect(named('finding-opened').sort()).toEqual(
      [...closed, 'processor-overloaded all', 'share-off 198.51.100.50_443'].sort(),
    );
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
