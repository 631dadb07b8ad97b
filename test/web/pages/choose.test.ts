// Search, order and number of services.

import { describe, expect, test } from 'vitest';
import { parseHosts } from '../../../src/render/look/host-names.js';
import type { Board, Figures } from '../../../src/web/data/board.js';
import { catalogueOf } from '../../../src/web/data/catalogue.js';
import { choose } from '../../../src/web/pages/choose.js';
import { archiveOf, lastS } from '../../render/sample-archives.js';

const names = ['192.0.2.1_80', '192.0.2.1_443', '192.0.2.2_53_udp', '2001-db8--1_443', 'fwm_100'];
const { services } = catalogueOf(
  [archiveOf('all'), ...names.map((name) => archiveOf(name, name === 'fwm_100' ? { goneS: lastS - 900 } : {}))],
  parseHosts('192.0.2.1 www.example.com shop\n192.0.2.2 dns.example.net\n'),
);

/** Bytes per second by name: over a day, in the last week, in the week before. */
const bytes: Readonly<Record<string, readonly [number, number, number]>> = {
  '192.0.2.1_80': [10, 50, 50],
  '192.0.2.1_443': [30, 60, 50],
  '192.0.2.2_53_udp': [20, 90, 10],
};

const board: Board = {
  lastS,
  of: (name): Figures | undefined => {
    const known = bytes[name];
    if (known === undefined) return undefined;
    const [day = 0, week = 0, before = 0] = known;
    const means = (value: number) => new Map(['InBytes', 'OutBytes'].map((one) => [one, value]));
    const rest = { hour: means(day), hourLastWeek: means(day), spark: [], sparkLastWeek: [] };
    return { now: means(day), day: means(day), week: means(week), weekBefore: means(before), ...rest };
  },
};

const choices = (view: Partial<Parameters<typeof choose>[2]>): readonly string[] =>
  choose(services, board, { search: '', sort: 'name', top: 'all', graphType: 'traffic', ...view }).services.map(
    ({ info }) => info.name,
  );

describe('a search', () => {
  test.each<readonly [search: string, found: readonly string[]]>([
    ['', names],
    ['192.0.2.1', ['192.0.2.1_80', '192.0.2.1_443']],
    [':443', ['192.0.2.1_443', '2001-db8--1_443']],
    ['*:443', ['192.0.2.1_443', '2001-db8--1_443']],
    ['[2001:db8::1]:443', ['2001-db8--1_443']],
    ['shop', ['192.0.2.1_80', '192.0.2.1_443']],
    ['WWW.example', ['192.0.2.1_80', '192.0.2.1_443']],
    ['*.example.net', ['192.0.2.2_53_udp']],
    ['udp', ['192.0.2.2_53_udp']],
    ['udp/192.0.2.2:53', ['192.0.2.2_53_udp']],
    ['live', names.filter((name) => name !== 'fwm_100')],
    ['liv', []],
    ['mark 100', ['fwm_100']],
    ['gone', ['fwm_100']],
    ['shop :80', ['192.0.2.1_80']],
    ['nothing', []],
    ['((((', []],
    ['[', ['2001-db8--1_443']],
  ])('for %j finds %j', (search, found) => {
    expect(choices({ search })).toEqual(found);
  });
});

describe('the order', () => {
  test('by busyness puts unknown services last', () => {
    expect(choices({ sort: 'busiest' })).toEqual([
      '192.0.2.1_443',
      '192.0.2.2_53_udp',
      '192.0.2.1_80',
      '2001-db8--1_443',
      'fwm_100',
    ]);
  });

  test('by growth puts the largest growth first', () => {
    expect(choices({ sort: 'growing' }).slice(0, 3)).toEqual(['192.0.2.2_53_udp', '192.0.2.1_443', '192.0.2.1_80']);
  });

  test('stops at the requested number, and reports the total', () => {
    const many = Array.from({ length: 30 }, (_, i) => archiveOf(`192.0.2.1_${i + 1}`));
    const choice = choose(catalogueOf(many, new Map()).services, board, {
      search: '',
      sort: 'name',
      top: '20',
      graphType: 'traffic',
    });
    expect([choice.services.length, choice.matching]).toEqual([20, 30]);
  });
});
