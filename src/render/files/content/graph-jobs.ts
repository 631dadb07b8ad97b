// The graphs of an archive: their content, read for a span, and the pictures to draw of it.

import type { ArchiveInfo } from '../../../model/archive.js';
import type { Capacity } from '../../../model/policy/capacity.js';
import type { Series } from '../../../model/series.js';
import type { Reach } from '../../../model/service/outbound.js';
import { type OutboundStretch, outboundStretches } from '../../../model/service/outbound-stretch.js';
import { readCapacities } from '../../capacity/read-capacities.js';
import { type Ago, type Comparison, spanAgo } from '../../define/comparison.js';
import type { GraphRequest, GraphType } from '../../define/graph-request.js';
import { type HostNames, hostsOf } from '../../look/host-names.js';
import { type Annotations, annotationsOf, type GraphSource, readLedgers } from '../../series/annotations.js';
import { readPercentiles } from '../../series/fine-percentiles.js';
import { graphKinds } from '../../series/quantity.js';
import { picturePath } from '../picture-file.js';
import type { PictureJob } from '../picture-job.js';
import { archiveSubject, frame, hasUnknown, type Looks, rowsIn, type SpanRows, type SpanSet } from './span-set.js';

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
  const { AVERAGE: average, MAX } = await source.fetchBoth({ name, ...rowsIn(set) });
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
