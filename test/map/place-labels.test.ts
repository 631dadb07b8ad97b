// Labels of the map's drawing: none covers another, or a box.

import { expect, test } from 'vitest';
import { placeLabels } from '../../src/map/drawing/place-labels.js';

const label = (words: string, x: number, y: number) => ({ words, x, y });

test('labels have room in their order, beside boxes and each other', () => {
  const first = label('1234', 100, 50);
  const over = label('5678', 110, 52);
  const beside = label('9', 140, 50);
  const below = label('5678', 110, 70);
  const inBox = label('1', 20, 20);
  const box = { x: 0, y: 0, width: 60, height: 30 };
  expect([...placeLabels([first, over, beside, below, inBox], [box])]).toEqual([first, beside, below]);
  expect([...placeLabels([over, first], [])]).toEqual([over]);
});

test('labels beside each other do not read as one number', () => {
  const first = label('551', 100, 50);
  const touching = label('0', 112, 50);
  const apart = label('0', 122, 50);
  expect([...placeLabels([first, touching], [])]).toEqual([first]);
  expect([...placeLabels([first, apart], [])]).toEqual([first, apart]);
});
