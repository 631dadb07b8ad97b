// A configuration of thousands of services takes some tenths of a second to read, and changes now and then: a server reads it when it does.

import type { ExpectedTable } from '../../model/drift/expected.js';
import { Trail } from './lines/trail.js';
import { type KeepalivedRequest, readKeepalived } from './read-keepalived.js';

/** The newest reading of one configuration. */
export class KeptReading {
  #kept: { readonly key: string; readonly trail: Trail; readonly table: ExpectedTable } | null = null;

  /** The table of a configuration, read again if a file, or what a path with wildcards means, has changed. Throws a `CollectError`. */
  read(request: KeepalivedRequest): ExpectedTable {
    const key = JSON.stringify(request);
    if (this.#kept?.key === key && this.#kept.trail.isUnchanged()) return this.#kept.table;
    this.#kept = null;
    const trail = new Trail();
    const table = readKeepalived(request, trail);
    this.#kept = { key, trail, table };
    return table;
  }
}
