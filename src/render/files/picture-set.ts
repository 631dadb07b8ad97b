// Determines the pictures to draw: subjects, spans and graph types, and the rows each needs.

import type { ArchiveInfo } from '../../model/archive.js';
import type { AnyAbout } from '../../model/kinds/kind.js';
import { directorName } from '../../model/names/name.js';
import type { Capacity } from '../../model/policy/capacity.js';
import { heartbeatOf } from '../../model/retention.js';
import type { RowsQuery, Series, SeriesSource } from '../../model/series.js';
import type { Reach } from '../../model/service/outbound.js';
import { type OutboundStretch, outboundStretches } from '../../model/service/outbound-stretch.js';
import { readCapacities } from '../capacity/read-capacities.js';
import { type Ago, type Comparison, spanAgo } from '../define/comparison.js';
import {
  type GraphRequest,
  type GraphType,
  type Shape,
  type Span,
  type StackMember,
  type StackType,
  type Subject,
  shapes,
  stackTypes,
  type Theme,
  type TogetherType,
} from '../define/graph-request.js';
import type { GraphCapacities } from '../define/limit/limit-line.js';
import { type DepictionRegistry, depicted, depictionOf } from '../kinds/registry.js';
import { type HostNames, hostsOf } from '../look/host-names.js';
import {
  type Annotations,
  annotationsOf,
  type GraphSource,
  readDirectorAnnotations,
  readLedgers,
} from '../series/annotations.js';
import { readPercentiles } from '../series/fine-percentiles.js';
import { graphKinds } from '../series/quantity.js';
import { stacksOf } from '../series/stack-parts.js';
import type { StackSums } from '../series/stack-sums.js';
import { absencesOf } from '../series/unknown-reasons.js';
import { wholePeak } from '../series/whole-peak.js';
import { picturePath } from './picture-file.js';
import type { PictureJob } from './picture-job.js';

/** Pictures of one span: their folder, and their rows. */
export interface SpanSet {
  readonly folder: string;
  readonly span: Span;
  /** Length of a row, and of a primary data point of the archives, seconds. */
  readonly rowS: number;
  readonly pdpS: number;
}

/** The rows that pictures show. */
export type SpanRows = Omit<SpanSet, 'folder'>;

/** The looks of pictures, whatever they show. */
export interface Looks {
  readonly timeZone: string;
  readonly theme: Theme;
  readonly pixelRatio: 1 | 2;
  readonly hosts: HostNames;
  /** A word that must be seen, such as "demonstration". */
  readonly note: string | null;
  /** The limits that the operator stated. */
  readonly capacity?: Capacity;
  /** A card by default. */
  readonly shape?: Shape;
}

/** The content of an archive's graphs: its rows, why some of them are missing, and its events. */
export type GraphContent = Pick<
  GraphRequest,
  'subject' | 'average' | 'max' | 'p95' | 'capacities' | 'imported' | 'comparison'
> &
  Required<Pick<GraphRequest, 'outbounds'>> &
  Annotations;

/** An archive and a span, and how much earlier another span is that is shown with it. */
interface ArchiveSpan {
  readonly ago?: Ago | undefined;
  readonly reach: Reach;
  readonly set: SpanRows;
  readonly hosts: HostNames;
  readonly capacity?: Capacity | undefined;
  /** The graphs that are shown. */
  readonly types: readonly GraphType[];
}

/** Reads the content of an archive's graphs. */
export async function readGraph(source: GraphSource, of: ArchiveSpan): Promise<GraphContent> {
  const { reach, set, hosts, ago, types, capacity } = of;
  const { archive } = reach;
  const { average, max } = await readRows(source, archive.name, set);
  const rows = { ...set, hasUnknown: hasUnknown(average) };
  const ledgers = await readLedgers(source, archive, rows);
  const outbounds = outboundStretches(reach, ledgers.own, set.span);
  const imported = archive.imported === undefined ? {} : { imported: archive.imported };
  return {
    subject: archiveSubject(archive, hosts),
    average,
    max,
    outbounds,
    ...(await readP95(source, { archive, set, outbounds, types })),
    capacities: await readCapacities(source, { archive, hosts: hostsOf(archive.name, hosts), capacity, types }),
    ...imported,
    ...(ago === undefined ? {} : { comparison: await readComparison(source, { reach, set, ago, types }) }),
    ...annotationsOf(archive, ledgers, rows),
  };
}

async function readComparison(
  source: GraphSource,
  { reach, set, ago, types }: Pick<ArchiveSpan, 'reach' | 'set' | 'types'> & { readonly ago: Ago },
): Promise<Comparison> {
  const { archive } = reach;
  const earlier = { ...set, span: spanAgo(set.span, ago) };
  const { average, max } = await readRows(source, archive.name, earlier);
  const ledgers = await readLedgers(source, archive, { ...earlier, hasUnknown: false });
  const outbounds = outboundStretches(reach, ledgers.own, earlier.span);
  return { ago, average, max, outbounds, ...(await readP95(source, { archive, set: earlier, outbounds, types })) };
}

interface P95Wish extends Pick<ArchiveSpan, 'set' | 'types'> {
  readonly archive: ArchiveInfo;
  readonly outbounds: readonly OutboundStretch[];
}

/** The 95th percentiles of graphs that have some, unless their rows are single steps. */
async function readP95(
  source: GraphSource,
  { archive, set, outbounds, types }: P95Wish,
): Promise<Pick<GraphRequest, 'p95'>> {
  const kinds = types.map((type) => graphKinds[type]).filter(({ p95 }) => p95);
  if (set.rowS === set.pdpS || kinds.length === 0) return {};
  const dataSources = [...new Set(kinds.flatMap(({ quantities }) => quantities.map((own) => own.dataSource)))];
  const { startS, endS } = set.span;
  return { p95: await readPercentiles(source, { archive, startS, endS, outbounds, dataSources }) };
}

/** The rows of an archive, and their maxima if these differ. */
async function readRows(
  source: Pick<GraphSource, 'fetchBoth'>,
  name: string,
  set: SpanRows,
): Promise<{ readonly average: Series; readonly max: Series | null }> {
  const { AVERAGE: average, MAX } = await source.fetchBoth(rowsQuery(name, set));
  // Rows of one step share their columns, unless they were imported from an archive with shorter steps.
  return { average, max: MAX.columns === average.columns ? null : MAX };
}

/** The maxima of the rows of a stack's whole; null if they do not differ from its means. */
export async function readWholeMax(source: GraphSource, name: string, set: SpanRows): Promise<Series | null> {
  return (await readRows(source, name, set)).max;
}

/** The pictures to draw of an archive. */
export interface GraphJobs extends Pick<ArchiveSpan, 'reach' | 'ago'> {
  readonly set: SpanSet;
  readonly looks: Looks;
  readonly types: readonly GraphType[];
}

/** Reads the rows for the graphs of one archive, and returns the jobs for the wanted types. */
export async function graphJobs(source: GraphSource, { set, looks, types, ...of }: GraphJobs): Promise<PictureJob[]> {
  const { archive } = of.reach;
  const shared = { ...frame(set, looks), ...(await readGraph(source, { ...of, ...looks, set, types })) };
  return types.map((type) => ({
    path: picturePath(set.folder, archive.name, type),
    dataS: set.span.endS,
    graph: { kind: 'graph', request: { ...shared, type } },
  }));
}

/** Archives, and a span of which stacks show them. */
interface StackedArchives {
  readonly archives: readonly ArchiveInfo[];
  readonly set: SpanRows;
  readonly hosts: HostNames;
}

/** Reads the parts of some archives of a stack, all at once. */
export async function stackMembers(
  source: SeriesSource,
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

/** Archives in groups, whose parts are read at once. */
export function inGroups(
  archives: readonly ArchiveInfo[],
  { span, rowS }: SpanRows,
): readonly (readonly ArchiveInfo[])[] {
  const size = Math.max(1, Math.floor((rowsAtOnce * rowS) / (span.endS - span.startS)));
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

/** The graph types of an archive: five stacks for the director, graphs for any other. */
export function typesOf(archive: ArchiveOfKind): readonly (GraphType | StackType)[] {
  return archive.name === directorName ? stackTypes : graphTypesOf(archive);
}

/** The graph types of an archive that is not the director's own. */
export function graphTypesOf({ about }: ArchiveOfKind, of: DepictionRegistry = depicted): readonly GraphType[] {
  return depictionOf(about, of).graphTypes(about);
}

/** The graph types that combine several archives. */
export function togetherTypesOf({ about }: ArchiveOfKind): readonly TogetherType[] {
  return depictionOf(about).togetherTypes;
}

/** The fields that determine the graphs of an archive. */
interface ArchiveOfKind {
  readonly name: string;
  readonly about: AnyAbout;
}

/** Was the service there at any time in the span? */
export function isInSpan({ firstS, goneS }: ArchiveInfo, { startS, endS }: Span): boolean {
  return firstS <= endS && (goneS ?? endS) > startS;
}

function hasUnknown({ columns }: Series): boolean {
  return columns.some((column) => column.some(Number.isNaN));
}

/** The fields that all pictures of a span share. */
export function frame({ span }: SpanSet, { timeZone, theme, pixelRatio, note, shape = shapes.card }: Looks) {
  return { span: spanFor(shape, span), timeZone, theme, pixelRatio, note, ...shape } as const;
}

/** A span with a name short enough for the shape: for days, a tile shortens it. */
export function spanFor({ tile }: Pick<Shape, 'tile'>, span: Span): Span {
  return tile ? { ...span, label: span.label.replaceAll(/ \d\d:\d\d/g, '') } : span;
}

/** The subject of an archive's pictures. */
export function archiveSubject({ name, goneS }: Pick<ArchiveInfo, 'name' | 'goneS'>, hosts: HostNames): Subject {
  return { ...subjectOf(name, hosts), ...(goneS === null ? {} : { goneS }) };
}

function subjectOf(name: string, hosts: HostNames): Subject {
  return { name, hostNames: hostsOf(name, hosts) };
}

function rowsQuery(name: string, set: SpanRows): RowsQuery {
  return { name, ...rowsIn(set) };
}

/** Rows that end after the start and up to the end; an end on a row boundary would return one more row. */
function rowsIn({ span, rowS }: SpanRows): Omit<RowsQuery, 'name'> {
  return { startS: span.startS, endS: span.endS - 1, stepS: rowS };
}
