// Reads and writes bits within bytes, most significant first; the column code is written with it. At most 53 bits at a time. A reader needs
// four spare bytes after the last bit; `BitWriter.finish` leaves them.

const spareBytes = 4;
/** Bits that a 32-bit word is sure to hold, starting at any bit of its first byte. */
const most = 25;
const twoToMost = 2 ** most;

/** Collects bits; grows as needed. */
export class BitWriter {
  #bytes = new Uint8Array(2048);
  #length = 0;
  /** Pending bits, fewer than four bytes, at the top of a word; and how many more fit. */
  #word = 0;
  #free = 32;

  /** Appends the low `count` bits (0 to 53) of a non-negative integer. */
  write(value: number, count: number): void {
    if (count > most) {
      this.write(Math.floor(value / twoToMost), count - most);
      this.#writeFew(value % twoToMost, most);
    } else if (count > 0) {
      this.#writeFew(value, count);
    }
  }

  /** Appends `count` ones and a zero. */
  writeUnary(count: number): void {
    let left = count;
    for (; left >= 24; left -= 24) this.#writeFew(0xffffff, 24);
    this.#writeFew((1 << (left + 1)) - 2, left + 1);
  }

  /** The bytes, including the spare ones that a reader needs. */
  finish(): Uint8Array {
    const used = this.#length + Math.ceil((32 - this.#free) / 8);
    this.#flush();
    return this.#bytes.slice(0, used + spareBytes);
  }

  #writeFew(value: number, count: number): void {
    const free = this.#free;
    if (count < free) {
      this.#word |= value << (free - count);
      this.#free = free - count;
      return;
    }
    const over = count - free;
    this.#word |= value >>> over;
    this.#flush();
    this.#free = 32 - over;
    this.#word = over === 0 ? 0 : value << (32 - over);
  }

  #flush(): void {
    const at = this.#length;
    if (at + 4 + spareBytes > this.#bytes.length) {
      const bytes = new Uint8Array(this.#bytes.length * 2);
      bytes.set(this.#bytes);
      this.#bytes = bytes;
    }
    this.#bytes[at] = this.#word >>> 24;
    this.#bytes[at + 1] = (this.#word >>> 16) & 0xff;
    this.#bytes[at + 2] = (this.#word >>> 8) & 0xff;
    this.#bytes[at + 3] = this.#word & 0xff;
    this.#length = at + 4;
  }
}

/** Reads bits. Throws a `RangeError` past the spare bytes after the end. */
export class BitReader {
  readonly #bytes: DataView;
  #at = 0;

  constructor({ buffer, byteOffset, byteLength }: Uint8Array) {
    this.#bytes = new DataView(buffer, byteOffset, byteLength);
  }

  /** The next `count` bits (0 to 53) as an integer. */
  read(count: number): number {
    if (count > most) {
      const high = this.read(count - most);
      return high * twoToMost + this.#readFew(most);
    }
    return count === 0 ? 0 : this.#readFew(count);
  }

  /** The number of ones before the next zero. */
  readUnary(): number {
    let count = 0;
    for (;;) {
      const ones = Math.clz32(~this.#word());
      if (ones < most) {
        this.#at += ones + 1;
        return count + ones;
      }
      count += most;
      this.#at += most;
    }
  }

  #readFew(count: number): number {
    const value = this.#word() >>> (32 - count);
    this.#at += count;
    return value;
  }

  /** At least 25 valid bits from the current position, at the top of a 32-bit word. */
  #word(): number {
    return this.#bytes.getInt32(this.#at >>> 3) << (this.#at & 7);
  }
}
