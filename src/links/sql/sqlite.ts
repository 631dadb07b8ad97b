// An empty database of SQLite in memory, through the C functions that sql.js exports. Its own classes copy a whole row before its size is known,
// and ignore all statements but the first.
// https://www.sqlite.org/c3ref/intro.html

import initSqlJs, { type SqliteModule } from 'sql.js';
import { copyIn, SqliteError, Statement, textAt } from './statement.js';

/** Result codes (sqlite3.h). */
const [ok, row, done] = [0, 100, 101];

/** A database. */
export class Sqlite {
  readonly #c: SqliteModule;
  readonly #memory: WebAssembly.Memory;
  readonly #database: number;
  /** Two pointers, for results of functions. */
  readonly #out: number;

  private constructor(c: SqliteModule, memory: WebAssembly.Memory) {
    this.#c = c;
    this.#memory = memory;
    this.#out = c._malloc(8);
    const name = this.#place(':memory:');
    const result = c._sqlite3_open(name, this.#out);
    this.#database = this.#pointerAt(this.#out);
    c._free(name);
    this.#check(result);
  }

  /** Opens an empty database with the memory of a module. */
  static async open(module: WebAssembly.Module): Promise<Sqlite> {
    let memory: unknown;
    const c = await initSqlJs({
      instantiateWasm: (imports, receive) => {
        const instance = new WebAssembly.Instance(module, imports);
        memory = Object.values(instance.exports).find((one) => one instanceof WebAssembly.Memory);
        receive(instance);
        return instance.exports;
      },
      print: () => {},
      printErr: () => {},
    });
    if (!(memory instanceof WebAssembly.Memory)) throw new Error('the module of sql.js exports no memory');
    return new Sqlite(c, memory);
  }

  /** Runs a statement without a result. Throws a `SqliteError`. */
  run(sql: string): void {
    const { first } = this.prepare(sql);
    while (first?.step() === true);
    first?.end();
  }

  /** The first statement of a text, null if there is none, and whether more follows it. Throws a `SqliteError`. */
  prepare(sql: string): { readonly first: Statement | null; readonly hasMore: boolean } {
    const text = this.#place(sql);
    try {
      const { statement, tail } = this.#prepareAt(text);
      return {
        first:
          statement === 0 ? null : new Statement({ c: this.#c, memory: this.#memory, statement, check: this.#check }),
        hasMore: this.#hasStatement(tail),
      };
    } finally {
      this.#c._free(text);
    }
  }

  #prepareAt(text: number): { readonly statement: number; readonly tail: number } {
    this.#check(this.#c._sqlite3_prepare_v2(this.#database, text, -1, this.#out, this.#out + 4));
    return { statement: this.#pointerAt(this.#out), tail: this.#pointerAt(this.#out + 4) };
  }

  /** SQLite itself finds out whether more than blanks, comments and semicolons follow; what it cannot parse is more, too. */
  #hasStatement(from: number): boolean {
    let at = from;
    while (this.#bytes()[at] !== 0) {
      try {
        const { statement, tail } = this.#prepareAt(at);
        this.#c._sqlite3_finalize(statement);
        if (statement !== 0) return true;
        if (tail <= at) return false;
        at = tail;
      } catch (error) {
        if (error instanceof SqliteError) return true;
        throw error;
      }
    }
    return false;
  }

  readonly #check = (result: number): void => {
    if (result === ok || result === row || result === done) return;
    throw new SqliteError(result, textAt(this.#memory, this.#c._sqlite3_errmsg(this.#database)));
  };

  #bytes(): Uint8Array {
    return new Uint8Array(this.#memory.buffer);
  }

  #pointerAt(at: number): number {
    return new DataView(this.#memory.buffer).getUint32(at, true);
  }

  #place(text: string): number {
    return copyIn(this.#c, this.#memory, text).at;
  }
}
