// `lvs-stats render`: pictures, at the lowest priority: the standing ones, or those of a given span into a folder.

import { hostname } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type ArchiveInfo, newestReadingS } from '../model/archive.js';
import { nameMatcher } from '../model/match-name.js';
import { directorName } from '../model/name.js';
import { reachFinder } from '../model/outbound.js';
import { parseSpan } from '../model/parse-span.js';
import { realServersByService } from '../model/real-servers.js';
import type { SeriesSource } from '../model/series.js';
import { UserError } from '../model/user-error.js';
import { createDrawPool } from '../render/draw-pool.js';
import {
  type GraphType,
  listedTypes,
  type Period,
  type ProcessorType,
  periods,
  processorTypes,
  type ShareType,
  shareTypes,
  stackTypes,
  tableTypes,
} from '../render/graph-request.js';
import { hostsOf } from '../render/host-names.js';
import { formatLocal } from '../render/local-time.js';
import { writePicture } from '../render/picture-file.js';
import type { PictureJob } from '../render/picture-job.js';
import { type GraphJobs, graphJobs, graphTypesOf, type Looks, type SpanSet, stackJobs } from '../render/picture-set.js';
import { processorJobs, processorsOf } from '../render/processor-stacks.js';
import { rangeSet } from '../render/range-set.js';
import { type RefreshTally, refreshPictures } from '../render/refresh.js';
import { shareJobs } from '../render/service-stacks.js';
import { beginStacks } from '../render/stack-progress.js';
import { addServices, type DrawAll, type Lend } from '../render/standing-picture.js';
import { readDirectorTold } from '../render/told.js';
import type { ReportSpan } from '../report/archive-report.js';
import { formatReportHtml, type PageTheme } from '../report/html.js';
import { formatReportCsv, formatReportJson } from '../report/record.js';
import { coarseStretches, type Report, ReportBuilder, readArchiveReport, reportSpan } from '../report/report.js';
import { removeLeftoversBelow } from '../store/leftovers.js';
import { lendOf } from './lend.js';
import { workAsOwner } from './owner.js';
import { drawnSince, looksOf, picturesFolder } from './pictures.js';
import { lowerPriority } from './priority.js';
import { createProgress } from './progress.js';
import { drawReportPictures } from './report-pictures.js';
import { addCommand, packageRoot, parseCount, print, say } from './settings.js';

interface RenderOptions {
  readonly data: string;
  readonly since?: string;
  readonly until?: string;
  readonly vs?: string;
  readonly type?: readonly AnyType[];
  readonly out?: string;
  readonly theme: PageTheme;
  readonly top: number;
  readonly director: string;
  readonly format: readonly ReportFormat[];
  readonly scale: '1' | '2';
  readonly threads: number;
}

/** What is written of a span. */
const reportFormats = ['html', 'csv', 'json', 'png'] as const;
type ReportFormat = (typeof reportFormats)[number];

/** The graphs of any archive, of a service's real servers, and of the director's processors. */
type AnyType = GraphType | ShareType | ProcessorType;
const anyTypes: readonly AnyType[] = [...listedTypes, ...shareTypes, ...processorTypes, ...tableTypes];

const help = `
Without --since: every standing picture (day, week, month, year) that is out of date, into data/graphs.
With --since: into --out the pictures of that span, one file each, and a report: report.html (needs nothing beside it), report.csv
and report.json with the same numbers. Without --until the span ends with the last reading.

  Times: an age before the end (24h, 7d, 4w, 6mo of 31 days, 1y), a date (2026-11-21, "2026-11-21 14:30"), epoch seconds, or as
  rrdtool has them: now-1h, end-1d, start+7d, midnight, "midnight yesterday"; now is the last reading.

  --vs takes a name, or a pattern of names or addresses; real servers are named after their service:
    --vs 192.0.2.1:80   --vs '192.0.2.*'   --vs '*:443'   --vs '192.0.2.1_80/*'   --vs all
  --type: ${anyTypes.join(', ')}

Examples:
  lvs-stats render --since 1y --out report
  lvs-stats render --since 6mo --out mail --format html --theme auto --top 10
  lvs-stats render --since 2026-11-01 --until 2026-11-08 --vs '*:443' --type cps,traffic --out https`;

/** Adds the command. */
export function addRender(program: Command): void {
  addCommand(program, 'render', 'Draws pictures, of a span or the standing ones.')
    .option('--since <time>', 'begin of the span: 24h, 7d, 4w, 6mo, 1y, a date, epoch seconds')
    .option('--until <time>', 'end of the span (default: the last reading)')
    .option('--vs <pattern>', 'only these virtual servers (default: all of them, and the director)')
    .option('--type <types>', 'only these graph types, separated by commas', parseTypes)
    .option('--out <dir>', 'the folder to draw into')
    .option(
      '--format <formats>',
      'of a span: html, csv, json (the report), png (the pictures)',
      parseFormats,
      reportFormats,
    )
    .option('--top <number>', 'so many of the busiest have pictures in the report', parseCount, 20)
    .option('--director <name>', 'whose numbers these are', hostname())
    .addOption(new Option('--theme <theme>', 'colours').choices(['light', 'dark', 'auto']).default('light'))
    .addOption(new Option('--scale <scale>', 'device pixels a pixel').choices(['1', '2']).default('1'))
    .option(
      '--threads <number>',
      'draw in so many: the cores there are, where the machine has nothing else to do',
      parseCount,
      1,
    )
    .addHelpText('after', help)
    .action(async (options: RenderOptions, command: Command) => {
      if (options.since === undefined && (options.until ?? options.vs ?? options.type) !== undefined) {
        command.error('error: --until, --vs and --type go with --since', { exitCode: 2 });
      }
      if (options.since !== undefined && options.out === undefined) {
        command.error('error: --since needs --out DIR, the folder to draw into', { exitCode: 2 });
      }
      await render(options);
    });
}

async function render(options: RenderOptions): Promise<void> {
  const { data, theme, scale, threads, since, out } = options;
  const looks = looksOf(data, { theme: theme === 'dark' ? 'dark' : 'light', pixelRatio: scale === '2' ? 2 : 1 });
  const owner = workAsOwner(data);
  lowerPriority();
  const pool = createDrawPool(threads);
  const draw: DrawAll =
    out === undefined || isBelow(out, data) ? pool.draw : (jobs) => owner.asRoot(() => pool.draw(jobs));
  try {
    if (since === undefined) {
      const { drawn, same } = await renderStanding(data, { folder: out ?? picturesFolder(data), looks, draw });
      print(`${drawn} pictures drawn, ${same} unchanged, in ${out ?? picturesFolder(data)}`);
    } else {
      const asCaller = out === undefined || isBelow(out, data) ? direct : owner.asRoot;
      const { drawn, written } = await renderSpan({ ...options, since, out: out ?? '.' }, looks, { draw, asCaller });
      if (options.format.includes('png')) print(`${drawn} pictures drawn in ${out}`);
      for (const path of written) print(path);
    }
  } finally {
    await pool.close();
  }
}

/** Is a path within a folder? What lies in the data folder is its owner's, what lies elsewhere is the caller's. */
function isBelow(path: string, folder: string): boolean {
  return !relative(folder, resolve(path)).startsWith('..');
}

/** Draws every standing picture that is out of date. */
export async function renderStanding(
  dataDir: string,
  { folder, looks, draw }: { folder: string; looks: Looks; draw: DrawAll },
): Promise<RefreshTally> {
  removeLeftoversBelow(folder);
  return refreshPictures({
    lend: lendOf(dataDir),
    draw,
    folder,
    looks,
    ...drawnSince(dataDir),
    busyness: new Map(),
    hasBudget: () => true,
    periods: Object.keys(periods) as Period[],
  });
}

async function renderSpan(
  options: SpanOptions,
  looks: Looks,
  { draw, asCaller }: { readonly draw: DrawAll; readonly asCaller: AsCaller },
): Promise<{ readonly drawn: number; readonly written: readonly string[] }> {
  const lend = lendOf(options.data);
  const archives = await lend((source) => source.list());
  const set = await spanSet(lend, { ...options, timeZone: looks.timeZone }, archives);
  const chosen = chooseArchives(archives, options.vs, looks);
  const reachOf = reachFinder(archives);
  const realServers = realServersByService(archives);
  const progress = createProgress('render', chosen.length);
  const isWanted = (format: ReportFormat): boolean => options.format.includes(format);
  const isReported = reportFormats.some((format) => format !== 'png' && isWanted(format));
  const lastS = newestReadingS(archives);
  const span = reportSpan(set.span, lastS);
  tellCoarse(span, looks.timeZone);
  const builder = new ReportBuilder();
  const read = async (archive: ArchiveInfo, isChosen: boolean): Promise<void> => {
    const hosts = hostsOf(archive.name, looks.hosts);
    const wanted = { reach: reachOf(archive), hosts };
    builder.add(await lend((source) => readArchiveReport(source, wanted, span)), isChosen);
  };
  const jobs = (archive: ArchiveInfo, types: readonly AnyType[] | undefined): Promise<readonly PictureJob[]> =>
    archive.name === directorName
      ? directorJobs(lend, archives, { set, looks, types })
      : lend((source) => {
          const reach = reachOf(archive);
          const own = realServers.get(archive.name) ?? [];
          return jobsOf(source, { reach, realServers: own, set, looks, chosen: types });
        });
  let drawn = 0;
  for (const [i, archive] of chosen.entries()) {
    if (isReported) await read(archive, true);
    if (isWanted('png')) drawn += (await draw(await jobs(archive, options.type))).length;
    progress(i + 1);
  }
  if (!isReported) return { drawn, written: [] };
  const director = archives.find(({ name }) => name === directorName);
  if (director !== undefined && !chosen.includes(director)) await read(director, false);
  const { timeZone, note } = looks;
  const report = builder.finish({ director: options.director, span, lastS, timeZone, note });
  const detailed = [...(report.hasAll && director !== undefined ? [director] : []), ...topOf(report, options.top)];
  const types: readonly AnyType[] = options.type ?? ['traffic', 'cps'];
  const jobsInOrder = async (archive: ArchiveInfo): Promise<readonly PictureJob[]> => {
    const all = await jobs(archive, types);
    const place = ({ path }: PictureJob): number => types.findIndex((type) => path.endsWith(`-${type}.png`));
    return all.toSorted((a, b) => place(a) - place(b));
  };
  const texts: Readonly<Record<Exclude<ReportFormat, 'png'>, () => string | Promise<string>>> = {
    html: async () => {
      const pictures = await drawReportPictures(detailed, (archive) => jobsInOrder(archive), options.theme);
      return formatReportHtml(report, { viewsFolder: join(packageRoot, 'views'), theme: options.theme, pictures });
    },
    csv: () => formatReportCsv(report),
    json: () => formatReportJson(report),
  };
  const written: string[] = [];
  for (const format of ['html', 'csv', 'json'] as const) {
    if (!isWanted(format)) continue;
    const path = join(options.out, `report.${format}`);
    const bytes = Buffer.from(await texts[format]());
    await asCaller(async () => writePicture(path, bytes, set.span.endS));
    written.push(path);
  }
  return { drawn, written };
}

function topOf({ archives }: Report, top: number): readonly ArchiveInfo[] {
  return archives.slice(0, top).map(({ archive }) => archive);
}

/** Says which rows there are where finer ones have left. */
function tellCoarse(span: ReportSpan, timeZone: string): void {
  const coarse = coarseStretches(span).map(({ what, toS }) => `${what} up to ${formatLocal(timeZone, toS)}`);
  if (coarse.length > 0) say(`old rows are coarser than 5 minutes: ${coarse.join(', ')}`);
}

interface SpanOptions extends RenderOptions {
  readonly since: string;
  readonly out: string;
}

type AsCaller = <T>(use: () => Promise<T>) => Promise<T>;
const direct: AsCaller = (use) => use();

interface Wanted extends Omit<GraphJobs, 'types'> {
  readonly realServers: readonly ArchiveInfo[];
  /** The types that were asked for; without them all. */
  readonly chosen: readonly AnyType[] | undefined;
}

async function jobsOf(
  source: SeriesSource,
  { chosen, realServers, ...wanted }: Wanted,
): Promise<readonly PictureJob[]> {
  const isWanted = (type: AnyType): boolean => chosen === undefined || chosen.includes(type);
  const graphs = await graphJobs(source, {
    ...wanted,
    types: graphTypesOf(wanted.reach.archive).filter(isWanted),
  });
  const { reach, set, looks } = wanted;
  const service = reach.archive;
  return [
    ...graphs,
    ...(await shareJobs(source, { service, realServers, set, looks, types: shareTypes.filter(isWanted) })),
  ];
}

async function directorJobs(
  lend: Lend,
  archives: readonly ArchiveInfo[],
  { set, looks, types }: { set: SpanSet; looks: Looks; types: readonly AnyType[] | undefined },
): Promise<readonly PictureJob[]> {
  const isWanted = (type: AnyType): boolean => types === undefined || types.includes(type);
  const wanted = stackTypes.filter(isWanted);
  const begun = beginStacks(wanted, set, set.span.endS);
  const { progress } = await addServices({ lend, looks }, archives, { set, progress: begun, goesOn: () => true });
  const told = await lend((source) => readDirectorTold(source, set));
  const processors = processorsOf(archives);
  const ofProcessors = { processors, set, looks, types: processorTypes.filter(isWanted) };
  return [
    ...stackJobs(progress.stacks, { set, looks, told }),
    ...(await lend((source) => processorJobs(source, ofProcessors))),
  ];
}

/** The span in whole rows: fine enough for the picture's width, and no finer than the archives go back. */
async function spanSet(
  lend: Lend,
  { timeZone, ...options }: { since: string; until?: string; out: string; timeZone: string },
  archives: readonly ArchiveInfo[],
): Promise<SpanSet> {
  const lastS = newestReadingS(archives);
  const { startS, untilS } = parseSpan(options.since, options.until, lastS);
  const wishS = Object.values(periods).find(({ spanS }) => untilS - startS <= 2 * spanS)?.stepS ?? periods.year.stepS;
  const range = { startS, untilS, lastS, wishS, timeZone };
  return { folder: options.out, ...(await lend((source) => rangeSet(source, range))) };
}

/** Those that the pattern matches, by name, address or host name; without one, the director and all services. */
function chooseArchives(
  archives: readonly ArchiveInfo[],
  pattern: string | undefined,
  { hosts }: Looks,
): readonly ArchiveInfo[] {
  if (pattern === undefined) return archives.filter(({ name }) => !name.includes('/'));
  const isMatch = nameMatcher(pattern);
  const chosen = archives.filter(({ name }) => isMatch(name, hostsOf(name, hosts)));
  if (chosen.length > 0) return chosen;
  throw new UserError('no-match', `no archive matches --vs ${pattern}: "lvs-stats list" shows the names there are`);
}

function parseFormats(text: string): readonly ReportFormat[] {
  return text.split(',').map((part) => {
    const format = reportFormats.find((known) => known === part);
    if (format === undefined) throw new InvalidArgumentError(`"${part}" is none of ${reportFormats.join(', ')}.`);
    return format;
  });
}

function parseTypes(text: string): readonly AnyType[] {
  return text.split(',').map((part) => {
    const type = anyTypes.find((known) => known === part);
    if (type === undefined) throw new InvalidArgumentError(`"${part}" is none of ${anyTypes.join(', ')}.`);
    return type;
  });
}
