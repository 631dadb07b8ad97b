// Reads a saved table from its file.

import { readBounded } from '../../../files/read-file.js';
import type { ExpectedTable } from '../../../model/drift/expected.js';
import { CollectError } from '../../collect-error.js';
import { parseRules } from './parse-rules.js';

/** A million real servers. */
const maxBytes = 2 ** 27;

/** Reads the output of `ipvsadm -S -n` that a file holds, or a copy of it. Throws a `CollectError`. */
export function readGolden(file: string, copy: string | null = null): ExpectedTable {
  return parseRules(textOf(file, copy ?? file), file);
}

function textOf(file: string, readFrom: string): string {
  try {
    return readBounded(readFrom, maxBytes).toString('latin1');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CollectError(
      'no-reference',
      `cannot read the saved table ${file}: ${why}; is it the right file, and may this user read it?`,
      { cause },
    );
  }
}
