// Unpacked records: columns of kept rows and of sealed readings. A page of all services reads the same thousand sheets for each of its graphs, and
// again after each cycle, while only the newest ones change, once a day. To read and unpack one takes ten times as long as to copy its rows from
// here.
//
// A reader sees one moment of the database, so it must not find the records of another. A view therefore serves only until the next write of such
// records begins, and one that is opened before that write has ended never does.

/** A kind of record; a part of one is what a query needs of it. */
export interface UnpackedForm<T, P> {
  readonly isKey: (key: Buffer) => boolean;
  readonly hasPart: (record: T, part: P) => boolean;
  /** A copy of a record that was unpacked to the `part`, with what was known of it before. */
  readonly joined: (before: T | undefined, record: T, part: P) => T;
  readonly bytesOf: (record: T) => number;
  /** Bytes of the `part` alone, copied. */
  readonly partBytes: (record: T, part: P) => number;
}

/** The records that a reader may find. */
export interface UnpackedView<T, P> {
  /** A record that has at least the `part`; null when it is not known. Nobody may change its arrays. */
  find(key: Buffer, part: P): T | null;
  /** Keeps a copy of the `part`. */
  keep(key: Buffer, record: T, part: P): void;
}

interface KeptRecord<T> {
  readonly record: T;
  readonly bytes: number;
  lastUse: number;
}

/** A record makes room for others when those were asked for this many times as often as there are records since it was used. */
const patience = 4;

/** Records of a kind, up to a limit. */
export class UnpackedCache<T, P> {
  /** The one that was not used for the longest time comes first. */
  readonly #records = new Map<string, KeptRecord<T>>();
  readonly #form: UnpackedForm<T, P>;
  readonly #maxBytes: number;
  #bytes = 0;
  #uses = 0;
  /** Writes of these records: those that have begun, and those that have not ended. */
  #begun = 0;
  #running = 0;

  constructor(form: UnpackedForm<T, P>, maxBytes: number) {
    this.#form = form;
    this.#maxBytes = maxBytes;
  }

  /** The records as they are now. */
  view(): UnpackedView<T, P> {
    const begun = this.#running === 0 ? this.#begun : Number.NaN;
    return {
      find: (key, part) => (this.#begun === begun ? this.#find(textOf(key), part) : null),
      keep: (key, record, part) => {
        if (this.#begun === begun) this.#keep(textOf(key), record, part);
      },
    };
  }

  /** Performs a write of some keys, or, with null, of any; forgets the records that it changes. */
  async whileChanging<R>(keys: readonly Buffer[] | null, write: () => Promise<R>): Promise<R> {
    const changed = keys?.filter(this.#form.isKey).map(textOf) ?? [...this.#records.keys()];
    if (keys !== null && changed.length === 0) return write();
    this.#begun += 1;
    this.#running += 1;
    for (const text of changed) this.#forget(text);
    try {
      return await write();
    } finally {
      this.#running -= 1;
    }
  }

  #find(text: string, part: P): T | null {
    const known = this.#records.get(text);
    if (known === undefined || !this.#form.hasPart(known.record, part)) return null;
    this.#records.delete(text);
    this.#records.set(text, known);
    known.lastUse = this.#nextUse();
    return known.record;
  }

  #keep(text: string, own: T, part: P): void {
    const before = this.#records.get(text)?.record;
    const lastUse = this.#nextUse();
    this.#forget(text);
    // A copy of the part takes at least as many bytes as the part; without room for these, none is made.
    if (!this.#hasRoom(this.#form.partBytes(own, part))) return;
    const record = this.#form.joined(before, own, part);
    const bytes = this.#form.bytesOf(record);
    if (!this.#hasRoom(bytes)) return;
    this.#records.set(text, { record, bytes, lastUse });
    this.#bytes += bytes;
  }

  /** Records that are read in turns, more than there is room for, would each be dropped just before its turn if all made room. */
  #hasRoom(bytes: number): boolean {
    for (const [text, { lastUse }] of this.#records) {
      if (this.#bytes + bytes <= this.#maxBytes) return true;
      if (this.#uses - lastUse <= patience * this.#records.size) return false;
      this.#forget(text);
    }
    return bytes <= this.#maxBytes;
  }

  #nextUse(): number {
    this.#uses += 1;
    return this.#uses;
  }

  #forget(text: string): void {
    this.#bytes -= this.#records.get(text)?.bytes ?? 0;
    this.#records.delete(text);
  }
}

function textOf(key: Buffer): string {
  return key.toString('latin1');
}
