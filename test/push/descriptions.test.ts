// Descriptions are sent when something changes, and once a day; months with them.

import { expect, test } from 'vitest';
import { describeFindings, findingMetrics, findingOfLabels } from '../../src/engine/series/finding-series.js';
import type { ArchiveInfo } from '../../src/model/archive.js';
import type { KnownFinding } from '../../src/model/finding/finding.js';
import { dataSourcesFor } from '../../src/model/kinds/registry.js';
import { standardRetention } from '../../src/model/retention.js';
import { monthOf, monthStartS } from '../../src/model/time/month.js';
import type { Described } from '../../src/push/cursor/cursor.js';
import { Descriptions } from '../../src/push/descriptions.js';
import type { LendSource } from '../../src/push/sender.js';

const noonS = 20_791 * 86_400 + 43_200;
const firstS = noonS - 80 * 86_400;

function archives(newestS: number, weight = 1): readonly ArchiveInfo[] {
  const kept = { retention: standardRetention, firstS, lastS: newestS, goneS: null, events: 0 };
  const dataSources = dataSourcesFor('service');
  return [
    { name: 'all', about: { kind: 'director' }, dataSources, ...kept },
    { name: '192.0.2.1_80', about: { kind: 'service', scheduler: 'rr', flags: '' }, dataSources, ...kept },
    {
      name: '192.0.2.1_80/10.0.0.5_80',
      about: { kind: 'real-server', forwarding: 'Masq', weight },
      dataSources,
      ...kept,
    },
  ];
}

const asked: number[] = [];
const one = { value: 1.5, rows: 8928 };
let findings: readonly KnownFinding[] = [];
const finding: KnownFinding = {
  ...{ kind: 'service-without-server', subject: '192.0.2.1_80', severity: 'critical', sinceS: noonS - 900 },
  ...{
    archives: ['192.0.2.1_80', '192.0.2.1_80/10.0.0.5_80'],
    numbers: { conns: 1.5, host: 'a "b"' },
    openS: noonS - 600,
    count: 0,
  },
};

/** Every archive has the month that ended last. */
const lend: LendSource = (use) =>
  use({
    latest: async () => ({ findings }),
    percentiles: async ({ startS, endS }: { startS: number; endS: number }) => {
      asked.push(startS);
      const month = monthOf(noonS) - 1;
      return monthStartS(month) < endS ? [{ month, in: one, out: one, larger: one, sum: one }] : [];
    },
  } as unknown as Parameters<typeof use>[0]);

async function next(of: Descriptions, all: readonly ArchiveInfo[], noted: Described | null) {
  const found = await of.next(all, noted, lend);
  found?.sent();
  const samples = found?.samples ?? [];
  const names = samples.flatMap(({ labels }) => Object.fromEntries(labels)['archive'] ?? []);
  const metrics = samples.map(({ labels }) => Object.fromEntries(labels)['__name__'] ?? '');
  return {
    noted: found?.described ?? noted,
    archives: [...new Set(names)],
    months: metrics.filter((metric) => metric.startsWith('lvs_month')).length,
    open: samples.flatMap(({ labels, value }) =>
      Object.fromEntries(labels)['__name__'] === findingMetrics.count ? [value] : [],
    ),
  };
}

test('the first descriptions are those of all archives, with all months', async () => {
  const { archives: names, months } = await next(new Descriptions('lb1'), archives(noonS), null);
  expect(names).toEqual(archives(noonS).map(({ name }) => name));
  expect(months).toBe(3 * 8);
  expect(asked.at(-1)).toBe(firstS);
});

test('later ones are those that changed, whether the process is the same or another', async () => {
  const first = new Descriptions('lb1');
  const { noted } = await next(first, archives(noonS), null);
  expect(await next(first, archives(noonS + 300), noted)).toMatchObject({ archives: [], months: 0 });
  const changed = await next(first, archives(noonS + 600, 0), noted);
  expect(changed).toMatchObject({ archives: ['192.0.2.1_80/10.0.0.5_80'], months: 0 });
  const other = new Descriptions('lb1');
  expect(await next(other, archives(noonS + 900, 0), changed.noted)).toMatchObject({ archives: [] });
  expect(await next(other, archives(noonS + 1200, 7), changed.noted)).toMatchObject({
    archives: ['192.0.2.1_80/10.0.0.5_80'],
  });
  // It does not know what the others said.
  const third = await next(new Descriptions('lb1'), archives(noonS + 1500, 9), changed.noted);
  expect(third).toMatchObject({ archives: archives(noonS).map(({ name }) => name), months: 0 });
});

test('an archive that lags behind is described again, and so when it is read again', async () => {
  const of = new Descriptions('lb1');
  const { noted } = await next(of, archives(noonS), null);
  const late = (newestS: number, lastS: number): readonly ArchiveInfo[] =>
    archives(newestS).map((info) => (info.name === 'all' ? info : { ...info, lastS }));
  const lagging = await next(of, late(noonS + 300, noonS), noted);
  expect(lagging.archives).toHaveLength(2);
  expect((await next(of, late(noonS + 600, noonS), lagging.noted)).archives).toEqual([]);
  expect((await next(of, archives(noonS + 900), lagging.noted)).archives).toHaveLength(2);
});

test('a new day has all of them, with the months that ended lately', async () => {
  const of = new Descriptions('lb1');
  const { noted } = await next(of, archives(noonS), null);
  const tomorrow = await next(of, archives(noonS + 43_200), noted);
  expect(tomorrow.archives).toHaveLength(3);
  expect(tomorrow.months).toBe(3 * 8);
  expect(asked.at(-1)).toBe(noonS - 43_200 - 40 * 86_400);
  of.forget();
  expect((await next(of, archives(noonS + 43_500), null)).archives).toHaveLength(3);
});

test('all open findings are sent when one opens or closes, and not when its numbers change', async () => {
  const of = new Descriptions('lb1');
  findings = [];
  const { noted, open } = await next(of, archives(noonS), null);
  expect(open).toEqual([0]);
  findings = [{ ...finding, openS: null }];
  expect((await next(of, archives(noonS + 300), noted)).open).toEqual([]);
  findings = [finding];
  const opened = await next(of, archives(noonS + 600), noted);
  expect(opened).toMatchObject({ archives: [], open: [1] });
  findings = [{ ...finding, numbers: { conns: 2 } }];
  expect((await next(of, archives(noonS + 900), opened.noted)).open).toEqual([]);
  findings = [];
  expect((await next(of, archives(noonS + 1200), opened.noted)).open).toEqual([0]);
});

test('a finding is itself again', () => {
  const [count, sample] = describeFindings([finding, { ...finding, openS: null }], 'lb1', noonS);
  expect(count?.value).toBe(1);
  expect(findingOfLabels(Object.fromEntries(sample?.labels ?? []), sample?.value ?? 0)).toEqual(finding);
  expect(findingOfLabels({ ...Object.fromEntries(sample?.labels ?? []), finding: 'else' }, 0)).toBe(null);
  expect(findingOfLabels({ ...Object.fromEntries(sample?.labels ?? []), numbers: '{' }, 0)).toBe(null);
});
