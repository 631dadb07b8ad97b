import { describe, expect, test } from 'vitest';
import type { Theme } from '../../../src/render/define/graph-request.js';
import { coloursOf } from '../../../src/render/look/theme.js';
import { graphKinds } from '../../../src/render/series/quantity.js';
import { contrastOf, distanceOf, type Sight } from './colour-sight.js';

const themes: readonly Theme[] = ['light', 'dark'];

describe.each(themes)('the colours on a %s page', (theme) => {
  const { card, text, muted, note, members, others, inks } = coloursOf(theme);

  test('have text with a contrast of 4.5 to the card', () => {
    for (const colour of [text, muted, note]) expect(contrastOf(colour, card)).toBeGreaterThanOrEqual(4.5);
  });

  test('have areas and lines with a contrast of 3 to the card', () => {
    for (const colour of [...members, others]) expect.soft(contrastOf(colour, card), colour).toBeGreaterThanOrEqual(3);
    for (const { edge, solid } of Object.values(inks)) {
      for (const colour of [edge, solid]) expect.soft(contrastOf(colour, card), colour).toBeGreaterThanOrEqual(3);
    }
  });

  test.each<readonly [Sight, number]>([
    ['common', 10],
    ['deuteranopia', 7],
    ['protanopia', 7],
  ])('of any two members differ for %s sight', (sight, least) => {
    const all = [...members, others];
    for (const [i, one] of all.entries()) {
      for (const other of all.slice(i + 1)) {
        expect.soft(distanceOf(one, other, sight), `${one} ${other}`).toBeGreaterThanOrEqual(least);
      }
    }
  });

  test.each<Sight>(['common', 'deuteranopia', 'protanopia'])('of in and out differ for %s sight', (sight) => {
    expect(distanceOf(inks.in.edge, inks.out.edge, sight)).toBeGreaterThanOrEqual(14);
    expect(distanceOf(inks.in.solid, inks.out.solid, sight)).toBeGreaterThanOrEqual(14);
  });
});

describe.each(themes)('quantities of one graph on a %s page', (theme) => {
  const { inks } = coloursOf(theme);

  test.each(Object.entries(graphKinds))(
    'of %s have colours that differ for any sight',
    (_type, { quantities, stacked }) => {
      const colours = quantities.map(({ ink }) => (stacked ? inks[ink].solid : inks[ink].edge));
      for (const [i, one] of colours.entries()) {
        for (const other of colours.slice(i + 1)) {
          for (const sight of ['common', 'deuteranopia', 'protanopia'] as const) {
            expect.soft(distanceOf(one, other, sight), `${one} ${other} ${sight}`).toBeGreaterThanOrEqual(7);
          }
        }
      }
    },
  );
});

test('both themes have as many colours of members', () => {
  expect(coloursOf('dark').members).toHaveLength(coloursOf('light').members.length);
});
