// Finds the stack of a request: of the director's services, of its processors, or of the real servers of a service.

import type { ArchiveInfo } from '../../model/archive.js';
import { isProcessorType, isShareType, type TogetherType } from '../../render/define/graph-request.js';
import type { SpanRows } from '../../render/files/content/span-set.js';
import type { Stack } from '../../render/series/stack-parts.js';
import type { AppParts } from '../app-parts.js';
import { RequestError } from '../request-error.js';

/** Reads a stack of an archive. Throws a `RequestError` if there is none. */
export async function readStack(
  { catalogue, stacks }: Pick<AppParts, 'catalogue' | 'stacks'>,
  { archive, type }: { readonly archive: ArchiveInfo; readonly type: TogetherType },
  rows: SpanRows,
): Promise<Stack> {
  const entries = await catalogue();
  if (isProcessorType(type)) return (await stacks.readProcessors(rows, entries))[type];
  if (!isShareType(type)) return stacks.read(rows, entries, type);
  const service = entries.services.find(({ info }) => info.name === archive.name);
  if (service === undefined) throw new RequestError(404, `${archive.name} is not a service: it has no real servers`);
  return (await stacks.readService(rows, service, entries.lastS))[type];
}
