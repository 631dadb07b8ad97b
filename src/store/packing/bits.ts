// Reads and writes bits within bytes, most significant first; the column code is written with it. At most 53 bits at a time.

/** Bytes that a reader may look at behind the last bit. */
const spareBytes = 4;
/** Bits that a 32-bit word is sure to hold, starting at any bit of its first byte. */
const sureBits = 25;
const twoToSureBits = 2 ** sureBits;

/** Collects bits; grows as needed. */
export class BitWriter {
  #bytes = new Uint8Array(2048);
  #length = 0;
  /** Pending bits, fewer than four bytes, at the top of a word; and how many more fit. */
  #word = 0;
  #free = 32;

  /** Appends the low `count` bits (0 to 53) of a non-negative integer. */
  write(value: number, count: number): void {
    if (count > sureBits) {
      this.write(Math.floor(value / twoToSureBits), count - sureBits);
      this.#writeFew(value % twoToSureBits, sureBits);
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

  /** The number of bits so far. */
  get length(): number {
    return 8 * this.#length + 32 - this.#free;
  }

  /** Appends all bits of another writer, and finishes that. */
  append(other: BitWriter): void {
    const count = other.length;
    const bits = new BitReader(other.finish());
    for (let left = count; left > 0; left -= sureBits) {
      const few = Math.min(sureBits, left);
      this.#writeFew(bits.read(few), few);
    }
  }

  /** The bytes; unused bits of the last one are 0. */
  finish(): Uint8Array {
    const used = this.#length + Math.ceil((32 - this.#free) / 8);
    this.#flush();
    return this.#bytes.slice(0, used);
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

/** A Golomb-Rice code: the bits below the unary rest, and the ones after which a code stands as it is. */
export interface RiceCode {
  readonly k: number;
  readonly escapeOnes: number;
}

/** Reads bits. Throws a `RangeError` some bytes past the end. */
export class BitReader {
  readonly #bytes: DataView;
  #at = 0;

  /** Values out of the database lie in a larger buffer, before their checksum, so they need not be copied for the spare bytes. */
  constructor(bytes: Uint8Array) {
    const { buffer, byteOffset, byteLength } = bytes;
    const length = byteLength + spareBytes;
    if (byteOffset + length <= buffer.byteLength) this.#bytes = new DataView(buffer, byteOffset, length);
    else {
      const longer = new Uint8Array(length);
      longer.set(bytes);
      this.#bytes = new DataView(longer.buffer);
    }
  }

  /** The number of bits read so far. */
  get at(): number {
    return this.#at;
  }

  /** Goes to a bit, counted from the start. */
  seek(at: number): void {
    this.#at = at;
  }

  /** The next `count` bits (0 to 53) as an integer. */
  read(count: number): number {
    if (count > sureBits) {
      const high = this.read(count - sureBits);
      return high * twoToSureBits + this.#readFew(sureBits);
    }
    return count === 0 ? 0 : this.#readFew(count);
  }

  /** The number of ones before the next zero. */
  readUnary(): number {
    let count = 0;
    for (;;) {
      const ones = Math.clz32(~this.#word());
      if (ones < sureBits) {
        this.#at += ones + 1;
        return count + ones;
      }
      count += sureBits;
      this.#at += sureBits;
    }
  }

  /**
   * Fills `codes`, from one index on, with Golomb-Rice codes: `k` low bits after the rest in unary, or 53 bits after `escapeOnes` ones. One
   * loop, because much of the time of a query is spent here.
   */
  readRice(codes: Float64Array, from: number, { k, escapeOnes }: RiceCode): void {
    const bytes = this.#bytes;
    const unit = 2 ** k;
    let at = this.#at;
    for (let i = from; i < codes.length; i += 1) {
      const word = bytes.getInt32(at >>> 3) << (at & 7);
      const ones = Math.clz32(~word);
      if (ones + 1 + k <= sureBits && ones < escapeOnes) {
        codes[i] = k === 0 ? ones : ones * unit + ((word << (ones + 1)) >>> (32 - k));
        at += ones + 1 + k;
      } else if (ones < escapeOnes && k > sureBits && k <= 2 * sureBits) {
        at += ones + 1;
        const high = (bytes.getInt32(at >>> 3) << (at & 7)) >>> (32 + sureBits - k);
        at += k - sureBits;
        codes[i] = ones * unit + high * twoToSureBits + ((bytes.getInt32(at >>> 3) << (at & 7)) >>> (32 - sureBits));
        at += sureBits;
      } else {
        this.#at = at;
        const rest = this.readUnary();
        codes[i] = rest >= escapeOnes ? this.read(53) : rest * unit + this.read(k);
        at = this.#at;
      }
    }
    this.#at = at;
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
