// The page of the director, as its kernel counts it: totals, each processor, the connection table, synchronisation with other
// directors.

import type { ArchiveInfo } from '../../model/archive.js';
import { affects, type Finding } from '../../model/finding/finding.js';
import { findingTitles } from '../../model/finding/finding-text.js';
import { type DirectorPart, directorName, partName } from '../../model/names/name.js';
import { outboundOf } from '../../model/service/outbound.js';
import { type GraphType, processorTypes } from '../../render/define/graph-request.js';
import { longName } from '../../render/define/heading.js';
import { graphTypesOf } from '../../render/files/content/graph-types.js';
import { processorNumber, processorsOf } from '../../render/files/processor-stacks.js';
import type { Fact } from '../../render/kinds/depiction.js';
import { formatLocal } from '../../render/look/local-time.js';
import { formatFigure } from '../../render/look/si-format.js';
import type { AppParts } from '../app-parts.js';
import type { Figures, Means } from '../data/board.js';
import { capacityFacts } from '../data/capacity-facts.js';
import type { Catalogue } from '../data/catalogue.js';
import { inSlices } from '../data/time-slice.js';
import type { Page, Visit } from '../frame/page-frame.js';
import { pageFindings } from '../now/page-findings.js';
import { RequestError } from '../request-error.js';
import type { Site } from '../site.js';
import { viewQuery } from '../view.js';
import {
  archivePath,
  type Figure,
  figureGroups,
  figureOf,
  graphFigures,
  theDirector,
  theProcessors,
} from './figure.js';
import { leftOutList } from './left-out.js';
import { figuresOnce } from './member-rows.js';
import { newestEvents } from './service-page.js';

/** One processor in the list. */
interface ProcessorRow {
  readonly href: string;
  readonly name: string;
  readonly figures: readonly string[];
  readonly share: string;
  readonly state: string;
}

/** The page of the director. */
export async function directorPage({ site }: AppParts, visit: Visit): Promise<Page> {
  const { catalogue, view, ground } = visit;
  const processors = processorsOf(catalogue.byName.values());
  const figures = await readAllFigures(site, catalogue, processors);
  const parts = (['total', 'table'] as const).flatMap((part) => {
    const archive = catalogue.byName.get(partName(part));
    return archive === undefined ? [] : [archive];
  });
  const graphs = parts.map((archive) => figuresOfPart(archive, visit));
  const { open, ...listed } = pageFindings(site, catalogue, directorName);
  const heat = processors.length === 0 ? [] : processorTypes.map((type) => heatFigure(type, visit));
  return {
    template: 'director',
    path: 'director',
    title: 'Director',
    content: {
      ...listed,
      heading: site.director,
      facts: await directorFacts(site, catalogue, { processors, figures }),
      groups: figureGroups([...heat, ...graphs.flat()], (figure) => figure),
      leftOut: leftOutList(site),
      processors: processorRows(processors, { open, figures, visit, timeZone: site.looks().timeZone }),
      events: await newestEvents(site, { name: directorName }, { view, catalogue }),
      eventsHref: `${ground.basePath}/events?since=797d&name=${directorName}`,
      parentHref: null,
    },
  };
}

/** The page of one of its parts. Throws a `RequestError`. */
export async function partPage({ site }: AppParts, visit: Visit, text: string): Promise<Page> {
  const { catalogue, view, ground } = visit;
  const archive = catalogue.byName.get(partName(text as DirectorPart));
  if (archive === undefined) {
    throw new RequestError(404, `the director has no part ${JSON.stringify(text)}: its page lists them`);
  }
  const { open: _, ...listed } = pageFindings(site, catalogue, archive.name);
  const figures = figuresOfPart(archive, visit);
  return {
    template: 'director',
    path: `director/${text}`,
    title: figures[0]?.endpoint ?? archive.name,
    content: {
      ...listed,
      heading: figures[0]?.endpoint ?? archive.name,
      facts: seenFacts(archive, site.looks().timeZone),
      groups: figureGroups(figures, (figure) => figure),
      leftOut: null,
      processors: [],
      events: [],
      eventsHref: null,
      parentHref: `${ground.basePath}/director${viewQuery(view)}`,
    },
  };
}

function figuresOfPart(archive: ArchiveInfo, { ground, catalogue }: Visit): Figure[] {
  const endpoint = longName(archive.name);
  const subject = { ...theDirector, info: archive, endpoint, outbound: outboundOf(catalogue.reachOf(archive)) };
  return graphTypesOf(archive).map((type) => figureOf(subject, { type, size: 'card' }, ground));
}

function heatFigure(type: (typeof processorTypes)[number], { ground }: Visit): Figure {
  return figureOf(theProcessors, { type, size: 'card' }, ground);
}

/** Figures of archives by name; none for those that are gone. */
async function readAllFigures(
  site: Site,
  catalogue: Catalogue,
  archives: readonly ArchiveInfo[],
): Promise<ReadonlyMap<string, Figures>> {
  const figures = new Map<string, Figures>();
  for await (const info of inSlices(archives)) {
    if (info.goneS === null) figures.set(info.name, await figuresOnce(site, catalogue, info));
  }
  return figures;
}

const listed: readonly GraphType[] = ['cps', 'pps', 'traffic'];

interface ProcessorGround {
  readonly open: readonly Finding[];
  readonly figures: ReadonlyMap<string, Figures>;
  readonly visit: Visit;
  readonly timeZone: string;
}

function processorRows(
  processors: readonly ArchiveInfo[],
  { open, figures, visit, timeZone }: ProcessorGround,
): ProcessorRow[] {
  const packets = new Map(processors.map(({ name }) => [name, packetsOf(figures.get(name)?.now)]));
  const total = [...packets.values()].reduce((sum, value) => sum + (value || 0), 0);
  return processors.map(({ name, goneS }) => {
    const found = open.find((finding) => affects(finding, name));
    const share = (packets.get(name) ?? Number.NaN) / total;
    return {
      href: `${visit.ground.basePath}/${archivePath(name)}${viewQuery(visit.view)}`,
      name: String(processorNumber(name)),
      figures: listed.flatMap((type) =>
        graphFigures(figures.get(name)?.now, type).map(({ value }) => formatFigure(value)),
      ),
      share: total > 0 && !Number.isNaN(share) ? `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %` : '–',
      state:
        goneS === null
          ? found === undefined
            ? ''
            : findingTitles[found.kind]
          : `gone since ${formatLocal(timeZone, goneS)}`,
    };
  });
}

/** Packets in and out per second; NaN if unknown. */
function packetsOf(means: Means | undefined): number {
  return graphFigures(means, 'pps').reduce((sum, { value }) => sum + value, 0);
}

interface DirectorFacts {
  readonly processors: readonly ArchiveInfo[];
  readonly figures: ReadonlyMap<string, Figures>;
}

async function directorFacts(
  site: Site,
  catalogue: Catalogue,
  { processors, figures }: DirectorFacts,
): Promise<Fact[]> {
  const { frozen, syncDaemons } = site.collecting();
  const { timeZone } = site.looks();
  const table = catalogue.byName.get(partName('table'));
  const tableFigures = table === undefined ? undefined : await figuresOnce(site, catalogue, table);
  const facts: (Fact | null)[] = [
    frozen ? ['counters', `frozen since ${formatLocal(timeZone, frozen.sinceS)}: ${frozen.reason}`] : null,
    processors.length > 0 ? ['processors', processorsFact(processors, figures)] : null,
    tableFigures === undefined ? null : ['connection table', tableFact(tableFigures.now)],
    ['synchronisation', syncDaemons === null || syncDaemons === undefined ? 'unknown' : syncDaemons || 'none'],
  ];
  const archive = catalogue.byName.get(directorName);
  const ofCapacity = archive === undefined ? [] : await capacityFacts(site, catalogue, { archive, realServers: [] });
  return [...facts.filter((fact) => fact !== null), ...ofCapacity];
}

/** Their number, and the busiest one, if all are known: "4, of which processor 2 handles 61 % of the packets". */
function processorsFact(processors: readonly ArchiveInfo[], figures: DirectorFacts['figures']): string {
  const there = processors.filter(({ goneS }) => goneS === null);
  const packets = there.map(({ name }) => packetsOf(figures.get(name)?.now));
  const total = packets.reduce((sum, value) => sum + value, 0);
  const most = packets.indexOf(Math.max(...packets));
  const busiest = there[most];
  if (!(total > 0) || busiest === undefined) return String(there.length);
  const share = Math.round((100 * (packets[most] ?? 0)) / total);
  return `${there.length}; processor ${processorNumber(busiest.name)} handles ${share} % of the packets`;
}

/** "4096 buckets, 12.3 k connections, 3.0 a bucket". */
function tableFact(means: Means): string {
  const [size, entries] = [means.get('Size') ?? Number.NaN, means.get('Entries') ?? Number.NaN];
  const buckets = Number.isNaN(size) ? 'number of buckets unknown' : bucketsFact(size);
  if (Number.isNaN(entries)) return `${buckets}, connections unknown ("lvs-stats doctor" says why)`;
  const load = size > 0 ? `, ${(entries / size).toFixed(2)} per bucket` : '';
  return `${buckets}, ${formatFigure(entries)} connections${load}`;
}

/** If a table was resized within the row, its mean mixes two sizes, neither of which is certain. */
function bucketsFact(size: number): string {
  return Number.isInteger(size) ? `${size} buckets` : `about ${Math.round(size)} buckets (being resized)`;
}

function seenFacts({ firstS, lastS, goneS }: ArchiveInfo, timeZone: string): Fact[] {
  const facts: Fact[] = [
    ['first seen', formatLocal(timeZone, firstS)],
    ['last seen', formatLocal(timeZone, lastS)],
  ];
  if (goneS !== null) facts.push(['gone since', formatLocal(timeZone, goneS)]);
  return facts;
}
