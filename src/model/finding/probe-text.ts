// Findings of probes in words. Their subject names the probe and the labels; the sentence has the value and the limit.

import type { FindingNumbers } from './finding.js';

/** The kinds, in the order of lists. */
export const probeFindingKinds = [
  'probe-failing',
  'probe-above',
  'probe-below',
  'probe-equal',
  'probe-unequal',
  'probe-changed',
] as const;

/** The kind of a finding of a probe. */
type ProbeFindingKind = (typeof probeFindingKinds)[number];

/** Titles of the kinds. */
export const probeTitles: Readonly<Record<ProbeFindingKind, string>> = {
  'probe-failing': 'probe failing',
  'probe-above': 'value too high',
  'probe-below': 'value too low',
  'probe-equal': 'wrong value',
  'probe-unequal': 'unexpected value',
  'probe-changed': 'value changed',
};

/** The sentence of each kind, without its subject. */
export const probeSentences: Readonly<
  Record<ProbeFindingKind, (finding: { readonly numbers: FindingNumbers }) => string>
> = {
  'probe-failing': ({ numbers }) => `the probe fails: ${numbers['text']}`,
  'probe-above': ({ numbers }) => `${figure(numbers, 'value')} is above ${figure(numbers, 'limit')}`,
  'probe-below': ({ numbers }) => `${figure(numbers, 'value')} is below ${figure(numbers, 'limit')}`,
  'probe-equal': ({ numbers }) => `the value is ${figure(numbers, 'value')}`,
  'probe-unequal': ({ numbers }) => `the value is ${figure(numbers, 'value')}, not ${figure(numbers, 'limit')}`,
  'probe-changed': ({ numbers }) =>
    `the value changed from ${figure(numbers, 'before')} to ${figure(numbers, 'value')}`,
};

/** As many digits as there are, up to nine behind the point. */
function figure(numbers: FindingNumbers, name: string): string {
  return Number(numbers[name]).toLocaleString('en-US', { maximumFractionDigits: 9 });
}
