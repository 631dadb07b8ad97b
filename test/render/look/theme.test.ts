import { describe, expect, test } from 'vitest';
import { assignPatterns, coloursOf, serviceColour, serviceColourIndex } from '../../../src/render/look/theme.js';

const names = Array.from({ length: 400 }, (_, index) => `192.0.${index >> 8}.${index & 255}_${80 + (index % 5)}`);

describe('the colour of a service', () => {
  test.each([
    ['192.0.2.1_80', '#4a7ebb'],
    ['192.0.2.1_443', '#2f9c8f'],
    ['fwm_100', '#2f9c8f'],
  ])('of %s is %s in every version', (name, colour) => {
    expect(serviceColour(name, 'light')).toBe(colour);
  });

  test('is each colour about equally often', () => {
    const uses = new Map<number, number>();
    for (const name of names) uses.set(serviceColourIndex(name), (uses.get(serviceColourIndex(name)) ?? 0) + 1);
    expect(uses.size).toBe(coloursOf('light').services.length);
    expect(Math.max(...uses.values())).toBeLessThan(3 * (names.length / uses.size));
  });

  test('is a colour in both themes', () => {
    for (const name of names) expect(serviceColour(name, 'dark')).toMatch(/^#[0-9a-f]{6}$/);
  });
});

test('services of one colour differ by pattern, in any order', () => {
  const shown = names.slice(0, 10);
  const assigned = assignPatterns(shown);
  const looks = shown.map((name) => `${serviceColourIndex(name)} ${assigned.get(name)}`);
  expect(new Set(looks).size).toBe(shown.length);
  expect(assignPatterns([...shown].reverse())).toEqual(assigned);
});
