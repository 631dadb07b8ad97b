// Checks whether HAProxy's statistics can be read, by reading them as `collect` would.

import { CollectError } from '../collect/collect-error.js';
import { parseShowStat } from '../collect/haproxy/parse-show-stat.js';
import { haproxySourceText, readHaproxy } from '../collect/haproxy/read-haproxy.js';
import { countOf } from '../model/text/count-of.js';
import { type Check, fine, problem, warning } from './check.js';

/** Notes that are listed one by one. */
const maxShown = 10;

/** Reads them once; `caFile` has the certificates that verify `https://`, null for those that Node.js trusts. */
export async function checkHaproxy(source: string, caFile: string | null): Promise<Check> {
  const name = haproxySourceText(source);
  try {
    const { reading, notes } = parseShowStat(await readHaproxy(source, { caFile }), name);
    const servers = reading.entries.filter(({ id }) => id.kind === 'server').length;
    const proxies = countOf(reading.entries.length - servers, 'frontend or backend', 'frontends and backends');
    const found = `${name} can be read: ${proxies}, ${countOf(servers, 'server')}`;
    if (notes.length === 0) return fine('HAProxy', found);
    const more = notes.length > maxShown ? `; and ${notes.length - maxShown} more` : '';
    const shown = notes.slice(0, maxShown).map(({ text }) => text);
    return warning('HAProxy', `${found}; ${shown.join('; ')}${more}`, null);
  } catch (error) {
    if (!(error instanceof CollectError)) throw error;
    return problem('HAProxy', error.message, null);
  }
}
