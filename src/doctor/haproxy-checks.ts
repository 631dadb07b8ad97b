// Whether HAProxy's statistics can be read: a try, as `collect` would.

import { CollectError } from '../collect/collect-error.js';
import { parseShowStat } from '../collect/parse-show-stat.js';
import { haproxySourceText, readHaproxy } from '../collect/read-haproxy.js';
import { type Check, fine, problem, warning } from './check.js';

/** Reads them once. */
export async function checkHaproxy(source: string): Promise<Check> {
  const name = haproxySourceText(source);
  try {
    const { reading, notes } = parseShowStat(await readHaproxy(source), name);
    const servers = reading.entries.filter(({ id }) => id.kind === 'server').length;
    const found = `${name} can be read: ${reading.entries.length - servers} frontends and backends, ${servers} servers`;
    return notes.length === 0 ? fine('HAProxy', found) : warning('HAProxy', `${found}; ${notes.join('; ')}`, null);
  } catch (error) {
    if (!(error instanceof CollectError)) throw error;
    return problem('HAProxy', error.message, null);
  }
}
