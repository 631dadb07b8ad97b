// Which pictures to draw of a span: of an archive its own graphs and its real servers', of the director its stacks and its processors.

import type { ArchiveInfo } from '../model/archive.js';
import { directorName } from '../model/name.js';
import type { Reach } from '../model/outbound.js';
import { realServersByService } from '../model/real-servers.js';
import {
  type GraphType,
  listedTypes,
  type ProcessorType,
  processorTypes,
  type ShareType,
  shareTypes,
  stackTypes,
  tableTypes,
} from '../render/graph-request.js';
import type { PictureJob } from '../render/picture-job.js';
import { graphJobs, graphTypesOf, type Looks, type SpanSet, stackJobs } from '../render/picture-set.js';
import { processorJobs, processorsOf } from '../render/processor-stacks.js';
import { shareJobs } from '../render/service-stacks.js';
import { beginStacks } from '../render/stack-progress.js';
import { addServices } from '../render/standing-picture.js';
import { readDirectorTold } from '../render/told.js';
import type { lendOf } from './lend.js';

/** The graphs of any archive, of a service's real servers, and of the director's processors. */
export type AnyType = GraphType | ShareType | ProcessorType;

/** Their names, in the order they are listed. */
export const anyTypes: readonly AnyType[] = [...listedTypes, ...shareTypes, ...processorTypes, ...tableTypes];

/** What pictures of a span are made from. */
export interface SpanGround {
  readonly lend: ReturnType<typeof lendOf>;
  readonly archives: readonly ArchiveInfo[];
  readonly reachOf: (archive: ArchiveInfo) => Reach;
  readonly set: SpanSet;
  readonly looks: Looks;
}

/** Reads what the pictures of an archive show; of the types that are wanted, without them of all. */
export type SpanJobs = (archive: ArchiveInfo, types?: readonly AnyType[]) => Promise<readonly PictureJob[]>;

/** The pictures of a span. */
export function spanJobs(ground: SpanGround): SpanJobs {
  const realServers = realServersByService(ground.archives);
  return (archive, types) => {
    const isWanted = (type: AnyType): boolean => types === undefined || types.includes(type);
    if (archive.name === directorName) return directorJobs(ground, isWanted);
    return archiveJobs(ground, { archive, realServers: realServers.get(archive.name) ?? [], isWanted });
  };
}

interface Wanted {
  readonly archive: ArchiveInfo;
  readonly realServers: readonly ArchiveInfo[];
  readonly isWanted: (type: AnyType) => boolean;
}

function archiveJobs(
  { lend, reachOf, set, looks }: SpanGround,
  { archive, realServers, isWanted }: Wanted,
): Promise<readonly PictureJob[]> {
  const types = graphTypesOf(archive).filter(isWanted);
  const shares = { service: archive, realServers, set, looks, types: shareTypes.filter(isWanted) };
  return lend(async (source) => [
    ...(await graphJobs(source, { reach: reachOf(archive), set, looks, types })),
    ...(await shareJobs(source, shares)),
  ]);
}

async function directorJobs(
  { lend, archives, set, looks }: SpanGround,
  isWanted: Wanted['isWanted'],
): Promise<readonly PictureJob[]> {
  const begun = beginStacks(stackTypes.filter(isWanted), set, set.span.endS);
  const { progress } = await addServices({ lend, looks }, archives, { set, progress: begun, goesOn: () => true });
  const told = await lend((source) => readDirectorTold(source, set));
  const ofProcessors = { processors: processorsOf(archives), set, looks, types: processorTypes.filter(isWanted) };
  return [
    ...stackJobs(progress.stacks, { set, looks, told }),
    ...(await lend((source) => processorJobs(source, ofProcessors))),
  ];
}
