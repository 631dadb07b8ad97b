// A configuration that asks for nothing, such as an empty file or another program's, is no reference: compared with it, every service of the
// table would be unknown.

import { type ExpectedTable, noteText } from '../../model/drift/expected.js';
import { CollectError } from '../collect-error.js';

/** The table of a configuration. Throws a `CollectError` if all of it was understood, and it has no service. */
export function requireServices(table: ExpectedTable, file: string): ExpectedTable {
  const { services, leftOut, isWhole, notes } = table;
  if (services.size > 0 || leftOut.size > 0 || !isWhole) return table;
  const [first] = notes;
  throw new CollectError(
    'no-reference',
    `${file} asks for no service${first === undefined ? '' : ` (${noteText(first)})`}: is it the right file, and complete?`,
  );
}
