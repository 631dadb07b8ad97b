// Arrays for columns while they are unpacked. A query unpacks thousands of columns, of some hundred values each, and copies from them at once: to
// allocate and collect the arrays would take as long as to fill them.

/** Provides arrays whose values are to be overwritten. */
export interface Room {
  take(count: number): Float64Array;
}

/** Arrays of their own, for whoever keeps them. */
export const freshRoom: Room = { take: (count) => new Float64Array(count) };

/** Arrays that are used again after each `clear`. */
export class ReusedRoom implements Room {
  readonly #arrays: Float64Array[] = [];
  #taken = 0;

  take(count: number): Float64Array {
    let array = this.#arrays[this.#taken];
    if (array === undefined || array.length < count) {
      array = new Float64Array(count);
      this.#arrays[this.#taken] = array;
    }
    this.#taken += 1;
    return array.length === count ? array : array.subarray(0, count);
  }

  /** Takes all arrays back. */
  clear(): void {
    this.#taken = 0;
  }
}
