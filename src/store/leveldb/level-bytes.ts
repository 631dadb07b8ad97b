// LevelDB's encoding of numbers and strings in its files (util/coding.cc): varints, seven bits per byte, lowest first; strings after their
// length. Bytes from a disk may be anything: invalid ones throw a `DamagedFile`.

/** A file of the database whose bytes are not those that were written. */
export class DamagedFile extends RangeError {}

/** Reads bytes from beginning to end. Throws a `DamagedFile` when they end too early. */
export class LevelBytes {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** An integer, exact up to 2^53; no file size or file number is larger. */
  varint(): number {
    let value = 0;
    for (let unit = 1; unit <= 2 ** 63; unit *= 128) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) break;
      this.#at += 1;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
    }
    throw new DamagedFile('a number is cut off');
  }

  take(count: number): Buffer {
    const taken = this.#bytes.subarray(this.#at, this.#at + count);
    if (taken.length < count) throw new DamagedFile('a string is cut off');
    this.#at += count;
    return taken;
  }

  /** A string, after its length. */
  string(): Buffer {
    return this.take(this.varint());
  }
}

/** An integer as a varint. */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return Buffer.from([...bytes, left]);
}
