// The numbers that ipvsadm(8) prints: `%llu` counters with --exact, `%u` connections, `%d` weights and marks. Plain decimal digits and
// nothing else, so that no number is ever misread.

import { quote } from '../../collect-error.js';
import { LineProblem } from './listing.js';

const largestU64 = 2n ** 64n - 1n;

/** A counter, 0 to 18446744073709551615, exactly. Throws a `LineProblem`. */
export function parseCounter(word: string): bigint {
  if (word.length <= 15) return BigInt(parseDigits(word));
  const value = /^[1-9]\d{15,19}$/.test(word) ? BigInt(word) : null;
  if (value === null || value > largestU64) throw notCounted(word);
  return value;
}

/** A whole number up to `largest` (below 2^53), which messages call `what`. Throws a `LineProblem`. */
export function parseWhole(word: string, largest: number, what: string): number {
  const value = word.length <= 15 ? parseDigits(word) : Number.POSITIVE_INFINITY;
  if (value > largest) throw new LineProblem(`${what} is at most ${largest}, found ${quote(word)}`);
  return value;
}

/** The value of at most 15 digits, which a double holds exactly. */
function parseDigits(word: string): number {
  if (word.length > 1 && word.startsWith('0')) throw notCounted(word);
  let value = 0;
  for (let index = 0; index < word.length; index++) {
    const digit = word.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) throw notCounted(word);
    value = value * 10 + digit;
  }
  return value;
}

function notCounted(word: string): LineProblem {
  if (/^\d+[KMGT]$/.test(word)) {
    return new LineProblem(`${quote(word)} is a rounded number: the listing was made without --exact`);
  }
  if (/^[1-9]\d*$/.test(word)) return new LineProblem(`${word} is more than a 64-bit counter can hold`);
  return new LineProblem(`expected a whole number, found ${quote(word)}`);
}
