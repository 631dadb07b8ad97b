import { describe, expect, test } from 'vitest';
import { parseChoices, withChoices } from '../../public/page/choices.js';

const hidden = (entries: Readonly<Record<string, readonly string[]>>) =>
  new Map(Object.entries(entries).map(([key, names]) => [key, new Set(names)]));

describe('choices in an address', () => {
  test.each([
    [{ hidden: hidden({}), full: null }],
    [{ hidden: hidden({ 'all-cps': ['192.0.2.1:80', 'others (7)'] }), full: 'all-cps' }],
    [{ hidden: hidden({ 'a-cps': ['x~y', '50 % & more', '%7E'], 'b-cps-share': ['in'] }), full: null }],
  ])('are parsed as they were written: %o', (choices) => {
    const address = withChoices('/lb/tiles?q=a%20b&since=3h#real', choices);
    expect(address).toMatch(/^\/lb\/tiles\?q=a(%20|\+)b&since=3h.*#real$/);
    expect(parseChoices(address.slice(address.indexOf('?'), -5))).toEqual(choices);
  });

  test('replace others, and leave the address alone if there are none', () => {
    const choices = { hidden: hidden({ 'a-cps': [] }), full: null };
    expect(withChoices('/x?hide=a-cps~in&full=a-cps&top=all', choices)).toBe('/x?top=all');
    expect(withChoices('/x?kiosk', choices)).toBe('/x?kiosk');
  });
});
