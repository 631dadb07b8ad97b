// Outbound traffic of a real kernel's services, one per forwarding method (fixtures/ipvs/ways), stored, read back and drawn:
// traffic that leaves past the director is never drawn as zero. A masqueraded real server changes to direct routing in the fourth
// of ten readings, and back in the seventh.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reachFinder } from '../../src/model/service/outbound.js';
import { defineGraph } from '../../src/render/define/define-graph.js';
import type { GraphType } from '../../src/render/define/graph-request.js';
import { readGraph } from '../../src/render/files/content/graph-jobs.js';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/store.js';
import { cyclesOf, eventInLine, firstStepS } from '../collect/step-captures.js';
import { graphRequest } from './sample-series.js';

const outTypes = ['traffic', 'pps', 'packetsize', 'bitperconn', 'pktperconn'] as const;
const cycles = cyclesOf('ways');
const span = { startS: firstStepS, endS: firstStepS + 300 * (cycles.length - 1), label: '45 min' };
const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-ways-'));
let store: Store;

beforeAll(async () => {
  store = await openStore(folder);
  for (const cycle of cycles) await store.append(cycle, false);
});

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Outbound traffic on a graph: its remark, whether it is drawn, its rows, and the footer. */
async function outOf(name: string, type: GraphType) {
  const archives = await store.list();
  const archive = archives.find((one) => one.name === name);
  if (archive === undefined) throw new Error(`there is no ${name}`);
  const reach = reachFinder(archives)(archive);
  const content = await readGraph(store, {
    reach,
    set: { span, rowS: 300, pdpS: 300 },
    hosts: new Map(),
    types: ['traffic'],
  });
  const picture = defineGraph(graphRequest({ ...content, span, type }));
  const out = picture.layers.find(({ label }) => label === 'out');
  const values = [...(out?.values ?? [])];
  const known = values.flatMap((value, i) =>
    Number.isNaN(value) ? [] : Math.ceil(((out?.timesS[i] ?? 0) - span.startS) / 300),
  );
  const remark = picture.legend.rows[1]?.remark ?? '';
  return {
    remark,
    isDrawn: out !== undefined,
    values,
    rows: [...new Set(known)].filter((row) => row > 0),
    footer: picture.footer,
  };
}

describe('outbound traffic of a real kernel', () => {
  test('has only the expected events', () => {
    const events = cycles.slice(1).flatMap(({ step, events }) => events.map((event) => [step, eventInLine(event)]));
    expect(events).toEqual([
      ['04-masq-to-route', '10.9.1.5_80 10.1.0.16_80 forwarding-changed Masq Route'],
      ['07-route-to-masq', '10.9.1.5_80 10.1.0.16_80 forwarding-changed Route Masq'],
      ['09-route-removed', '10.9.1.4_80 10.1.0.15_80 real-server-removed Route, weight 1'],
    ]);
  });

  const unseen = [
    ['direct routing', '10.9.1.1_80', 'direct routing'],
    ['one of its real servers', '10.9.1.1_80/10.1.0.12_80', 'direct routing'],
    ['a tunnel', '10.9.1.2_80', 'tunnelling'],
    ['one-packet scheduling', '10.9.1.6_53_udp', 'one-packet scheduling'],
    ['its real server', '10.9.1.6_53_udp/10.1.0.17_53', 'one-packet scheduling'],
  ] as const;
  test.each(unseen)('of %s is not visible, and drawn in no graph', async (_, name, reason) => {
    for (const type of outTypes) {
      expect(await outOf(name, type)).toMatchObject({ remark: `not visible here (${reason})`, isDrawn: false });
    }
  });

  test('of a real server on the director itself is counted by this kernel, and drawn', async () => {
    const { remark, values } = await outOf('10.9.1.3_80', 'traffic');
    expect([remark, Math.min(...values) > 0]).toEqual(['', true]);
  });

  test('of mixed methods has no ratio per connection until the directly routed real server is removed', async () => {
    expect(await outOf('10.9.1.4_80', 'traffic')).toMatchObject({
      remark: '',
      footer: expect.stringContaining('out: at times 1 of 2 real servers not visible here (direct routing)'),
    });
    expect((await outOf('10.9.1.4_80', 'bitperconn')).rows).toEqual([9]);
  });

  test('of a real server that is temporarily routed directly is drawn before and after, never as zero', async () => {
    for (const type of outTypes) {
      const { values, rows, remark, footer } = await outOf('10.9.1.5_80', type);
      expect([remark, values.includes(0)]).toEqual(['', false]);
      expect(rows).toEqual([1, 7, 8, 9]);
      expect(footer).toContain('out: at times not visible here (direct routing)');
    }
  });
});
