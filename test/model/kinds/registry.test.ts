import { describe, expect, test } from 'vitest';
import type { About } from '../../../src/model/archive.js';
import {
  counterpartOf,
  dataSourcesFor,
  directionOf,
  kindOf,
  kindOfName,
  registry,
  registryOf,
  trafficColumns,
} from '../../../src/model/kinds/registry.js';
import { aboutOfName, identify } from '../../../src/model/names/parse-name.js';

const named: readonly (readonly [string, About['kind'], string])[] = [
  ['all', 'director', 'director'],
  ['all/total', 'totals', 'kernel totals'],
  ['all/cpu_12', 'processor', 'processor 12'],
  ['all/table', 'connection-table', 'connection table'],
  ['192.0.2.1_80', 'service', '192.0.2.1:80'],
  ['fwm6_100', 'service', 'mark 100'],
  ['2001-db8--1_443/10.0.0.5_8080', 'real-server', '10.0.0.5:8080'],
  ['haproxy_fe_www', 'haproxy-frontend', 'www'],
  ['haproxy_be_a%2Db', 'haproxy-backend', 'a-b'],
  ['haproxy_be_www/web1', 'haproxy-server', 'web1'],
  ['probe_stale_flows', 'probe', 'probe stale_flows'],
  ['probe_stale_flows/bridge=br%2Dex', 'probe-value', 'bridge="br-ex"'],
  ['agent_web01', 'agent', 'agent web01'],
  ['link_web01/2001-db8--5_80', 'link', '[2001:db8::5]:80'],
];

describe('the registry of kinds', () => {
  test.each(named)('identifies %s as a %s with its own name %s, and formats it back', (name, kind, ownName) => {
    const own = identify(name);
    expect(own?.kind.kind).toBe(kind);
    expect(own?.kind.ownName(own.parts)).toBe(ownName);
    expect(own?.kind.format(own.parts)).toBe(name);
    expect(kindOfName(name)).toBe(kindOf({ kind }));
    expect(aboutOfName(name).kind).toBe(kind);
  });

  test('has an example of each kind in this test', () => {
    expect(new Set(named.map(([, kind]) => kind))).toEqual(new Set(registry.kinds.map(({ kind }) => kind)));
  });

  test('knows a kind by its prefix even if the rest is invalid', () => {
    expect(identify('haproxy_be_%zz')).toBeNull();
    expect(kindOfName('haproxy_be_%zz')?.kind).toBe('haproxy-backend');
    expect(identify('all/cpu_01')).toBeNull();
    expect(identify('all/total/x')).toBeNull();
  });

  test.each([
    ['InBytes', 'in', 'OutBytes'],
    ['OutPkts', 'out', 'InPkts'],
    ['Conns', 'none', undefined],
    ['nothing', 'none', undefined],
  ] as const)('knows that %s has the direction "%s" and the counterpart %s', (name, direction, counterpart) => {
    const names = dataSourcesFor('service').map((source) => source.name);
    expect(directionOf(name)).toBe(direction);
    if (direction !== 'none') expect(counterpartOf(name, names)).toBe(counterpart);
  });

  test.each([
    ['service', { in: 5, out: 6 }],
    ['processor', { in: 3, out: 4 }],
    ['haproxy-frontend', { in: 2, out: 3 }],
    ['haproxy-server', { in: 3, out: 4 }],
    ['connection-table', null],
  ] as const)('finds the traffic of a %s in the columns %j', (kind, columns) => {
    expect(trafficColumns(dataSourcesFor(kind))).toEqual(columns);
  });

  test.each([
    ['two kinds with one name', { prefix: 'other_' }, 'two kinds are alike'],
    ['two kinds with one prefix', { kind: 'other' }, 'two kinds are alike'],
    ['a set of measures with two meanings', { kind: 'other', prefix: 'other_', measures: [] }, 'has two meanings'],
    [
      'a measure with two meanings',
      {
        ...{ kind: 'other', prefix: 'other_', measureSet: 'other' },
        measures: [{ name: 'Conns', type: 'GAUGE', unit: 'conn', direction: 'none' }],
      },
      '"Conns" has two meanings',
    ],
  ] as const)('rejects %s', (_title, changed, message) => {
    expect(() => registryOf([...registry.kinds, { ...kindOf({ kind: 'service' }), ...changed }])).toThrow(message);
  });

  test('rejects an archive of an unknown kind', () => {
    expect(() => kindOf({ kind: 'other' })).toThrow('there is no archive kind "other"');
  });
});
