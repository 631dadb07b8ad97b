// The stacks of many services, which a real engine sums up, are those of all their rows. LVS_STATS_SEED chooses which services come, go and are away.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectEngine, type EngineConnection } from '../../../src/engine/connection/http.js';
import { createEngineSource, type EngineSource } from '../../../src/engine/read/engine-source.js';
import { newestReadingS } from '../../../src/model/archive.js';
import type { Series, SeriesSource } from '../../../src/model/series.js';
import { stackTypes } from '../../../src/render/define/graph-request.js';
import { isInSpan, type SpanRows } from '../../../src/render/files/content/span-set.js';
import { stackMembers } from '../../../src/render/files/content/stack-jobs.js';
import { rankServices, summedStack } from '../../../src/render/files/content/summed-stacks.js';
import { depictionOf } from '../../../src/render/kinds/registry.js';
import { type Contribution, emptySums, type StackSums, withMember } from '../../../src/render/series/stack-sums.js';
import { withArchives } from '../../../src/store/open.js';
import { run } from '../../commands/program.js';
import { randomFrom } from '../../random.js';
import { seed } from '../../seed.js';
import { until } from '../../until.js';
import { type Engine, hasProgram } from '../engine.js';
import { testedEngines } from '../push/engines.js';
import { createReadSite } from './read-site.js';

const [director, stepS, hourS, dayS] = ['lb1', 1800, 3600, 86_400];
const services = 60;

let folder: string;
let dataDir: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-sums-'));
  dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  const random = randomFrom(seed + 1);
  // Stretches in which a service is not there, as seconds before the end: most are always there, a group comes later.
  const away = Array.from({ length: services }, (_, i): readonly (readonly [fromS: number, toS: number])[] => {
    if (i >= 40) return [[Number.POSITIVE_INFINITY, 10 * dayS + hourS]];
    if (i < 30) return [];
    const fromS = random() * 20 * dayS;
    return [
      [fromS, random() < 0.4 ? 0 : random() * fromS],
      ...(random() < 0.3 ? [[40 * dayS, 30 * dayS] as const] : []),
    ];
  });
  const without = (agoS: number): readonly number[] =>
    away.flatMap((stretches, i) => (stretches.some(([fromS, toS]) => agoS <= fromS && agoS >= toS) ? [i] : []));
  const nowS = Math.floor(Date.now() / 1000);
  await createReadSite(dataDir, nowS - (nowS % dayS) - dayS + 700, { count: services, without });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The stacks of the rows of all services. */
async function stacksByRows(source: SeriesSource, set: SpanRows): Promise<readonly StackSums[]> {
  const archives = (await servicesOf(source)).filter((one) => isInSpan(one, set.span));
  let sums: readonly StackSums[] = stackTypes.map((type) => emptySums(type, set));
  for (const member of await stackMembers(source, { archives, set, hosts: new Map() }))
    sums = withMember(sums, member, set.span);
  return sums;
}

async function servicesOf(source: SeriesSource) {
  return (await source.list()).filter(({ about }) => depictionOf(about).partOf === 'services');
}

/** Spans with rows of each length; the last one ends before the newest reading. */
function spansOf(newestS: number): readonly SpanRows[] {
  const set = (spanS: number, rowS: number, agoS = 0): SpanRows => {
    const endS = newestS - agoS - ((newestS - agoS) % rowS);
    return { span: { startS: endS - spanS, endS, label: '' }, rowS, pdpS: stepS };
  };
  return [
    set(dayS, 1800),
    set(5 * dayS, 3600),
    set(11 * dayS, 7200),
    set(35 * dayS, dayS),
    set(6 * dayS, 7200, 3 * dayS),
  ];
}

function knownRows({ columns }: Series): number {
  return columns.reduce((sum, column) => sum + column.filter((value) => !Number.isNaN(value)).length, 0);
}

const lessThan = 1e-11;

/** Values without what is rounded. */
function framesOf(sums: StackSums) {
  const { rows, named, others, services: count, newestS, type } = sums;
  return {
    type,
    rows,
    count,
    newestS,
    named: named.map(({ name, known }) => ({ name, known })),
    others: others?.known,
  };
}

function expectClose(found: Contribution | null | undefined, own: Contribution | null | undefined): void {
  for (const [i, values] of (own?.values ?? []).entries()) {
    const most = Math.max(...values);
    for (const [row, value] of values.entries())
      expect(Math.abs((found?.values[i]?.[row] ?? Number.NaN) - value)).toBeLessThanOrEqual(lessThan * most);
  }
}

const readable = testedEngines.filter(({ name }) => name !== 'Prometheus without a window');

describe.each(readable)('$name (skipped without it)', ({ program, start }) => {
  let engine: Engine;
  let connection: EngineConnection;
  let source: EngineSource;

  beforeAll(async () => {
    if (!hasProgram(program)) return;
    engine = await start(mkdtempSync(join(folder, 'engine-')));
    const pushed = await run(['push', '--data', dataDir, '--to', engine.base, '--director', director, '--once']);
    expect(pushed).toMatchObject({ status: 0 });
    connection = connectEngine({ authorization: null, ca: null }, { signal: new AbortController().signal });
    const ground = { baseUrl: new URL(engine.base), send: connection.send, engine: engine.base };
    source = createEngineSource({ ...ground, director, nowS: () => Date.now() / 1000 });
    await fetch(`${engine.base}/internal/force_flush`);
  });

  afterAll(async () => {
    connection?.close();
    await engine?.stop();
  });

  test.skipIf(!hasProgram(program))('sums up the stacks that the rows of all services make', async () => {
    await withArchives(
      dataDir,
      async (kept) => {
        const all = await servicesOf(kept);
        expect(all).toHaveLength(services);
        const whole = { startS: newestReadingS(all) - 39 * dayS, endS: newestReadingS(all), stepS: dayS };
        await until('the engine shows every row', async () => {
          await source.list();
          for (const { name } of all) {
            const query = { ...whole, name };
            const [own, shown] = [await kept.fetchBoth(query), await source.fetchBoth(query)];
            if (knownRows(own.AVERAGE) !== knownRows(shown.AVERAGE)) return false;
          }
          return true;
        });
        for (const set of spansOf(newestReadingS(all))) {
          const own = await stacksByRows(kept, set);
          const present = all.filter((one) => isInSpan(one, set.span));
          const ranked = await rankServices(source, { services: present, set });
          const found: StackSums[] = [];
          for (const type of stackTypes) found.push(await summedStack(source, ranked, { type, hosts: new Map() }));
          expect(found.map(framesOf)).toEqual(own.map(framesOf));
          expect(own[0]?.others).not.toBeNull();
          for (const [i, { named, others }] of own.entries()) {
            expectClose(found[i]?.others, others);
            for (const [j, one] of named.entries()) expectClose(found[i]?.named[j], one);
          }
        }
      },
      () => {},
    );
  });
});
