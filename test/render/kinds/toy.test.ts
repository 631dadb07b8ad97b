// A kind that no file of the program knows: the registry needs nothing else.

import { expect, test } from 'vitest';
import { counter, gauge, type Kind } from '../../../src/model/kinds/kind.js';
import {
  compareNames,
  counterpartOf,
  dataSourcesFor,
  directionOf,
  isOf,
  kindOfName,
  registry,
  registryOf,
  trafficColumns,
} from '../../../src/model/kinds/registry.js';
import { aboutOfName, parseName, resolveName } from '../../../src/model/names/parse-name.js';
import { headingOf, longName, shortName } from '../../../src/render/define/heading.js';
import { graphTypesOf } from '../../../src/render/files/content/graph-types.js';
import type { Depiction } from '../../../src/render/kinds/depiction.js';
import { type DepictionRegistry, depicted, depictionOf } from '../../../src/render/kinds/registry.js';

type ToyAbout = { readonly kind: 'toy'; readonly colour: string };
type ToyParts = { readonly kind: 'toy'; readonly number: number };

const shelf = {
  name: 'shelf',
  seesAllReplies: true,
  witness: 'top',
  tops: { one: 'toy', words: 'toys', field: 'toys' },
  members: { one: 'part', words: 'parts', field: 'parts' },
  isListed: true,
  isOfGroup: false,
} as const;

const toy: Kind<ToyAbout, ToyParts> = {
  kind: 'toy',
  source: shelf,
  level: 'top',
  rank: 2,
  hasStandingPictures: false,
  measures: [gauge('Broken', 'error'), counter('TakenOut', 'packet', 'out'), counter('PutBack', 'packet', 'in')],
  measureSet: 'toy',
  prefix: 'toy_',
  parse: (name) => (/^toy_(0|[1-9]\d{0,3})$/.test(name) ? { kind: 'toy', number: Number(name.slice(4)) } : null),
  format: ({ number }) => `toy_${number}`,
  resolve: (text) => (/^#\d{1,4}$/.test(text) ? `toy_${Number(text.slice(1))}` : null),
  ownName: ({ number }) => `no. ${number}`,
  aboutOf: () => ({ kind: 'toy', colour: '' }),
};

const drawn: Depiction<ToyAbout, ToyParts> = {
  namesOf: ({ number }) => ({ endpoint: `Toy ${number}`, protocol: 'TOY' }),
  isShortInLegends: true,
  graphTypes: ({ colour }) => (colour === 'red' ? ['pps', 'errors'] : ['pps']),
  togetherTypes: [],
  partOf: null,
  factsOf: ({ colour }) => [['colour', colour]],
};

const kinds = registryOf([...registry.kinds, toy]);
const shown: DepictionRegistry = { kinds, depictions: { ...depicted.depictions, toy: drawn } };

test('a new kind has its own grammar of names, and leaves those of others alone', () => {
  expect(parseName('toy_7', kinds)).toEqual({ kind: 'toy', number: 7 });
  expect(parseName('toy_07', kinds)).toBeNull();
  expect(resolveName('#7', kinds)).toBe('toy_7');
  expect(aboutOfName('toy_7', kinds)).toEqual({ kind: 'toy', colour: '' });
  expect(kindOfName('toy_7', kinds)).toBe(toy);
  expect(isOf(shelf, { kind: 'toy' }, kinds)).toBe(true);
  expect(parseName('192.0.2.1_80', kinds)).toEqual(parseName('192.0.2.1_80'));
  expect(resolveName('192.0.2.1:80', kinds)).toBe('192.0.2.1_80');
});

test('a new kind has data sources with units and directions', () => {
  const sources = dataSourcesFor('toy', kinds);
  expect(sources.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'Broken GAUGE',
    'TakenOut DERIVE',
    'PutBack DERIVE',
  ]);
  expect(directionOf('TakenOut', kinds)).toBe('out');
  expect(counterpartOf('TakenOut', ['Broken', 'TakenOut', 'PutBack'], kinds)).toBe('PutBack');
  expect(trafficColumns(sources, kinds)).toBeNull();
});

test('a new kind has its place in lists', () => {
  const names = ['toy_10', 'haproxy_fe_www', 'toy_9', '192.0.2.1_80', 'all/total', 'all'];
  expect(names.sort((a, b) => compareNames(a, b, kinds))).toEqual([
    'all',
    'all/total',
    '192.0.2.1_80',
    'haproxy_fe_www',
    'toy_9',
    'toy_10',
  ]);
});

test('a new kind has headings and graphs', () => {
  const heading = headingOf({ name: 'toy_7', hostNames: [] }, 'Packets', shown);
  expect(heading).toEqual({ endpoint: 'Toy 7', protocol: 'TOY', hosts: [], shows: 'Packets' });
  expect(longName('toy_7', shown)).toBe('Toy 7 TOY');
  expect(shortName('toy_7', shown)).toBe('no. 7');
  const about = { kind: 'toy', colour: 'red' } as const;
  expect(graphTypesOf({ name: 'toy_7', about }, shown)).toEqual(['pps', 'errors']);
  expect(depictionOf(about, shown).factsOf(about)).toEqual([['colour', 'red']]);
});

test('an unregistered kind is rejected', () => {
  expect(parseName('toy_7')).toBeNull();
  expect(() => graphTypesOf({ name: 'toy_7', about: { kind: 'toy' } })).toThrow(RangeError);
});
