// Reads the words of a clean listing from its bytes. Clean is what ipvsadm(8) itself prints: words with blanks between them, numbers without
// leading zeros, addresses as inet_ntop(3) writes them. Anything else is `notClean`, and the careful reader (../listing) has to look at it.

import { putCounter, putLargeCounter } from '../../../model/table/counter-words.js';
import { forms, identityWords } from '../../../model/table/identity-words.js';
import { longestLine } from '../listing/listing.js';

/** Thrown where a listing is not clean. */
export const notClean = new Error('not clean');

const [lineEnd, blank, minus, dot, zero, nine, colon] = [10, 32, 45, 46, 48, 57, 58];
const [greater, bracket, bracketEnd] = [62, 91, 93];
const [upperA, upperF, lowerA, lowerF] = [65, 70, 97, 102];

/** As many digits as a double holds exactly. */
const maxDigits = 15;
const largestU64 = 2n ** 64n - 1n;

/** A place in the bytes of a listing, which the methods move behind what they read. */
export class LineScanner {
  readonly bytes: Buffer;
  at: number;
  readonly #parts = new Uint16Array(8);

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** The byte at an offset from here; 0 behind the end. */
  byte(offset = 0): number {
    return this.bytes[this.at + offset] ?? 0;
  }

  /** Skips one or more blanks. */
  blanks(): void {
    const { bytes } = this;
    let { at } = this;
    if (bytes[at] !== blank) throw notClean;
    do at += 1;
    while (bytes[at] === blank);
    this.at = at;
  }

  /** Skips blanks, if there are any. */
  optionalBlanks(): void {
    if (this.bytes[this.at] === blank) this.blanks();
  }

  /** Skips the rest of a line that began at `start`: blanks, and its end. */
  endLine(start: number): void {
    this.optionalBlanks();
    if (this.bytes[this.at] !== lineEnd || this.at - start > longestLine) throw notClean;
    this.at += 1;
  }

  /** Skips a word that ends with a blank. */
  word(expected: string): void {
    for (let i = 0; i < expected.length; i += 1) if (this.byte(i) !== expected.charCodeAt(i)) throw notClean;
    this.at += expected.length;
    this.blanks();
  }

  /** Skips the arrow before a real server, with the blanks around it. */
  arrow(): void {
    this.blanks();
    if (this.bytes[this.at] !== minus || this.bytes[this.at + 1] !== greater) throw notClean;
    this.at += 2;
    this.blanks();
  }

  /** Does the word from here on repeat the bytes from another place up to a blank? If so, it is skipped. */
  repeats(from: number, length: number): boolean {
    const { bytes, at } = this;
    for (let i = 0; i < length; i += 1) if (bytes[at + i] !== bytes[from + i]) return false;
    if (length === 0 || bytes[at + length] !== blank) return false;
    this.at = at + length;
    return true;
  }

  /** A whole number up to `largest` (below 2^50). */
  number(largest: number): number {
    const value = this.#digits();
    if (!(value <= largest)) throw notClean;
    return value;
  }

  /** A counter, written at `to`. */
  counter(words: Uint32Array, to: number): void {
    const start = this.at;
    const value = this.#digits();
    if (Number.isNaN(value)) putLargeCounter(words, to, largeCounter(this.bytes.toString('latin1', start, this.at)));
    else putCounter(words, to, value);
  }

  /** The value of one or more digits; NaN if they are more than a double holds exactly. */
  #digits(): number {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    let value = 0;
    let digit = (bytes[at] ?? 0) - zero;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      at += 1;
      digit = (bytes[at] ?? 0) - zero;
    }
    if (at === start || (bytes[start] === zero && at - start > 1)) throw notClean;
    this.at = at;
    return at - start > maxDigits ? Number.NaN : value;
  }

  /** `ADDRESS:PORT`, written as the identity of that row; `form` is the one of IPv4. */
  endpoint(identities: Uint32Array, row: number, form: number): void {
    const to = row * identityWords;
    const isIpv6 = this.byte() === bracket;
    if (isIpv6) this.#ipv6(identities, to);
    else this.#ipv4(identities, to);
    if (this.byte() !== colon) throw notClean;
    this.at += 1;
    identities[to + 4] = (form + (isIpv6 ? 1 : 0)) * 65536 + this.number(65535);
  }

  /** A firewall mark, which is unsigned but printed as signed, and its family; written as the identity of that row. */
  mark(identities: Uint32Array, row: number): void {
    const to = row * identityWords;
    const isNegative = this.byte() === minus;
    if (isNegative) this.at += 1;
    const value = this.number(isNegative ? 2 ** 31 : 2 ** 32 - 1);
    if (isNegative && value === 0) throw notClean;
    this.blanks();
    const isIpv6 = this.bytes.toString('latin1', this.at, this.at + 4) === 'IPv6';
    // Also where another word follows without a blank, or none: that is not clean.
    if (isIpv6) this.word('IPv6');
    identities.fill(0, to, to + 4);
    identities[to] = isNegative ? 2 ** 32 - value : value;
    identities[to + 4] = (forms.mark + (isIpv6 ? 1 : 0)) * 65536;
  }

  #ipv4(identities: Uint32Array, to: number): void {
    let value = this.number(255);
    for (let i = 0; i < 3; i += 1) {
      if (this.byte() !== dot) throw notClean;
      this.at += 1;
      value = value * 256 + this.number(255);
    }
    identities[to] = value;
    for (let i = 1; i < 4; i += 1) identities[to + i] = 0;
  }

  /** `[2001:db8::1]`: eight groups, or fewer with `::` for those that are zero. */
  #ipv6(identities: Uint32Array, to: number): void {
    const parts = this.#parts.fill(0);
    let count = 0;
    let gapAt = -1;
    this.at += 1;
    if (this.byte() === colon && this.byte(1) !== colon) throw notClean;
    while (this.byte() !== bracketEnd) {
      if (this.byte() === colon && this.byte(1) === colon && gapAt < 0) {
        gapAt = count;
        this.at += 2;
        continue;
      }
      if (count === 8) throw notClean;
      parts[count] = this.#group();
      count += 1;
      if (this.byte() === colon && this.byte(1) !== colon && this.byte(1) !== bracketEnd) this.at += 1;
      else if (this.byte() !== bracketEnd && this.byte() !== colon) throw notClean;
    }
    this.at += 1;
    // `::` for a single group is never printed.
    if (gapAt < 0 ? count !== 8 : count > 6) throw notClean;
    if (gapAt >= 0) {
      parts.copyWithin(gapAt + 8 - count, gapAt, count);
      parts.fill(0, gapAt, gapAt + 8 - count);
    }
    for (let i = 0; i < 4; i += 1) identities[to + i] = (parts[2 * i] ?? 0) * 65536 + (parts[2 * i + 1] ?? 0);
  }

  #group(): number {
    let value = 0;
    let digits = 0;
    for (; digits < 5; digits += 1) {
      const digit = hexDigit(this.byte());
      if (digit < 0) break;
      value = value * 16 + digit;
      this.at += 1;
    }
    if (digits === 0 || digits > 4) throw notClean;
    return value;
  }
}

function largeCounter(digits: string): bigint {
  const value = digits.length > 20 ? largestU64 + 1n : BigInt(digits);
  if (value > largestU64) throw notClean;
  return value;
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= nine;
}

function hexDigit(byte: number): number {
  if (isDigit(byte)) return byte - zero;
  if (byte >= lowerA && byte <= lowerF) return byte - lowerA + 10;
  return byte >= upperA && byte <= upperF ? byte - upperA + 10 : -1;
}
