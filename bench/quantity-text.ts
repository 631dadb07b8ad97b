// Figures as text: three significant digits, in the unit that a person would choose.

import type { Unit } from './comparison.js';
import type { Spread } from './statistics.js';

/** `4.07 ms`, `1.35 s`, `561,905 bytes`, `628 MiB`. */
export function formatQuantity(value: number, unit: Unit): string {
  if (Number.isNaN(value)) return '–';
  if (unit === 'bytes')
    return value < 2 ** 24 ? `${Math.round(value).toLocaleString('en')} bytes` : `${threeDigits(value / 2 ** 20)} MiB`;
  const ms = unit === 's' ? value * 1000 : value;
  return ms < 1000 ? `${threeDigits(ms)} ms` : `${threeDigits(ms / 1000)} s`;
}

/** `23.8× (8.90 to 37.4)`; values below 1 are worse than the peer. */
export function formatTimes({ median, low, high }: Spread): string {
  if (Number.isNaN(median)) return '–';
  const isOne = low === high;
  return `${threeDigits(median)}×${isOne ? '' : ` (${threeDigits(low)} to ${threeDigits(high)})`}`;
}

/** A quantity and its spread, in the unit of the median. */
export function formatSpread({ median, low, high }: Spread, unit: Unit): string {
  if (low === high) return formatQuantity(median, unit);
  return `${formatQuantity(median, unit)} (${formatQuantity(low, unit)} to ${formatQuantity(high, unit)})`;
}

function threeDigits(value: number): string {
  const whole = Math.max(1, Math.floor(Math.log10(Math.abs(value) || 1)) + 1);
  const digits = value < 1 ? 2 : Math.max(0, 3 - whole);
  return Number(value.toFixed(digits)).toLocaleString('en', { minimumFractionDigits: digits });
}
