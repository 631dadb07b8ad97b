// A length of time as Prometheus writes it, as the value of an option: `500ms`, `15s`, `1m`, `1m30s`.

import { InvalidArgumentError } from 'commander';

const unitsS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** A parser to seconds, between two limits. */
export function durationOption(
  { leastS, mostS }: { readonly leastS: number; readonly mostS: number },
  limits: string,
): (text: string) => number {
  return (text) => {
    if (!/^(\d{1,6}(ms|s|m|h))+$/.test(text)) throw new InvalidArgumentError('Write a time such as 15s or 1m30s.');
    let seconds = 0;
    for (const [, count, unit] of text.matchAll(/(\d+)(ms|s|m|h)/g))
      seconds += Number(count) * (unitsS[unit ?? ''] ?? 0);
    if (seconds < leastS || seconds > mostS) throw new InvalidArgumentError(limits);
    return seconds;
  };
}
