// The identity of series of rows can be read back, and every quantity of every kind has a metric of its own.

import { expect, test } from 'vitest';
import { metricNames } from '../../../src/engine/series/metric-names.js';
import { labelsOf, metricOf, seriesOfLabels } from '../../../src/engine/series/row-series.js';
import { registry } from '../../../src/model/kinds/registry.js';

const quantities = [...registry.measures.keys()];

test('every data source of every kind has a metric, and no other one has it', () => {
  expect(Object.keys(metricNames).sort()).toEqual(quantities.toSorted());
  const names = quantities.map(metricOf);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^lvs_row_[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
});

test('labels are sorted by name', () => {
  const labels = labelsOf({ archive: '192.0.2.1_80', dataSource: 'Conns', rowS: 7200, cf: 'MAX' }, 'lb1');
  expect(labels).toEqual([
    ['__name__', 'lvs_row_connections_per_second'],
    ['archive', '192.0.2.1_80'],
    ['cf', 'MAX'],
    ['director', 'lb1'],
    ['row', '2h'],
  ]);
});

test('labels denote the series that they were made of', () => {
  for (const dataSource of quantities) {
    for (const rowS of [60, 300, 1800, 7200, 86_400, 30 * 86_400]) {
      for (const cf of [null, 'AVERAGE', 'MAX'] as const) {
        const series = { archive: '2001-db8--1_443/10.0.0.5_80', dataSource, rowS, cf };
        expect(seriesOfLabels(Object.fromEntries(labelsOf(series, 'lb1')), 'lb1')).toEqual(series);
      }
    }
  }
});

test.each([
  ['of another director', { director: 'lb2' }],
  ['of another metric', { __name__: 'lvs_row_other' }],
  ['of a property of every object', { __name__: 'lvs_row_constructor' }],
  ['without an archive', { archive: undefined }],
  ['of a row of no length', { row: '5x' }],
  ['of another consolidation', { cf: 'MIN' }],
])('labels %s denote none', (_, other) => {
  const labels = Object.fromEntries(labelsOf({ archive: 'all', dataSource: 'Conns', rowS: 300, cf: null }, 'lb1'));
  expect(seriesOfLabels(labels, 'lb1')).not.toBeNull();
  expect(seriesOfLabels({ ...labels, ...other }, 'lb1')).toBeNull();
});

test('a quantity without a metric is an error that says where to add one', () => {
  expect(() => metricOf('toString')).toThrow(/metric-names/);
});
