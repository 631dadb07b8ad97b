// The counts of the director's processors, side by side, for their heat maps.

import type { ArchiveInfo } from '../../model/archive.js';
import { directorName, nameWithin } from '../../model/names/name.js';
import type { SeriesSource } from '../../model/series.js';
import { type ProcessorType, processorStacks, processorTypes } from '../define/graph-request.js';
import { depictionOf } from '../kinds/registry.js';
import { readDirectorAnnotations } from '../series/annotations.js';
import { type Stack, stackOf } from '../series/stack-parts.js';
import { emptySums, type StackSums, withMember } from '../series/stack-sums.js';
import { frame, isInSpan, type Looks, type SpanRows, type SpanSet } from './content/span-set.js';
import { inGroups, stackMembers } from './content/stack-jobs.js';
import { picturePath } from './picture-file.js';
import type { PictureJob } from './picture-job.js';

/** The stacks of all processors. */
export type ProcessorStacks = Readonly<Record<ProcessorType, Stack>>;

/** The processors among archives, by number. */
export function processorsOf(archives: Iterable<ArchiveInfo>): readonly ArchiveInfo[] {
  return [...archives]
    .filter(({ about }) => depictionOf(about).partOf === 'processors')
    .sort((a, b) => processorNumber(a.name) - processorNumber(b.name));
}

/** The number of a processor, by the name of its archive. */
export function processorNumber(name: string): number {
  return Number(nameWithin(name).slice('cpu_'.length));
}

/** Reads the rows of processors. Throws if one of them no longer exists. */
export async function readProcessorStacks(
  source: SeriesSource,
  processors: readonly ArchiveInfo[],
  set: SpanRows,
): Promise<ProcessorStacks> {
  const { span } = set;
  const all = processorTypes.map((type) => emptySums(processorStacks[type], set, Number.POSITIVE_INFINITY));
  let sums: readonly StackSums[] = all;
  const present = processors.filter((one) => isInSpan(one, span));
  for (const archives of inGroups(present, set)) {
    const members = await stackMembers(source, { archives, set, hosts: new Map() });
    for (const member of members) sums = withMember(sums, member, span);
  }
  const stacks = sums.map((one) => {
    const named = one.named.toSorted((a, b) => processorNumber(a.name) - processorNumber(b.name));
    return stackOf({ ...one, named }, 'processors');
  });
  return Object.fromEntries(processorTypes.map((type, i) => [type, stacks[i]])) as ProcessorStacks;
}

/** The pictures to draw of the processors. */
export interface ProcessorJobs {
  readonly processors: readonly ArchiveInfo[];
  readonly set: SpanSet;
  readonly looks: Looks;
  readonly types: readonly ProcessorType[];
}

/** Reads the rows of processors, and returns the jobs for the wanted types. */
export async function processorJobs(
  source: SeriesSource,
  { processors, set, looks, types }: ProcessorJobs,
): Promise<readonly PictureJob[]> {
  if (types.length === 0 || processors.length === 0) return [];
  const stacks = await readProcessorStacks(source, processors, set);
  const annotations = await readDirectorAnnotations(source, set);
  const shared = { ...frame(set, looks), ...annotations, subject: { name: directorName, hostNames: [] } };
  return types.map((type) => ({
    path: picturePath(set.folder, directorName, type),
    dataS: set.span.endS,
    graph: { kind: 'stack', request: { ...shared, type: processorStacks[type], stack: stacks[type] } },
  }));
}
