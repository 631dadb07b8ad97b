// The stacks of the director: the parts of their members, read in groups, and the pictures to draw of their sums.

import type { ArchiveInfo } from '../../../model/archive.js';
import { directorName } from '../../../model/names/name.js';
import { heartbeatOf } from '../../../model/retention.js';
import type { Series, SeriesSource } from '../../../model/series.js';
import { readCapacities } from '../../capacity/read-capacities.js';
import { type StackMember, type StackType, stackTypes } from '../../define/graph-request.js';
import type { GraphCapacities } from '../../define/limit/limit-line.js';
import type { HostNames } from '../../look/host-names.js';
import { type Annotations, type GraphSource, readDirectorAnnotations } from '../../series/annotations.js';
import { stacksOf } from '../../series/stack-parts.js';
import type { StackSums } from '../../series/stack-sums.js';
import { absencesOf } from '../../series/unknown-reasons.js';
import { wholePeak } from '../../series/whole-peak.js';
import { picturePath } from '../picture-file.js';
import type { PictureJob } from '../picture-job.js';
import { readWholeMax } from './graph-jobs.js';
import { frame, hasUnknown, type Looks, rowsIn, type SpanRows, type SpanSet, subjectOf } from './span-set.js';

/** Archives, and a span of which stacks show them. */
interface StackedArchives {
  readonly archives: readonly ArchiveInfo[];
  readonly set: SpanRows;
  readonly hosts: HostNames;
}

/** Reads the parts of some archives of a stack, all at once. */
export async function stackMembers(
  source: Pick<SeriesSource, 'fetchMany' | 'events'>,
  { archives, set, hosts }: StackedArchives,
): Promise<readonly StackMember[]> {
  const names = archives.map(({ name }) => name);
  const all = await source.fetchMany({ ...rowsIn(set), names, cf: 'AVERAGE' });
  return Promise.all(
    all.map(async (series, i): Promise<StackMember> => {
      const { name } = series;
      const { firstS, goneS } = archives[i] ?? { firstS: series.startS, goneS: null };
      // An absence explains unknown rows; the ledgers of a thousand services take longer to read than their rows.
      const absences = hasUnknown(series)
        ? absencesOf(await source.events({ archive: name }), heartbeatOf({ stepS: set.pdpS }))
        : [];
      return { ...subjectOf(name, hosts), series, firstS, goneS, absences };
    }),
  );
}

/** Rows that are read at once: a hundred days of 32 archives. Then others get a turn. */
const rowsAtOnce = 38_400;

/** Archives in groups, whose parts are read at once: at most `most` each. */
export function inGroups(
  archives: readonly ArchiveInfo[],
  { span, rowS }: SpanRows,
  most = Number.POSITIVE_INFINITY,
): readonly (readonly ArchiveInfo[])[] {
  const size = Math.max(1, Math.min(most, Math.floor((rowsAtOnce * rowS) / (span.endS - span.startS))));
  const count = Math.ceil(archives.length / size);
  return Array.from({ length: count }, (_, i) => archives.slice(i * size, (i + 1) * size));
}

/** The content of the director's stacks besides their parts. */
export interface DirectorContent {
  readonly annotations: Annotations;
  /** The maxima of the director's own rows; null if they do not differ from its means. */
  readonly max: Series | null;
  readonly capacities: GraphCapacities;
}

/** Reads the content of the director's stacks besides their parts. */
export async function readDirector(
  source: GraphSource,
  set: SpanRows,
  { archives, looks: { capacity } }: { readonly archives: readonly ArchiveInfo[]; readonly looks: Looks },
): Promise<DirectorContent> {
  const archive = archives.find(({ name }) => name === directorName);
  return {
    capacities:
      archive === undefined ? {} : await readCapacities(source, { archive, hosts: [], capacity, types: stackTypes }),
    annotations: await readDirectorAnnotations(source, set),
    max: await readWholeMax(source, directorName, set),
  };
}

/** The director's pictures. */
interface StackJobs extends DirectorContent {
  readonly set: SpanSet;
  readonly looks: Looks;
  readonly types: readonly StackType[];
}

/**
 * The jobs for the director: one picture per wanted type, from its summed services. The stacks of the other types share a page
 * with them, and so decide about colours.
 */
export function stackJobs(
  stacks: readonly StackSums[],
  { set, looks, annotations, max, capacities, types }: StackJobs,
): readonly PictureJob[] {
  const shared = { ...frame(set, looks), ...annotations, capacities, subject: { name: directorName, hostNames: [] } };
  // Host names may have changed since a service was added.
  const sums = stacks.map((one) => ({
    ...one,
    named: one.named.map((member) => ({ ...member, ...subjectOf(member.name, looks.hosts) })),
  }));
  return stacksOf(sums).flatMap((stack, i): PictureJob[] => {
    const type = sums[i]?.type;
    if (type === undefined || !types.includes(type)) return [];
    const path = picturePath(set.folder, directorName, type);
    const whole = { ...stack, peak: wholePeak(max, type, set.span) };
    return [{ path, dataS: set.span.endS, graph: { kind: 'stack', request: { ...shared, type, stack: whole } } }];
  });
}
