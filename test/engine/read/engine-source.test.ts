// Archives of an engine in memory. test/engines/read compares those of real engines with a director's own.

import { describe, expect, test } from 'vitest';
import { createEngineSource, type EngineSource } from '../../../src/engine/read/engine-source.js';
import { describeArchive } from '../../../src/engine/series/description-series.js';
import { describeEvent } from '../../../src/engine/series/event-series.js';
import { describeMonth } from '../../../src/engine/series/month-series.js';
import { labelsOf } from '../../../src/engine/series/row-series.js';
import { type About, type ArchiveInfo, withHeartbeat } from '../../../src/model/archive.js';
import { dataSourcesFor } from '../../../src/model/kinds/registry.js';
import { parseRetention } from '../../../src/model/retention.js';
import { consolidate } from '../../../src/model/rows/consolidate.js';
import { createFakeEngine, type FakeEngine } from './fake-engine.js';

const retention = parseRetention('30m:4d,2h:12d,1d:60d');
const [stepS, hourS, dayS] = [1800, 3600, 86_400];
const director = 'lb1';
// The newest reading is amid a row.
const newestRowS = 20_000 * dayS + 9 * hourS;
const newestS = newestRowS + 700;
const service: About = { kind: 'service', scheduler: 'wlc', flags: '' };

const infoOf = (name: string, about: About, rest: Partial<ArchiveInfo> = {}): ArchiveInfo => ({
  ...{ name, about, retention, firstS: newestS - 90 * dayS, lastS: newestS, goneS: null, events: 0 },
  dataSources: withHeartbeat(dataSourcesFor(about.kind), retention),
  ...rest,
});

const all = infoOf('all', { kind: 'director' });

function described(engine: FakeEngine, infos: readonly ArchiveInfo[], of = director): void {
  for (const info of infos) engine.addAll(describeArchive(info, of, newestS));
}

function sourceOf(engine: FakeEngine, of = director): EngineSource {
  return createEngineSource({ ...engine, director: of, engine: 'http://engine.example', nowS: () => newestS + 60 });
}

/** Rows that end at the given times. */
function addRows(
  engine: FakeEngine,
  [archive, dataSource, rowS, cf]: readonly [string, string, number, 'AVERAGE' | 'MAX' | null],
  samples: readonly (readonly [number, number])[],
): void {
  engine.add(labelsOf({ archive, dataSource, rowS, cf }, director), samples);
}

describe('rows', () => {
  test('are samples on the grid of the span; others are unknown', async () => {
    const engine = createFakeEngine();
    described(engine, [all]);
    const startS = newestRowS - 4 * stepS;
    addRows(
      engine,
      ['all', 'Conns', stepS, null],
      [
        ...[startS, startS + 17, startS + stepS, startS + 3 * stepS].map((timeS, i) => [timeS, i] as const),
        [startS + 2 * stepS, Number.NaN],
        [newestRowS + stepS, 9],
      ],
    );
    const query = { name: 'all', cf: 'AVERAGE', startS, endS: newestRowS + 10, stepS, dataSources: ['Conns'] } as const;
    expect(await sourceOf(engine).fetch(query)).toEqual({
      ...{
        name: 'all',
        cf: 'AVERAGE',
        stepS,
        pdpS: stepS,
        startS,
        endS: newestRowS + stepS,
        lastS: newestRowS + stepS,
      },
      ...{ dataSources: ['Conns'], columns: [Float64Array.of(2, Number.NaN, 3, Number.NaN, 9)] },
    });
  });

  test('of a longer length are those that were sent, and otherwise made from the finest', async () => {
    const engine = createFakeEngine();
    described(engine, [all]);
    const startS = 19_990 * dayS;
    const fine = Float64Array.from({ length: 48 }, (_, i) => (i < 5 ? Number.NaN : i ** 2 / 7));
    addRows(
      engine,
      ['all', 'Conns', stepS, null],
      [...fine].map((value, i) => [startS + dayS + (i + 1) * stepS, value]),
    );
    addRows(engine, ['all', 'Conns', 2 * hourS, 'MAX'], [[startS + 4 * hourS, 42]]);
    addRows(engine, ['all', 'Conns', 2 * hourS, 'AVERAGE'], [[startS + 4 * hourS, 41]]);
    const query = { name: 'all', startS, endS: startS + 2 * dayS - 1, stepS: 2 * hourS, dataSources: ['Conns'] };
    const { AVERAGE, MAX } = await sourceOf(engine).fetchBoth(query);
    for (const [series, sent] of [
      [AVERAGE, 41],
      [MAX, 42],
    ] as const) {
      const before = Float64Array.from({ length: 12 }, (_, i) => (i === 1 ? sent : Number.NaN));
      expect(series.columns).toEqual([Float64Array.of(...before, ...consolidate(fine, 4, series.cf))]);
    }
  });

  test('that the director keeps no longer are its longest', async () => {
    const engine = createFakeEngine();
    described(engine, [all]);
    const startS = 19_000 * dayS;
    const fine = Array.from({ length: 48 }, (_, i) => [startS + (i + 1) * stepS, i] as const);
    addRows(engine, ['all', 'Conns', stepS, null], fine);
    const query = { name: 'all', cf: 'MAX', startS, endS: startS + stepS, stepS, dataSources: ['Conns'] } as const;
    expect(await sourceOf(engine).fetch(query)).toMatchObject({ stepS: dayS, columns: [Float64Array.of(47)] });
  });

  test('of a long span come in parts, each within the room of an answer', async () => {
    const engine = createFakeEngine();
    described(engine, [all]);
    const startS = 18_000 * dayS;
    const values = Array.from({ length: 1990 }, (_, i) => [startS + (i + 1) * dayS, i] as const);
    for (const dataSource of all.dataSources.map(({ name }) => name)) {
      addRows(engine, ['all', dataSource, dayS, 'AVERAGE'], values);
    }
    const source = sourceOf(engine);
    await source.list();
    const before = engine.asked.length;
    const series = await source.fetch({ name: 'all', cf: 'AVERAGE', startS, endS: startS + 1990 * dayS - 1, stepS: 1 });
    for (const column of series.columns) expect(column).toEqual(Float64Array.from(values, ([, value]) => value));
    // The rows that were sent, which have room in one answer.
    expect(engine.asked.length - before).toBe(1);
    const earlier = { startS: startS - 1990 * dayS, endS: startS - 1 };
    const unknown = await source.fetch({ name: 'all', cf: 'AVERAGE', ...earlier, stepS: 1 });
    expect(unknown.columns.every((column) => column.length === 1990 && column.every(Number.isNaN))).toBe(true);
    // These again, and the finest in two parts.
    expect(engine.asked.length - before).toBe(4);
  });

  test('of a thousand archives are few questions', async () => {
    const engine = createFakeEngine();
    const services = Array.from({ length: 1000 }, (_, i) =>
      infoOf(`192.0.${Math.floor(i / 250)}.${i % 250}_80`, service),
    );
    described(engine, [all, ...services]);
    for (const [i, { name }] of services.entries()) {
      addRows(engine, [name, 'InBytes', stepS, null], [[newestRowS, i]]);
    }
    const source = sourceOf(engine);
    await source.list();
    const before = engine.asked.length;
    const names = services.map(({ name }) => name);
    const query = { cf: 'AVERAGE', startS: newestRowS - dayS, endS: newestRowS - 1, stepS } as const;
    const found = await source.fetchMany({ ...query, names, dataSources: ['InBytes'] });
    expect(found.map(({ name, columns }) => [name, columns[0]?.at(-1)])).toEqual(names.map((name, i) => [name, i]));
    expect(engine.asked.length - before).toBeLessThan(10);
  });

  test('are refused where there are too many, or no archive, or no span', async () => {
    const engine = createFakeEngine();
    described(engine, [all]);
    const source = sourceOf(engine);
    const query = { name: 'all', cf: 'AVERAGE', startS: newestS - dayS, endS: newestS, stepS } as const;
    await expect(source.fetch({ ...query, name: '192.0.2.9_80' })).rejects.toMatchObject({
      code: 'no-such-archive',
      message:
        'http://engine.example has no archive "192.0.2.9_80" of lb1: "lvs-stats list --from http://engine.example --from-director lb1" shows the names',
    });
    await expect(source.fetch({ ...query, endS: query.startS - 1 })).rejects.toMatchObject({ code: 'wrong-span' });
    const names = Array.from({ length: 20_000 }, () => 'all');
    const { name: _, ...many } = query;
    await expect(source.fetchMany({ ...many, names })).rejects.toMatchObject({ code: 'too-much' });
  });
});

describe('archives', () => {
  test('are those described lately, with the newest row of the director', async () => {
    const engine = createFakeEngine();
    const gone = infoOf('192.0.2.1_80', service, { goneS: newestS - hourS, lastS: newestS - 2 * hourS });
    const dropped = infoOf('192.0.2.2_80', service);
    described(engine, [gone, all]);
    engine.addAll(describeArchive(dropped, director, newestS - 9 * dayS));
    expect(await sourceOf(engine).list()).toEqual([all, gone]);
    addRows(engine, ['all', 'Conns', stepS, null], [[newestRowS + 3 * stepS, 1]]);
    expect(await sourceOf(engine).list()).toEqual([{ ...all, lastS: newestRowS + 3 * stepS }, gone]);
  });

  test('have their newest description', async () => {
    const engine = createFakeEngine();
    engine.addAll(describeArchive(infoOf('192.0.2.1_80', service), director, newestS - dayS));
    const other = infoOf('192.0.2.1_80', { ...service, scheduler: 'rr' } as About);
    described(engine, [all, other]);
    expect((await sourceOf(engine).list())[1]).toEqual(other);
  });

  test('of another director are named', async () => {
    const engine = createFakeEngine();
    await expect(sourceOf(engine).list()).rejects.toMatchObject({
      code: 'no-such-director',
      message: expect.stringContaining('it has no director: push to it with "lvs-stats push"'),
    });
    described(engine, [all], 'lb3');
    described(engine, [all], 'lb2');
    await expect(sourceOf(engine).list()).rejects.toMatchObject({
      message: 'http://engine.example has no director "lb1"; it has lb2, lb3: name one with --from-director',
    });
  });

  test('that were listed stay when the engine is away, and rows fail until it is back', async () => {
    const engine = createFakeEngine();
    described(engine, [all]);
    const source = sourceOf(engine);
    engine.fail('cannot be reached (ECONNREFUSED)');
    const query = { name: 'all', cf: 'AVERAGE', startS: newestS - dayS, endS: newestS, stepS } as const;
    await expect(source.fetch(query)).rejects.toThrow('cannot be reached (ECONNREFUSED)');
    engine.fail(null);
    expect(await source.list()).toEqual([all]);
    engine.fail('did not answer within 30 s');
    await expect(source.list()).rejects.toThrow('did not answer within 30 s');
    await expect(source.fetch(query)).rejects.toThrow('did not answer within 30 s');
    engine.fail(null);
    const before = engine.asked.length;
    expect(await source.fetch(query)).toMatchObject({ name: 'all' });
    expect(engine.asked.length - before).toBe(1);
  });
});

test('events are those of the span, both ends included, the newest last', async () => {
  const engine = createFakeEngine();
  described(engine, [all]);
  const times = [1, 300, 2000, 9000].map((days) => newestRowS - days * dayS).reverse();
  const events = times.map((timeS) => ({ timeS, archive: 'all', kind: 'cycle-missed' as const }));
  const other = { timeS: times[2] ?? 0, archive: '192.0.2.1_80', kind: 'gone' as const };
  engine.addAll([...events, other].map((event) => describeEvent({ ...event, detail: 'in words' }, director)));
  const source = sourceOf(engine);
  // The one before twenty years ago is beyond what an archive may keep.
  expect(await source.events({})).toEqual([events[1], other, events[2], events[3]]);
  expect(await source.events({ newest: 2 })).toEqual([events[2], events[3]]);
  expect(await source.events({ newest: 9, archive: 'all' })).toEqual([events[1], events[2], events[3]]);
  expect(await source.events({ sinceS: times[1] ?? 0, untilS: times[2] ?? 0 })).toEqual([events[1], other, events[2]]);
  expect(await source.events({ sinceS: newestS + 90 * dayS })).toEqual([]);
});

test('percentiles are those of the months of the span', async () => {
  const engine = createFakeEngine();
  described(engine, [all]);
  const none = { value: Number.NaN, rows: 0 };
  // 20,000 days after the epoch is a day of October 2024.
  const [july, august] = [24_294, 24_295].map((month) => ({
    ...{ month, in: { value: month / 7, rows: 900 }, out: { value: 2, rows: 900 }, larger: none, sum: none },
  }));
  for (const month of [july, august]) {
    if (month !== undefined) engine.addAll(describeMonth(month, { archive: 'all', director, timeS: newestS }));
  }
  const source = sourceOf(engine);
  expect(await source.percentiles({ name: 'all', startS: 0, endS: newestS })).toEqual([july, august]);
  const augustS = Date.UTC(2024, 7, 1) / 1000;
  expect(await source.percentiles({ name: 'all', startS: augustS, endS: newestS })).toEqual([august]);
  expect(await source.percentiles({ name: 'all', startS: augustS - dayS, endS: augustS })).toEqual([july]);
  await expect(source.percentiles({ name: 'none', startS: 0, endS: 1 })).rejects.toMatchObject({
    code: 'no-such-archive',
  });
});
