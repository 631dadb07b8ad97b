// The colours of pictures, for light and for dark pages. Hues stay distinct for readers who confuse red and green: in and out
// are blue and vermilion (Okabe and Ito, "Color Universal Design"); services have ten muted hues after Paul Tol's qualitative
// schemes, each dark and light. Where two hues look alike, their lightness differs.

import type { Theme } from '../define/graph-request.js';

/** An area with its edge, and the pale colour of its MAX band. */
export interface Ink {
  readonly fill: string;
  readonly edge: string;
  readonly band: string;
}

/** All colours of one theme. */
export interface Colours {
  readonly card: string;
  readonly border: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly gridStrong: string;
  readonly zero: string;
  readonly hatch: string;
  readonly note: string;
  readonly others: string;
  /** The promised borders of a stack, over any colour. */
  readonly fair: string;
  /** The lines of a pattern over a service's colour. */
  readonly pattern: string;
  readonly inks: Readonly<Record<InkName, Ink>>;
  readonly services: readonly string[];
}

/** Colours for zero, and for low to high. */
const heatOf: Readonly<Record<Theme, readonly string[]>> = {
  light: ['#eef2f6', '#cfe1f0', '#a6cbe6', '#74add6', '#478bc0', '#2468a2', '#0f4680', '#08284f'],
  dark: ['#20262e', '#213b52', '#255474', '#2f7199', '#4a92bb', '#78b4d4', '#b2d6e9', '#f2fafe'],
};

const stepsBetween = 3;

/** The colours of a heat map, zero first: on a dark page, lighter means more. */
export function heatColours(theme: Theme): readonly string[] {
  const stops = heatOf[theme];
  return stops.flatMap((stop, index) => {
    const next = stops[index + 1];
    if (index === 0 || next === undefined) return [stop];
    return Array.from({ length: stepsBetween }, (_, step) => mixed(stop, next, step / stepsBetween));
  });
}

/** A colour between two, as `#rrggbb`. */
function mixed(from: string, to: string, part: number): string {
  const channels = [1, 3, 5].map((at) => {
    const [a, b] = [from, to].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16));
    return Math.round((a ?? 0) + ((b ?? 0) - (a ?? 0)) * part);
  });
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** The meaning of a colour in a graph. */
export type InkName = 'in' | 'out' | 'active' | 'inactive' | 'failed';

const light: Colours = {
  card: '#ffffff',
  border: '#d4d8de',
  text: '#1c2128',
  muted: '#646c77',
  grid: 'rgba(20,30,45,0.09)',
  gridStrong: 'rgba(20,30,45,0.26)',
  zero: '#7d8590',
  hatch: '#c9ced5',
  note: '#a15c00',
  others: '#b4b9c0',
  fair: 'rgba(20,30,45,0.4)',
  pattern: 'rgba(15,25,40,0.5)',
  inks: {
    in: { fill: '#8fc0e6', edge: '#1f6fb2', band: '#dcebf7' },
    out: { fill: '#f3c9a6', edge: '#c84a00', band: 'rgba(226,106,20,0.22)' },
    active: { fill: '#7cc4b2', edge: '#14806a', band: '#d9efe9' },
    inactive: { fill: '#c9b3d8', edge: '#7d559b', band: '#eee6f3' },
    failed: { fill: '#e28a96', edge: '#a8142d', band: '#f7dde1' },
  },
  services: [
    '#4a7ebb',
    '#a9c8ea',
    '#2f9c8f',
    '#8fd3c8',
    '#5b8c3a',
    '#b3d48f',
    '#a39b2b',
    '#dcd67e',
    '#d9822b',
    '#f5c08a',
    '#cf5f6d',
    '#f0b0b6',
    '#93466f',
    '#cf9dbb',
    '#7a66b8',
    '#c0b3e3',
    '#8a6f4d',
    '#cdb795',
    '#55708a',
    '#a9bccd',
  ],
};

const dark: Colours = {
  card: '#171a1f',
  border: '#353b45',
  text: '#e4e7eb',
  muted: '#98a1ad',
  grid: 'rgba(225,235,250,0.09)',
  gridStrong: 'rgba(225,235,250,0.28)',
  zero: '#838c98',
  hatch: '#454d58',
  note: '#f0b04a',
  others: '#6b727c',
  fair: 'rgba(245,248,252,0.55)',
  pattern: 'rgba(0,0,0,0.6)',
  inks: {
    in: { fill: '#2d628f', edge: '#6db3ea', band: '#1f3347' },
    out: { fill: '#7a4420', edge: '#ff9a52', band: 'rgba(255,154,82,0.25)' },
    active: { fill: '#256f60', edge: '#5cc7b0', band: '#1d3a35' },
    inactive: { fill: '#5f4775', edge: '#b592d1', band: '#33293d' },
    failed: { fill: '#8a2f40', edge: '#ff7f92', band: '#43222a' },
  },
  services: light.services,
};

/** The colours of a theme. */
export function coloursOf(theme: Theme): Colours {
  return theme === 'light' ? light : dark;
}

/** The colour of a service: derived from its name alone, so that it is the same everywhere. */
export function serviceColour(name: string, theme: Theme): string {
  const { services } = coloursOf(theme);
  return services[serviceColourIndex(name)] ?? '';
}

/** The palette index of a name (FNV-1a, 32 bits, with the finalizer of MurmurHash3). */
export function serviceColourIndex(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193) >>> 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % light.services.length;
}

/**
 * Patterns that distinguish services of one colour, in this order; the first is plain. None has rising lines alone, which would
 * look like the hatch.
 */
export const patterns = ['plain', 'falling', 'level', 'upright', 'crossed', 'squared', 'wide', 'steep'] as const;

/** One of the patterns. */
export type Pattern = (typeof patterns)[number];

/** A pattern for each of the names that share a stack: by colour, in order of name, regardless of rank. */
export function assignPatterns(names: readonly string[]): Map<string, Pattern> {
  const used = new Map<number, number>();
  const assigned = new Map<string, Pattern>();
  for (const name of [...names].sort()) {
    const colour = serviceColourIndex(name);
    const rank = used.get(colour) ?? 0;
    used.set(colour, rank + 1);
    assigned.set(name, patterns[rank % patterns.length] ?? 'plain');
  }
  return assigned;
}
