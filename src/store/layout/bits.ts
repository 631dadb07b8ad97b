// Bits in and out of bytes, most significant first: what the column code is written with.
// Up to 53 bits at a time; a reader needs four spare bytes behind the last bit, which `BitWriter.finish` leaves.

const spareBytes = 4;
/** Bits that a 32-bit word surely holds, from any bit of its first byte on. */
const most = 25;
const twoToMost = 2 ** most;

/** Collects bits; grows as needed. */
export class BitWriter {
  #bytes = new Uint8Array(2048);
  #length = 0;
  /** Bits that do not make four bytes yet, at the top of a word, and how many more fit. */
  #word = 0;
  #free = 32;

  /** Appends the low `count` bits of a non-negative integer, 0 to 53 of them. */
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

  /** The bytes, with the spare ones a reader needs. */
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

/** Reads bits. Throws a `RangeError` where it runs past the spare bytes behind the end. */
export class BitReader {
  readonly #bytes: DataView;
  #at = 0;

  constructor({ buffer, byteOffset, byteLength }: Uint8Array) {
    this.#bytes = new DataView(buffer, byteOffset, byteLength);
  }

  /** The next `count` bits as an integer, 0 to 53 of them. */
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

  /** At least 25 valid bits from here, at the top of a 32-bit word. */
  #word(): number {
    return this.#bytes.getInt32(this.#at >>> 3) << (this.#at & 7);
  }
}
