// An archive that is described by series is the same archive again, whatever its kind.

import { describe, expect, test } from 'vitest';
import {
  archiveOfSamples,
  describeArchive,
  descriptionMetrics,
} from '../../../src/engine/series/description-series.js';
import { describeEvent, eventOfLabels } from '../../../src/engine/series/event-series.js';
import { describeMonth, monthSeriesOf } from '../../../src/engine/series/month-series.js';
import { type About, type ArchiveInfo, withHeartbeat } from '../../../src/model/archive.js';
import { dataSourcesFor, registry } from '../../../src/model/kinds/registry.js';
import { eventKinds } from '../../../src/model/ledger-event.js';
import { parseRetention } from '../../../src/model/retention.js';

const retention = parseRetention('1m:7d,2h:400d');
const [firstS, lastS, timeS] = [1_700_000_000, 1_795_000_030, 1_795_000_000];

const abouts: readonly (readonly [string, About])[] = [
  ['all', { kind: 'director' }],
  ['totals', { kind: 'director-part' } as unknown as About],
  ['192.0.2.1_80', { kind: 'service', scheduler: 'wlc', flags: '' }],
  ['fwm_7', { kind: 'service', scheduler: 'mh', flags: 'mh-fallback,mh-port' }],
  ['192.0.2.1_80/10.0.0.5_8080', { kind: 'real-server', forwarding: 'Masq', weight: 0 }],
];
const infoOf = (name: string, about: About, goneS: number | null = null, newestS = lastS): ArchiveInfo => ({
  ...{ name, about, retention, firstS, lastS: newestS, goneS, events: 7 },
  dataSources: withHeartbeat(dataSourcesFor(about.kind), retention),
});

/** The archive again, from its series as a receiver has them. */
function described(info: ArchiveInfo, newestS: number): ArchiveInfo | null {
  const all = describeArchive(info, 'lb1', timeS).map(({ labels, value }) => ({
    of: Object.fromEntries(labels),
    value,
  }));
  const number = (metric: string): number | undefined => all.find(({ of }) => of['__name__'] === metric)?.value;
  return archiveOfSamples(
    {
      labels: all.find(({ of }) => of['__name__'] === descriptionMetrics.info)?.of ?? {},
      firstS: number(descriptionMetrics.first) ?? 0,
      lastS: number(descriptionMetrics.last) ?? 0,
      describedS: timeS,
      goneS: number(descriptionMetrics.gone) ?? Number.NaN,
      events: number(descriptionMetrics.events) ?? Number.NaN,
      weight: number(descriptionMetrics.weight) ?? null,
    },
    newestS,
  );
}

describe('an archive', () => {
  const known = abouts.filter(([, { kind }]) => registry.byKind.has(kind));

  test.each(known)('%s is itself again', (name, about) => {
    expect(described(infoOf(name, about), lastS)).toEqual(infoOf(name, about));
  });

  test('of every kind is itself again, with default texts', () => {
    const names = ['haproxy_frontend_www', 'haproxy_backend_app', 'haproxy_backend_app/web1', 'agent_web1'];
    for (const name of names) {
      for (const kind of registry.kinds) {
        const parts = kind.parse(name);
        if (parts === null) continue;
        const about = (kind.aboutOf as (one: unknown) => About)(parts);
        expect(described(infoOf(name, about), lastS)).toEqual(infoOf(name, about));
      }
    }
  });

  test('that is gone stays at its last reading, and one that is read again does not', () => {
    const [name, about] = ['192.0.2.1_80', { kind: 'service', scheduler: 'rr', flags: '' } as const];
    const gone = infoOf(name, about, timeS - 500, timeS - 800);
    expect(described(gone, lastS + 900)).toEqual(gone);
    expect(described(infoOf(name, about), lastS + 900)).toEqual(infoOf(name, about, null, lastS + 900));
  });

  test('has sorted labels, and none that are empty', () => {
    for (const { labels } of describeArchive(infoOf(...(abouts[2] ?? ['', { kind: 'director' }])), 'lb1', timeS)) {
      const names = labels.map(([label]) => label);
      expect(names).toEqual([...names].sort());
      expect(labels.filter(([, value]) => value === '')).toEqual([]);
    }
  });

  test('of an unknown kind is none', () => {
    const numbers = { firstS, lastS, describedS: timeS, goneS: 0, events: 0, weight: null };
    expect(
      archiveOfSamples({ labels: { archive: 'all', kind: 'else', retention: '5m:100d' }, ...numbers }, lastS),
    ).toBe(null);
  });
});

test.each(eventKinds)('an event of the kind %s keeps its archive, its real server and its time', (kind) => {
  for (const realServer of [undefined, '10.0.0.5_8080']) {
    const event = { timeS, archive: '192.0.2.1_80', kind, ...(realServer === undefined ? {} : { realServer }) };
    const { labels, ...sample } = describeEvent({ ...event, from: '1', to: '2', detail: 'in words' }, 'lb1');
    expect(sample).toEqual({ timeS, value: 1 });
    expect(labels.map(([name]) => name)).toEqual(labels.map(([name]) => name).toSorted());
    const from =
      /changed|removed/.test(kind) && kind !== 'status-changed' && kind !== 'sync-changed' ? { from: '1' } : {};
    expect(eventOfLabels(Object.fromEntries(labels), timeS)).toEqual({ ...event, ...from });
  }
});

test('an event of another version is none', () => {
  expect(eventOfLabels({ archive: 'all', event: 'else' }, timeS)).toBe(null);
});

test('a month keeps its percentiles, and omits those of no rows', () => {
  const none = { value: Number.NaN, rows: 0 };
  const month = { month: 24_322, in: { value: 1.5, rows: 9 }, out: none, larger: none, sum: none };
  const all = describeMonth(month, { archive: 'all', director: 'lb1', timeS });
  expect(all.map(({ labels, value }) => ({ ...monthSeriesOf(Object.fromEntries(labels)), value }))).toEqual([
    { archive: 'all', month: 24_322, part: 'in', field: 'value', value: 1.5 },
    { archive: 'all', month: 24_322, part: 'in', field: 'rows', value: 9 },
  ]);
});
