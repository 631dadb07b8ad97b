// The colours of pictures, for light and for dark pages. In and out are blue and vermilion (Okabe and Ito, "Color Universal
// Design"). The members of a stack have twelve hues, like those of Observable 10 with neither its brown nor its grey, moved apart
// until any two of them differ for readers with protanopia or deuteranopia too, and each has a contrast of 3:1 against its card
// (WCAG 2.2, 1.4.11). Where two hues look alike, their lightness differs.

import type { Theme } from '../define/graph-request.js';

/** An area with its edge, the pale colour of its MAX band, and the colour of an area without an edge, as in a stack. */
export interface Ink {
  readonly fill: string;
  readonly edge: string;
  readonly band: string;
  readonly solid: string;
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
  /** The lines of a pattern over a member's colour. */
  readonly pattern: string;
  readonly inks: Readonly<Record<InkName, Ink>>;
  /** The hues of a stack's members: the same number in both themes, and about the same hue at each index. */
  readonly members: readonly string[];
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
  others: '#8d949e',
  fair: 'rgba(20,30,45,0.4)',
  pattern: 'rgba(255,255,255,0.7)',
  inks: {
    in: { fill: '#8fc0e6', edge: '#1f6fb2', band: '#dcebf7', solid: '#4a90cf' },
    out: { fill: '#f3c9a6', edge: '#c84a00', band: 'rgba(226,106,20,0.22)', solid: '#e0702a' },
    active: { fill: '#7cc4b2', edge: '#14806a', band: '#d9efe9', solid: '#2f9c86' },
    inactive: { fill: '#c9b3d8', edge: '#633086', band: '#eee6f3', solid: '#7d4aa3' },
    failed: { fill: '#e28a96', edge: '#a8142d', band: '#f7dde1', solid: '#c93a50' },
  },
  members: [
    '#9d062d',
    '#d1310a',
    '#e67206',
    '#3fa65e',
    '#00776b',
    '#0090c8',
    '#1a56f1',
    '#7b7cfb',
    '#795ab0',
    '#8800b5',
    '#79346f',
    '#d12a78',
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
  others: '#8b929c',
  fair: 'rgba(245,248,252,0.55)',
  pattern: 'rgba(0,0,0,0.6)',
  inks: {
    in: { fill: '#2d628f', edge: '#6db3ea', band: '#1f3347', solid: '#4f97d3' },
    out: { fill: '#7a4420', edge: '#ff9a52', band: 'rgba(255,154,82,0.25)', solid: '#e0702a' },
    active: { fill: '#256f60', edge: '#5cc7b0', band: '#1d3a35', solid: '#37a08a' },
    inactive: { fill: '#5f4775', edge: '#a86fd0', band: '#33293d', solid: '#8b5fb0' },
    failed: { fill: '#8a2f40', edge: '#f95c74', band: '#43222a', solid: '#d63c54' },
  },
  members: [
    '#db0710',
    '#fc5a6b',
    '#ec9409',
    '#56ea78',
    '#10cfa5',
    '#7ddbf8',
    '#1f8dfe',
    '#93a6fa',
    '#7143eb',
    '#b069cd',
    '#b714ad',
    '#a64d73',
  ],
};

/** The colours of a theme. */
export function coloursOf(theme: Theme): Colours {
  return theme === 'light' ? light : dark;
}
