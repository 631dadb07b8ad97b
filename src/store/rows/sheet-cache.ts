// Unpacked columns of kept rows. A page of all services reads the same thousand sheets for each of its graphs, and again after each cycle, while
// only the newest sheets change, once a day. To read and unpack one takes ten times as long as to copy its rows from here.
//
// A reader sees one moment of the database, so it must not find the sheets of another. A view therefore serves only until the next write of
// sheets begins, and one that is opened before that write has ended never does.

import type { Cf } from '../../model/archive.js';
import { isSheetKey } from '../layout/keys.js';
import type { Sheet } from '../packing/sheet.js';
import type { RowPart } from './cdp.js';

/** A hundred days of 2-hour rows of 200 services. */
const usualBytes = 20 * 2 ** 20;

/** Bytes of a kept sheet besides its rows, roughly. */
const emptyBytes = 400;

/** A sheet makes room for others when those were asked for this many times as often as there are sheets since it was used. */
const patience = 4;

/** The sheets that a reader may find. */
export interface SheetView {
  /** A sheet that has at least the rows of the `part`; null when it is not known. */
  find(key: Buffer, part: RowPart): Sheet | null;
  /** Keeps a copy of the rows of the `part`. */
  keep(key: Buffer, sheet: Sheet, part: RowPart): void;
}

interface KeptSheet extends Sheet {
  readonly bytes: number;
  lastUse: number;
}

/** Sheets, up to a limit. */
export class SheetCache {
  /** The one that was not used for the longest time comes first. */
  readonly #sheets = new Map<string, KeptSheet>();
  readonly #maxBytes: number;
  #bytes = 0;
  #uses = 0;
  /** Writes of sheets: those that have begun, and those that have not ended. */
  #begun = 0;
  #running = 0;

  constructor(maxBytes = usualBytes) {
    this.#maxBytes = maxBytes;
  }

  /** The sheets as they are now. */
  view(): SheetView {
    const begun = this.#running === 0 ? this.#begun : Number.NaN;
    return {
      find: (key, part) => (this.#begun === begun ? this.#find(textOf(key), part) : null),
      keep: (key, sheet, part) => {
        if (this.#begun === begun) this.#keep(textOf(key), sheet, part);
      },
    };
  }

  /** Performs a write of some keys, or, with null, of any; forgets the sheets that it changes. */
  async whileChanging<T>(keys: readonly Buffer[] | null, write: () => Promise<T>): Promise<T> {
    const changed = keys?.filter(isSheetKey).map(textOf) ?? [...this.#sheets.keys()];
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

  #find(text: string, part: RowPart): Sheet | null {
    const known = this.#sheets.get(text);
    if (known === undefined || !hasRows(known, part)) return null;
    this.#sheets.delete(text);
    this.#sheets.set(text, known);
    known.lastUse = this.#nextUse();
    return known;
  }

  #keep(text: string, sheet: Sheet, part: RowPart): void {
    const kept = { ...joined(this.#sheets.get(text), sheet, part), lastUse: this.#nextUse() };
    this.#forget(text);
    if (!this.#hasRoom(kept.bytes)) return;
    this.#sheets.set(text, kept);
    this.#bytes += kept.bytes;
  }

  /** Sheets that are read in turns, more than there is room for, would each be dropped just before its turn if all made room. */
  #hasRoom(bytes: number): boolean {
    for (const [text, { lastUse }] of this.#sheets) {
      if (this.#bytes + bytes <= this.#maxBytes) return true;
      if (this.#uses - lastUse <= patience * this.#sheets.size) return false;
      this.#forget(text);
    }
    return bytes <= this.#maxBytes;
  }

  #nextUse(): number {
    this.#uses += 1;
    return this.#uses;
  }

  #forget(text: string): void {
    this.#bytes -= this.#sheets.get(text)?.bytes ?? 0;
    this.#sheets.delete(text);
  }
}

function textOf(key: Buffer): string {
  return key.toString('latin1');
}

function hasRows({ rows }: Sheet, { cfs, columns }: RowPart): boolean {
  return cfs.every((cf) => columns.every((column) => (rows[cf][column] ?? none) !== none));
}

/** The rows of the part, and those that were known before. */
function joined(
  before: Sheet | undefined,
  { days, rows }: Sheet,
  { cfs, columns }: RowPart,
): Omit<KeptSheet, 'lastUse'> {
  let bytes = emptyBytes;
  const all = (cf: Cf): readonly Float64Array[] => {
    const joint = before?.rows[cf].slice() ?? [];
    if (cfs.includes(cf)) for (const column of columns) joint[column] = rows[cf][column]?.slice() ?? none;
    for (const column of joint) bytes += column?.byteLength ?? 0;
    return joint;
  };
  return { days, rows: { AVERAGE: all('AVERAGE'), MAX: all('MAX') }, bytes };
}

const none = new Float64Array();
