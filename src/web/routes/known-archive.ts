// Maps a name in an address to an existing archive: what people write is accepted, and nothing else gets any further.

import type { ArchiveInfo } from '../../model/archive.js';
import { resolveName } from '../../model/names/parse-name.js';
import { UserError } from '../../model/user-error.js';
import type { Catalogue } from '../data/catalogue.js';
import { RequestError } from '../request-error.js';

/** The archive that a text means. Throws a `RequestError`. */
export function knownArchive({ byName }: Catalogue, text: string): ArchiveInfo {
  const archive = byName.get(text) ?? byName.get(resolved(text));
  if (archive !== undefined) return archive;
  throw new RequestError(404, `there is no archive named ${JSON.stringify(text)}: the list of services has the names`);
}

function resolved(text: string): string {
  try {
    return resolveName(text);
  } catch (error) {
    throw error instanceof UserError ? new RequestError(404, error.message) : error;
  }
}

/** One of the graph types that an archive has. Throws a `RequestError`. */
export function knownType<T extends string>(types: readonly T[], text: string | null): T {
  const type = types.find((one) => one === text);
  if (type !== undefined) return type;
  const what = text === null ? 'the graph type is missing' : `there is no graph ${JSON.stringify(text)} of this`;
  throw new RequestError(text === null ? 400 : 404, `${what}: choose one of ${types.join(', ')}`);
}
