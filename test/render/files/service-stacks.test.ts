import { describe, expect, test } from 'vitest';
import type { ArchiveInfo } from '../../../src/model/archive.js';
import type { LedgerEvent } from '../../../src/model/ledger-event.js';
import type { SeriesSource } from '../../../src/model/series.js';
import { defineStack } from '../../../src/render/define/define-stack.js';
import { readServiceStacks, type ServiceStacks } from '../../../src/render/files/service-stacks.js';
import { archiveOf, lastS, sourceOf } from '../sample-archives.js';
import { stackRequest } from '../sample-series.js';

const web = '192.0.2.1_80';
const endS = lastS - (lastS % 300);
const bothServers = [1, 3].map((weight, i) =>
  archiveOf(`${web}/10.0.0.${i + 1}_80`, { about: { kind: 'real-server', forwarding: 'Masq', weight } }),
);

/** The stacks of two real servers, of weights 1 and 3, with equal load. */
function stacksOf(
  about: Partial<ArchiveInfo['about']>,
  events: readonly LedgerEvent[] = [],
  secondComesS = 0,
): Promise<ServiceStacks> {
  const realServers = bothServers.map((one, i) =>
    i === 1 && secondComesS > 0 ? { ...one, firstS: secondComesS } : one,
  );
  const service = archiveOf(web, {
    about: { kind: 'service', scheduler: 'wrr', flags: '', ...about } as ArchiveInfo['about'],
  });
  const source: SeriesSource = { ...sourceOf([service, ...realServers]), events: async () => events };
  const set = { span: { startS: endS - 86_400, endS, label: '24 h' }, rowS: 300, pdpS: 300 };
  return readServiceStacks(source, { service, realServers, set, hosts: new Map(), timeZone: 'UTC' });
}

function changeEvent(timeS: number, kind: 'flags-changed' | 'scheduler-changed', from: string): LedgerEvent {
  return { timeS, archive: web, kind, from };
}

describe('real-server stacks', () => {
  test('name a real server whose connections exceed its weight share, if connections are distributed by weight', async () => {
    const { rs_cps: cps, rs_active: active, rs_traffic: traffic } = await stacksOf({});
    expect(cps.of).toBe('real servers');
    expect(cps.parts.map(({ name, hosts }) => [name, hosts])).toEqual([
      ['10.0.0.1:80', ['Masq w1']],
      ['10.0.0.2:80', ['Masq w3']],
    ]);
    expect(cps.fair?.inForce).toEqual({ isByWeight: true, shares: [0.25, 0.75] });
    expect(cps.fair?.sentence).toBe(
      '10.0.0.1:80 takes 50 % of new connections, weight share 25 %, throughout these 24 h',
    );
    expect([active.fair, traffic.fair]).toEqual([null, null]);
  });

  test('promise shares of active connections under least connections', async () => {
    const { rs_cps: cps, rs_active: active } = await stacksOf({ scheduler: 'lc' });
    expect(cps.fair).toBeNull();
    expect(active.fair).toMatchObject({ inForce: { isByWeight: false, shares: [0.5, 0.5] }, sentence: '' });
  });

  test('keep a past promise for its time, and show none now', async () => {
    const changeS = endS - 6 * 3600;
    const { rs_cps: cps } = await stacksOf({ flags: 'persistent 300' }, [changeEvent(changeS, 'flags-changed', '')]);
    expect(cps.fair).toMatchObject({ inForce: null, sentence: '' });
    expect(cps.fair?.stretches).toEqual([{ startS: endS - 86_400, endS: changeS - 600, shares: [0.25, 0.75] }]);
  });

  test('promise a real server nothing before it existed, even if the ledger does not say when it was added', async () => {
    const comesS = endS - 6 * 3600;
    const { rs_cps: cps } = await stacksOf({}, [], comesS);
    expect(cps.fair?.stretches).toEqual([
      { startS: comesS, endS, shares: [0.25, 0.75] },
      { startS: endS - 86_400, endS: comesS, shares: [1, 0] },
    ]);
  });

  test('compare the share of a span with what was promised in each of its rows', async () => {
    const comesS = endS - 6 * 3600;
    const { rs_cps: stack } = await stacksOf({}, [], comesS);
    const { legend } = defineStack({ ...stackRequest([]), stack });
    const [first, second] = legend.rows.map(({ cells }) => cells.slice(-2));
    // 18 hours alone, then 6 hours with a quarter of twice as much: (18 + 6 * 2 / 4) / (18 + 6 * 2).
    expect([first, second]).toEqual([
      ['80 %', '70 %'],
      ['20 %', '30 %'],
    ]);
  });

  test('compare a span before a change with the promise of that time', async () => {
    const { rs_cps: cps } = await stacksOf({ scheduler: 'sh' }, [changeEvent(endS + 3600, 'scheduler-changed', 'rr')]);
    expect(cps.fair).toMatchObject({ inForce: { isByWeight: false, shares: [0.5, 0.5] }, sentence: '' });
  });
});
