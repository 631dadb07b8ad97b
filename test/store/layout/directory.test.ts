import { expect, test } from 'vitest';
import { compareNames } from '../../../src/model/kinds/registry.js';

test('lists the director first, then services in natural order, each before its real servers', () => {
  const ordered = [
    'all',
    '9.0.0.1_80',
    '192.0.2.1_80',
    '192.0.2.1_80/10.0.0.9_80',
    '192.0.2.1_80/10.0.0.10_80',
    '192.0.2.10_80',
    '2001-db8--1_443',
    'fwm_2',
    'fwm_10',
  ];
  expect([...ordered].reverse().sort(compareNames)).toEqual(ordered);
});
