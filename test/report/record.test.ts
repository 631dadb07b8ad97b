// A report has the same numbers in all three forms, for a service and for a frontend of HAProxy.

import { describe, expect, test } from 'vitest';
import type { ArchiveInfo } from '../../src/model/archive.js';
import { dataSourcesFor } from '../../src/model/kinds/registry.js';
import { type ServiceSurvival, standingsOf, survivalOf } from '../../src/model/redundancy/survival.js';
import { standardRetention } from '../../src/model/retention.js';
import { noTopology } from '../../src/model/topology/topology.js';
import { type ReportSpan, reportOf } from '../../src/report/archive-report.js';
import { formatReportHtml } from '../../src/report/html.js';
import { formatReportCsv, formatReportJson } from '../../src/report/record.js';
import type { Report } from '../../src/report/report.js';
import { archiveOf } from '../render/sample-archives.js';
import { daySpan, seriesOf } from '../render/sample-series.js';

const { startS, endS } = daySpan;
const span: ReportSpan = {
  startS,
  endS,
  retention: standardRetention,
  stretches: [{ startS, endS, rowS: 300 }],
  before: [],
};

/** The frontend's numbers: rows rise from 0 to 28.7, except 40 in the row that ends an hour after the start. */
function numbersOf(archive: ArchiveInfo) {
  const dataSources = archive.dataSources.map(({ name }) => name);
  const column = Float64Array.from({ length: 288 }, (_, row) => (row === 11 ? 40 : row / 10));
  const average = seriesOf(() => 0, { dataSources, columns: dataSources.map(() => column) });
  const outbounds = [{ startS: 0, endS, outbound: { kind: 'seen' as const } }];
  const rows = [{ rowS: 300, average, max: average }];
  return reportOf({ archive, hosts: [], outbounds, rows, rowsBefore: [], months: [], events: [] }, span);
}

const service = numbersOf(archiveOf('192.0.2.1_80'));
const frontend = numbersOf(
  archiveOf('haproxy_fe_web', {
    about: { kind: 'haproxy-frontend', mode: 'http', status: 'OPEN' },
    dataSources: dataSourcesFor('haproxy-frontend'),
  }),
);
const realServer = numbersOf(
  archiveOf('192.0.2.1_80/10.0.0.5_8080', { about: { kind: 'real-server', forwarding: 'Masq', weight: 1 } }),
);
/** A service of two ports of one host. */
function survival(): ServiceSurvival {
  const pool = new Map([
    ['10.0.0.5_8080', 1],
    ['10.0.0.5_8081', 1],
  ]);
  const standings = standingsOf(noTopology, '192.0.2.1_80', pool);
  return survivalOf({ service: '192.0.2.1_80', standings, peak: null, required: null }, { allowed: 3.5, partners: [] });
}

const frame = {
  director: 'lb1',
  span,
  picturesEndS: endS,
  lastS: endS,
  timeZone: 'UTC',
  note: null,
  redundancy: { services: [survival()], hasTopology: false, allowed: 3.5 },
};
const none = { all: null, hasAll: false, events: [], eventsLeftOut: 0, broken: [] };
const report: Report = { ...frame, ...none, archives: [service, frontend, realServer] };
const html = await formatReportHtml(report, {
  viewsFolder: 'views',
  theme: 'light',
  pictures: new Map(report.archives.map(({ archive }) => [archive.name, { small: null, large: [] }])),
});

test('a report says which losses its services survive, and what is missing', () => {
  const row = html
    .match(/<section id="survive">[\s\S]*?<\/section>/)?.[0]
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
  expect(row).toContain(
    '192.0.2.1:80 2 yes no not known not known not known a real server on another host than 10.0.0.5',
  );
  expect(row).toContain('Without a topology, a host is an address');
  const { survive } = JSON.parse(formatReportJson(report)) as { survive: readonly object[] };
  expect(survive).toMatchObject([
    { service: '192.0.2.1_80', status: 'critical', survives: { host: { outcome: 'lost' } } },
  ]);
});

describe('a report of HAProxy', () => {
  const [titles = [], ...rows] = formatReportCsv(report)
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  const cell = (archive: string, title: string): string | undefined =>
    rows.find(([name]) => name === archive)?.[titles.indexOf(title)];
  const { archives } = JSON.parse(formatReportJson(report)) as {
    archives: ({ name: string } & Record<string, Record<string, number | null>>)[];
  };
  const jsonOf = (name: string) => archives.find((one) => one.name === name);

  test.each(['sessions_per_s', 'current_sessions'])('has %s, the same in JSON and CSV', (quantity) => {
    const figures = jsonOf('haproxy_fe_web')?.[quantity];
    expect(figures).toMatchObject({ maximum: 40, maximum_end: startS + 3600, p95: 27.4, known_s: 86_400 });
    for (const [figure, value] of Object.entries(figures ?? {}))
      expect(cell('haproxy_fe_web', `${quantity}_${figure}`), figure).toBe(value === null ? '' : String(value));
    expect(cell('192.0.2.1_80', `${quantity}_average`)).toBe('');
  });

  test('has the summary in JSON, and says why there is no spare', () => {
    const { summary } = JSON.parse(formatReportJson(report)) as { summary: object };
    expect(summary).toEqual({ grown: expect.any(Array), broken: [], broken_left_out: 0 });
    expect(jsonOf('haproxy_fe_web')).toMatchObject({ spare: null, spare_missing: 'only services of ipvs have one' });
  });

  test('has a total of new sessions, and none of open ones', () => {
    expect(jsonOf('haproxy_fe_web')?.['sessions_per_s']?.['total']).toBeGreaterThan(86_400);
    expect(jsonOf('haproxy_fe_web')?.['current_sessions']).not.toHaveProperty('total');
  });

  test('has the quantities of each kind in its own records, and those of both in the columns of CSV', () => {
    expect(jsonOf('haproxy_fe_web')).not.toHaveProperty('connections_per_s');
    expect(jsonOf('192.0.2.1_80')).not.toHaveProperty('sessions_per_s');
    expect(jsonOf('haproxy_fe_web')?.['queued_requests']?.['average']).toBeNull();
    expect(new Set(titles).size).toBe(titles.length);
    for (const row of rows) expect(row).toHaveLength(titles.length);
  });

  test('shows them on the page, and no queue for a frontend', () => {
    expect(html).toMatch(/new sessions<\/th><td class="f">14\.5 session\/s<\/td><td class="f">40 session\/s<\/td>/);
    expect(html).toMatch(/current sessions<\/th>/);
    expect(html).not.toContain('queued requests');
  });
});

test("a page that follows its reader's theme has both pictures, and shows the light one on paper or without a preference", async () => {
  const large = [{ type: 'traffic', width: 760, height: 300, light: 'data:l', dark: 'data:d' }];
  const pictures = new Map([['192.0.2.1_80', { small: null, large }]]);
  const page = await formatReportHtml(report, { viewsFolder: 'views', theme: 'auto', pictures });
  expect(page).toMatch(/<img class="onlight" src="data:l" width="760" height="300" alt="traffic of [^"]+">/);
  expect(page).toMatch(/<img class="ondark" src="data:d" width="760" height="300"/);
  expect(page).toMatch(/\.ondark \{ display: none \} @media screen and \(prefers-color-scheme: dark\) \{ \.onlight/);
});

test('a page of real servers names the service of each', () => {
  expect(html).toMatch(/<h2>10\.0\.0\.5:8080 of 192\.0\.2\.1:80 <small>/);
});
