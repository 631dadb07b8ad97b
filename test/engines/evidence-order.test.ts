// The order of evidence, in promtool's virtual time: in each of 20 racks 500 real servers die over two readings in an order of their own, with whole
// hosts first, last or at random. At every evaluation, no alert fires that is neither one of the two causes nor held back by one that fires.
// LVS_STATS_RACKS=100 takes so many racks.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { standardPaging } from '../../src/model/policy/paging.js';
import { rulesFile } from '../../src/rules/rules-file.js';
import { type RuleTimes, ruleTimes } from '../../src/rules/times.js';
import { randomFrom } from '../random.js';
import { seed } from '../seed.js';
import { DyingRack, type Order, readings, stepS } from './dying-rack.js';
import { hasProgram } from './engine.js';

const racks = Number(process.env['LVS_STATS_RACKS'] ?? 20);
const orders: readonly Order[] = ['random', 'last', 'first'];
/** As far apart as the command permits, and so as few evaluations. */
const scrapeS = 120;
const times = ruleTimes(standardPaging, { stepS, scrapeS, evaluationS: scrapeS, skewS: 10 });

/** Scrapes before the first reading with deaths, and between readings. */
const [calm, perReading] = [1, Math.ceil(stepS / scrapeS)];
const scrapes = calm + 2 * perReading + Math.ceil(times.serverS / scrapeS) + 2;

/** Alerts of a level that fire. */
const firing = (level: string, more = ''): string => `ALERTS{alertstate="firing", level="${level}"${more}}`;

/** The causes of alerts that Alertmanager would not hold back. */
const notified = `count by (cause) (
  ${firing('rack')} or ${firing('dc')} or ${firing('alone')}
  or (${firing('host')} unless on (rack) ${firing('rack')})
  or (${firing('service')} unless on (rack) ${firing('rack')} unless on (host) ${firing('host')})
  or (${firing('server')} unless on (rack) ${firing('rack')} unless on (host) ${firing('host')}
      unless on (service) ${firing('service', ', host=""')})
)`;

/** The test of a rack: its readings as series. */
async function testOf(world: DyingRack): Promise<object> {
  const series = new Map<string, (string | null)[]>();
  for (const reading of readings) {
    world.read(reading);
    for (const line of (await world.text()).split('\n')) {
      if (!/^lvs_(finding\{|real_server_down|virtual_server|host_usable|cycle_failing)/.test(line)) continue;
      const at = line.lastIndexOf(' ');
      const name = line.slice(0, at).replace(/\{|$/, '{job="lvs",instance="lb1",').replace(/,$/, '}');
      const values = series.get(name) ?? readings.map(() => null);
      values[reading] = line.slice(at + 1);
      series.set(name, values);
    }
  }
  const moments = Array.from({ length: scrapes }, (_, i) => i * scrapeS);
  const other = `${notified} unless (count by (cause) (ALERTS{cause=~"${world.causes.join('|')}"}))`;
  return {
    interval: `${scrapeS}s`,
    input_series: [...series].map(([name, values]) => ({ series: name, values: notationOf(values) })),
    promql_expr_test: [
      ...moments.map((atS) => ({ expr: other, eval_time: `${atS}s`, exp_samples: [] })),
      {
        expr: `${notified} > bool 0`,
        eval_time: `${(scrapes - 1) * scrapeS}s`,
        exp_samples: world.causes.map((cause) => ({ labels: `{cause="${cause}"}`, value: 1 })),
      },
    ],
  };
}

/** The values of the readings in promtool's notation. */
function notationOf(values: readonly (string | null)[]): string {
  const counts = [calm, perReading, perReading, scrapes - calm - 2 * perReading];
  return values
    .map((value, i) => {
      const count = counts[i] ?? 0;
      if (value !== null) return `${value}x${count - 1}`;
      // What a scrape no longer has is marked as stale.
      return i > 0 && values[i - 1] !== null ? `stale _x${count - 1}` : `_x${count}`;
    })
    .join(' ');
}

function runPromtool(own: RuleTimes, tests: readonly object[]) {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-orders-'));
  try {
    writeFileSync(join(folder, 'lvs.rules.yml'), rulesFile(standardPaging, own));
    const file = { rule_files: ['lvs.rules.yml'], evaluation_interval: `${scrapeS}s`, tests };
    writeFileSync(join(folder, 'test.yml'), JSON.stringify(file));
    const { status, stderr } = spawnSync('promtool', ['test', 'rules', 'test.yml'], { cwd: folder, encoding: 'utf8' });
    return { status, said: stderr.slice(0, 2000) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.skipIf(!hasProgram('promtool'))('the rules (skipped without promtool)', () => {
  test('let two causes through, and nothing else at any moment', async () => {
    const tests: object[] = [];
    for (let i = 0; i < racks; i += 1)
      tests.push(await testOf(new DyingRack(i, orders[i % orders.length] ?? 'random', randomFrom(1000 * seed + i))));
    expect(runPromtool(times, tests)).toEqual({ status: 0, said: '' });
  });

  test('would let more through if hosts and real servers were not held', async () => {
    const tests = [await testOf(new DyingRack(0, 'last', randomFrom(seed)))];
    const { status, said } = runPromtool({ ...times, hostS: 0, serviceS: 0, serverS: 0 }, tests);
    expect([status, said]).toEqual([1, expect.stringContaining('server/10.0.0.')]);
  });
});
