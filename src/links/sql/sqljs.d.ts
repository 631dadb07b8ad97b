// The used parts of sql.js, which has no types of its own, and of WebAssembly, whose types come with those of browsers only.

declare module 'sql.js' {
  /** The functions of SQLite's C interface (https://www.sqlite.org/c3ref/funclist.html); pointers are numbers. */
  interface SqliteModule {
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    _sqlite3_open(name: number, database: number): number;
    _sqlite3_errmsg(database: number): number;
    _sqlite3_prepare_v2(database: number, sql: number, bytes: number, statement: number, tail: number): number;
    _sqlite3_step(statement: number): number;
    _sqlite3_reset(statement: number): number;
    _sqlite3_finalize(statement: number): number;
    _sqlite3_bind_double(statement: number, index: number, value: number): number;
    _sqlite3_bind_text(statement: number, index: number, text: number, bytes: number, destructor: number): number;
    _sqlite3_clear_bindings(statement: number): number;
    _sqlite3_column_count(statement: number): number;
    _sqlite3_column_name(statement: number, column: number): number;
    _sqlite3_column_type(statement: number, column: number): number;
    _sqlite3_column_double(statement: number, column: number): number;
    _sqlite3_column_text(statement: number, column: number): number;
    _sqlite3_column_blob(statement: number, column: number): number;
    _sqlite3_column_bytes(statement: number, column: number): number;
  }
  /** The options of its Emscripten module. */
  interface ModuleOptions {
    instantiateWasm(imports: object, receive: (instance: WebAssembly.Instance) => void): object;
    print(text: string): void;
    printErr(text: string): void;
  }
  // biome-ignore lint/style/noDefaultExport: that is what sql.js exports.
  export default function initSqlJs(options: ModuleOptions): Promise<SqliteModule>;
}

declare namespace WebAssembly {
  class Module {
    private constructor();
  }
  class Instance {
    constructor(module: Module, imports: object);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  class Memory {
    readonly buffer: ArrayBuffer;
  }
  class RuntimeError extends Error {}
  function compile(bytes: Uint8Array): Promise<Module>;
}
