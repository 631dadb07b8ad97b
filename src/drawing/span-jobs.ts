// The pictures to draw of a span: an archive's own graphs and those of its real servers, and the director's stacks and processors.

import type { LendToRead } from '../cli/lend.js';
import type { ArchiveInfo } from '../model/archive.js';
import { directorName } from '../model/names/name.js';
import type { Reach } from '../model/service/outbound.js';
import { realServersByService } from '../model/service/real-servers.js';
import type { Ago } from '../render/define/comparison.js';
import {
  agentTypes,
  type GraphType,
  isShareType,
  listedTypes,
  type ProcessorType,
  processorTypes,
  type ShareType,
  type StackType,
  shareTypes,
  stackTypes,
  tableTypes,
} from '../render/define/graph-request.js';
import { graphJobs } from '../render/files/content/graph-jobs.js';
import { graphTypesOf, togetherTypesOf } from '../render/files/content/graph-types.js';
import type { Looks, SpanSet } from '../render/files/content/span-set.js';
import { readDirector, stackJobs } from '../render/files/content/stack-jobs.js';
import type { PictureJob } from '../render/files/picture-job.js';
import { processorJobs, processorsOf } from '../render/files/processor-stacks.js';
import { shareJobs } from '../render/files/service-stacks.js';
import { beginStacks } from '../render/files/stack-progress.js';
import { addServices } from '../render/files/standing-picture.js';
import type { StackSums } from '../render/series/stack-sums.js';

/** The graphs of any archive, of a service's real servers, and of the director's processors. */
export type AnyType = GraphType | ShareType | ProcessorType;

/** Their names, in listing order. */
export const anyTypes: readonly AnyType[] = [
  ...listedTypes,
  ...shareTypes,
  ...processorTypes,
  ...tableTypes,
  ...agentTypes,
];

/** The inputs of a span's pictures. */
export interface SpanGround {
  readonly lend: LendToRead;
  readonly archives: readonly ArchiveInfo[];
  readonly reachOf: (archive: ArchiveInfo) => Reach;
  readonly set: SpanSet;
  readonly looks: Looks;
  /** The earlier span behind the lines, if any. */
  readonly ago?: Ago | undefined;
}

/** The types to draw, all of them by default; with archives that are lent already. */
export interface SpanOptions {
  readonly types: readonly AnyType[] | undefined;
  readonly lend?: SpanGround['lend'];
}

/** Reads the data of an archive's pictures. The director's are read with archives lent repeatedly. */
export type SpanJobs = (archive: ArchiveInfo, asked: SpanOptions) => Promise<readonly PictureJob[]>;

/** The pictures of a span. */
export function spanJobs(ground: SpanGround): SpanJobs {
  const realServers = realServersByService(ground.archives);
  const sums = new Map<StackType, StackSums>();
  return (archive, { types, lend = ground.lend }) => {
    const isWanted = (type: AnyType): boolean => types === undefined || types.includes(type);
    if (archive.name === directorName) return directorJobs(ground, sums, isWanted);
    return archiveJobs({ ...ground, lend }, { archive, realServers: realServers.get(archive.name) ?? [], isWanted });
  };
}

interface JobRequest {
  readonly archive: ArchiveInfo;
  readonly realServers: readonly ArchiveInfo[];
  readonly isWanted: (type: AnyType) => boolean;
}

function archiveJobs(
  { lend, reachOf, set, looks, ago }: SpanGround,
  { archive, realServers, isWanted }: JobRequest,
): Promise<readonly PictureJob[]> {
  const types = graphTypesOf(archive).filter(isWanted);
  const shares = {
    service: archive,
    realServers,
    set,
    looks,
    types: togetherTypesOf(archive).filter(isShareType).filter(isWanted),
  };
  return lend(async (source) => [
    ...(types.length === 0 ? [] : await graphJobs(source, { reach: reachOf(archive), set, looks, types, ago })),
    ...(await shareJobs(source, shares)),
  ]);
}

/** Stacks are summed up once and cached: the files and the report show the same. */
async function directorJobs(
  { lend, archives, set, looks }: SpanGround,
  sums: Map<StackType, StackSums>,
  isWanted: JobRequest['isWanted'],
): Promise<readonly PictureJob[]> {
  const types = stackTypes.filter(isWanted);
  if (types.length > 0 && sums.size === 0) {
    const begun = beginStacks(set, set.span.endS);
    const { progress } = await addServices({ lend, looks }, archives, { set, progress: begun, goesOn: () => true });
    for (const stack of progress.stacks) sums.set(stack.type, stack);
  }
  const director = await lend((source) => readDirector(source, set, { archives, looks }));
  const processorRequest = { processors: processorsOf(archives), set, looks, types: processorTypes.filter(isWanted) };
  return [
    ...stackJobs([...sums.values()], { set, looks, ...director, types }),
    ...(await lend((source) => processorJobs(source, processorRequest))),
  ];
}
