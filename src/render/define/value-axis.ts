// The vertical axis: it contains zero, and its few ticks are 1, 2 or 5 times a power of ten. The director's stacks go below zero (out);
// their labels are amounts too, so they have no sign. So may the value of a probe, whose labels have one.

import { formatTicks } from '../look/si-format.js';

/** A vertical axis: its ends, and its lines with their labels, lowest first. */
export interface ValueAxis {
  readonly minimum: number;
  readonly maximum: number;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
}

const headroom = 1.04;
const maxSteps = 6;
const minStepPx = 26;
const minLines = 3;

/**
 * The axis for values from `lowest` (0 or less) to `highest`; if all are zero it has only the zero line, since it has no scale.
 * With values on both sides of zero, each side is at least one step high, so that it has a line with an amount.
 */
export function valueAxis(lowest: number, highest: number, heightPx: number): ValueAxis {
  if (!(highest > lowest)) return { minimum: 0, maximum: 1, ticks: [{ value: 0, text: '0' }] };
  const isBoth = lowest < 0 && highest > 0;
  let steps = Math.min(maxSteps, Math.max(2, Math.floor(heightPx / minStepPx)));
  let axis = axisOf(lowest, highest, { steps, isBoth });
  while (axis.values.length < minLines) axis = axisOf(lowest, highest, { steps: ++steps, isBoth });
  const texts = formatTicks(axis.values, axis.step);
  const ticks = axis.values.map((value, index) => ({ value, text: texts[index] ?? '' }));
  return { minimum: axis.minimum, maximum: axis.maximum, ticks };
}

/** The axis of values that may be below zero, as of a probe: these labels have a sign. */
export function withSigns(axis: ValueAxis): ValueAxis {
  return { ...axis, ticks: axis.ticks.map(({ value, text }) => ({ value, text: value < 0 ? `-${text}` : text })) };
}

interface Steps {
  readonly steps: number;
  readonly isBoth: boolean;
}

function axisOf(lowest: number, highest: number, { steps, isBoth }: Steps) {
  const ends = [Math.min(0, lowest), Math.max(0, highest)].map((end) => end * headroom);
  const [low = 0, high = 0] = ends;
  const step = niceStep((high - low) / steps);
  const least = step * headroom;
  const [minimum, maximum] = isBoth ? [Math.min(low, -least), Math.max(high, least)] : [low, high];
  return { step, minimum, maximum, values: multiples(step, minimum, maximum) };
}

function multiples(step: number, minimum: number, maximum: number): number[] {
  const first = Math.ceil(minimum / step - 1e-9);
  const last = Math.floor(maximum / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step || 0);
}

/** The smallest of 1, 2 and 5 times a power of ten that is not below `least` (above zero). */
export function niceStep(least: number): number {
  const power = Math.floor(Math.log10(least) + 1e-12);
  const mantissa = [1, 2, 5].find((candidate) => candidate >= (least / 10 ** power) * (1 - 1e-9)) ?? 10;
  return power < 0 ? mantissa / 10 ** -power : mantissa * 10 ** power;
}
