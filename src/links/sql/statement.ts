// A prepared statement of SQLite, and the way of texts into and out of its memory. The size of a value is known before it is copied.
// https://www.sqlite.org/c3ref/column_blob.html

import type { SqliteModule } from 'sql.js';

/** Result codes and types of columns (sqlite3.h). */
const [noMemory, row] = [7, 100];
const types = { integer: 1, real: 2, text: 3, blob: 4 } as const;
/** The text is copied at once. */
const transient = -1;

/** An error of SQLite: its code, and its message. */
export class SqliteError extends Error {
  readonly result: number;

  constructor(result: number, message: string) {
    super(message);
    this.result = result;
  }
}

/** A value as SQLite has it; an integer is its digits if it is beyond 2^53. */
export type SqliteValue = null | number | string | Uint8Array;

/** The means of a statement. */
export interface StatementParts {
  readonly c: SqliteModule;
  readonly memory: WebAssembly.Memory;
  readonly statement: number;
  /** Throws a `SqliteError` for a result that is one. */
  readonly check: (result: number) => void;
}

/** A prepared statement. */
export class Statement {
  readonly #c: SqliteModule;
  readonly #memory: WebAssembly.Memory;
  readonly #statement: number;
  readonly #check: (result: number) => void;

  constructor({ c, memory, statement, check }: StatementParts) {
    this.#c = c;
    this.#memory = memory;
    this.#statement = statement;
    this.#check = check;
  }

  /** Binds all parameters, runs the statement, and makes it ready for the next ones. NaN is NULL. */
  runWith(values: readonly (string | number | null)[]): void {
    const [c, statement] = [this.#c, this.#statement];
    for (const [i, value] of values.entries()) {
      if (typeof value !== 'string') {
        this.#check(c._sqlite3_bind_double(statement, i + 1, value ?? Number.NaN));
        continue;
      }
      const { at, length } = copyIn(c, this.#memory, value);
      this.#check(c._sqlite3_bind_text(statement, i + 1, at, length, transient));
      c._free(at);
    }
    this.#check(c._sqlite3_step(statement));
    this.#check(c._sqlite3_reset(statement));
  }

  /** Goes to the next row; false after the last. */
  step(): boolean {
    const result = this.#c._sqlite3_step(this.#statement);
    this.#check(result);
    return result === row;
  }

  /** The names of its columns; none if it has no result. */
  columns(): string[] {
    const count = this.#c._sqlite3_column_count(this.#statement);
    return Array.from({ length: count }, (_, i) =>
      textAt(this.#memory, this.#c._sqlite3_column_name(this.#statement, i)),
    );
  }

  /** Bytes of a value of the current row, before it is copied. */
  bytesOf(column: number): number {
    const type = this.#c._sqlite3_column_type(this.#statement, column);
    return type === types.text || type === types.blob ? this.#c._sqlite3_column_bytes(this.#statement, column) : 8;
  }

  /** A value of the current row. Throws a `SqliteError` if the memory is exhausted. */
  valueOf(column: number): SqliteValue {
    const [c, statement] = [this.#c, this.#statement];
    const type = c._sqlite3_column_type(statement, column);
    if (type === types.real) return c._sqlite3_column_double(statement, column);
    if (type === types.blob) return this.#view(c._sqlite3_column_blob(statement, column), column).slice();
    if (type === types.integer) {
      const value = c._sqlite3_column_double(statement, column);
      if (Number.isSafeInteger(value)) return value;
    } else if (type !== types.text) return null;
    return decoder.decode(this.#view(c._sqlite3_column_text(statement, column), column));
  }

  end(): void {
    this.#c._sqlite3_finalize(this.#statement);
  }

  /** The bytes of a value at a place, until the next call of SQLite. */
  #view(at: number, column: number): Uint8Array {
    const length = this.#c._sqlite3_column_bytes(this.#statement, column);
    if (at === 0 && length > 0) throw new SqliteError(noMemory, 'out of memory');
    return new Uint8Array(this.#memory.buffer, at, length);
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text at a place, up to its NUL. */
export function textAt(memory: WebAssembly.Memory, at: number): string {
  const bytes = new Uint8Array(memory.buffer);
  return decoder.decode(bytes.subarray(at, bytes.indexOf(0, at)));
}

/** Copies a text into the memory, with a NUL at its end; the caller frees it. Throws a `SqliteError`. */
export function copyIn(
  c: SqliteModule,
  memory: WebAssembly.Memory,
  text: string,
): { readonly at: number; readonly length: number } {
  const most = 3 * text.length;
  const at = c._malloc(most + 1);
  if (at === 0) throw new SqliteError(noMemory, 'out of memory');
  const target = new Uint8Array(memory.buffer, at, most + 1);
  const { written } = encoder.encodeInto(text, target);
  target[written] = 0;
  return { at, length: written };
}
