// Findings of traffic against the usual week, in words: the rate that is off, what is usual, and the numbers that tell the shape.

import type { FindingNumbers } from './finding.js';

/** A collapse: "outgoing traffic 1.2 M bit/s, usually 20 M at this hour". */
export function collapseText(numbers: FindingNumbers): string {
  if ('services' in numbers)
    return `the traffic of ${manyText(numbers)} collapsed against their usual week: a failover?`;
  return usualText(numbers);
}

/** A surge, with its shape. */
export function surgeText(numbers: FindingNumbers): string {
  if ('services' in numbers) return `the traffic of ${manyText(numbers)} surged against their usual week: a failover?`;
  return `${shapes[String(numbers['shape'])] ?? 'unlike its usual week'}: ${usualText(numbers)}${evidence(numbers)}`;
}

function usualText(numbers: FindingNumbers): string {
  return `${rateText(numbers)}, usually ${figure(numbers, 'usual')} at this hour`;
}

/** The shapes of surges. */
const shapes: Readonly<Record<string, string>> = {
  'syn-flood': 'looks like a SYN flood',
  'small-packets': 'looks like a flood of small packets',
  'large-packets': 'looks like a flood of large packets',
  crowd: 'looks like a crowd of users',
  bulk: 'looks like a bulk transfer',
};

const rates: Readonly<Record<string, readonly [name: string, scale: number, unit: string]>> = {
  Conns: ['new connections', 1, 'per second'],
  InPkts: ['incoming packets', 1, 'per second'],
  InBytes: ['incoming traffic', 8, 'bit/s'],
  OutBytes: ['outgoing traffic', 8, 'bit/s'],
};

/** The rate that is off: "412 new connections per second". */
function rateText(numbers: FindingNumbers): string {
  const [name, , unit] = rates[String(numbers['rate'])] ?? ['', 1, ''];
  return unit === 'bit/s' ? `${name} ${figure(numbers, 'now')} ${unit}` : `${figure(numbers, 'now')} ${name} ${unit}`;
}

function figure(numbers: FindingNumbers, name: string): string {
  const [, scale] = rates[String(numbers['rate'])] ?? ['', 1];
  return shortFigure(Number(numbers[name] ?? Number.NaN) * scale);
}

/** The numbers that tell the shape of a surge. */
function evidence(numbers: FindingNumbers): string {
  const parts = [
    ['packets a connection', 'packetsPerConn', 'usualPacketsPerConn'],
    ['bytes a packet', 'bytesPerPacket', 'usualBytesPerPacket'],
  ].flatMap(([words, now = '', usual = '']) => {
    const [a, b] = [Number(numbers[now] ?? Number.NaN), Number(numbers[usual] ?? Number.NaN)];
    return Number.isNaN(a) || Number.isNaN(b) ? [] : [`${shortFigure(a)} ${words} (usually ${shortFigure(b)})`];
  });
  return parts.length === 0 ? '' : `; ${parts.join(', ')}`;
}

function manyText(numbers: FindingNumbers): string {
  return `${numbers['services']} of ${numbers['of']} services`;
}

/** Three significant digits, with a prefix. */
function shortFigure(value: number): string {
  const [factor, prefix] = prefixes.find(([least]) => value >= least) ?? [1, ''];
  return `${Number((value / factor).toPrecision(3))}${prefix}`;
}

const prefixes = [
  [1e12, ' T'],
  [1e9, ' G'],
  [1e6, ' M'],
  [1e3, ' k'],
] as const;
