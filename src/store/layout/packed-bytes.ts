// Bytes as recent readings have them: LEB128 numbers, and values that are integers nearly always (docs/format.md, "Recent readings").

const doubleView = new DataView(new ArrayBuffer(8));
const doubleBytes = new Uint8Array(doubleView.buffer);
const largestPlain = 2 ** 52;

/** An output buffer that grows as needed. */
export class PackedOutput {
  #bytes: Uint8Array;
  length = 0;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.length] = value;
    this.length += 1;
  }

  /** Seven bits per byte, low ones first; the high bit is set when more follow (LEB128). */
  varint(value: number): void {
    let left = value;
    this.#reserve(8);
    while (left >= 0x80) {
      this.#bytes[this.length] = (left % 0x80) | 0x80;
      this.length += 1;
      left = left > 0x7fffffff ? Math.floor(left / 0x80) : left >>> 7;
    }
    this.#bytes[this.length] = left;
    this.length += 1;
  }

  value(value: number): void {
    if (Number.isNaN(value)) this.varint(0);
    else if (Number.isInteger(value) && value >= 0 && value <= largestPlain && !Object.is(value, -0))
      this.varint(value + 2);
    else {
      this.varint(1);
      doubleView.setFloat64(0, value);
      this.#reserve(8);
      for (let i = 0; i < 8; i += 1) this.#bytes[this.length + i] = doubleBytes[i] ?? 0;
      this.length += 8;
    }
  }

  /** Appends another output, behind its length. */
  entry(other: PackedOutput): void {
    this.varint(other.length);
    this.#reserve(other.length);
    for (let i = 0; i < other.length; i += 1) this.#bytes[this.length + i] = other.#bytes[i] ?? 0;
    this.length += other.length;
  }

  #reserve(count: number): void {
    if (this.length + count <= this.#bytes.length) return;
    const bytes = new Uint8Array(2 * this.#bytes.length + count);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

/** An input buffer; throws a `RangeError` past the end. */
export class PackedInput {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.at];
    if (value === undefined) throw new RangeError('the record of readings is cut off');
    this.at += 1;
    return value;
  }

  varint(): number {
    let value = 0;
    let unit = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
      unit *= 0x80;
    }
  }

  value(): number {
    const code = this.varint();
    if (code === 0) return Number.NaN;
    if (code > 1) return code - 2;
    for (let i = 0; i < 8; i += 1) doubleView.setUint8(i, this.byte());
    return doubleView.getFloat64(0);
  }
}
