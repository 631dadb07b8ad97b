// Renders a span into a folder: one file per picture, and a report on the same archives.

import { join } from 'node:path';
import type { LendToRead } from '../cli/lend.js';
import { createProgress } from '../cli/progress.js';
import { packageRoot, say } from '../cli/settings.js';
import { type ArchiveInfo, newestReadingS } from '../model/archive.js';
import { kindOf } from '../model/kinds/registry.js';
import { nameMatcher } from '../model/names/match-name.js';
import { directorName } from '../model/names/name.js';
import type { Policy } from '../model/policy/policy.js';
import { lengthWords, rowName, standardRetention } from '../model/retention.js';
import { reachFinder } from '../model/service/outbound.js';
import { type ParsedSpan, parseSpan } from '../model/time/parse-span.js';
import { UserError } from '../model/user-error.js';
import type { Ago } from '../render/define/comparison.js';
import { periods } from '../render/define/graph-request.js';
import { rangeSet } from '../render/files/content/range-set.js';
import type { Looks, SpanSet } from '../render/files/content/span-set.js';
import { prepareFolder, writePicture } from '../render/files/picture-file.js';
import type { PictureJob } from '../render/files/picture-job.js';
import type { DrawAll, Lend } from '../render/files/standing-picture.js';
import { hostsOf } from '../render/look/host-names.js';
import { formatLocal } from '../render/look/local-time.js';
import { countDrawn, countFailed, type DrawTally, emptyTally } from '../render/png/draw-tally.js';
import type { ReportSpan } from '../report/archive-report.js';
import { formatReportHtml, type PageTheme } from '../report/html.js';
import { formatReportCsv, formatReportJson } from '../report/record.js';
import { coarseStretches, type Report, ReportBuilder, reportSpan } from '../report/report.js';
import { drawReportPictures } from './report-pictures.js';
import { type LendTable, reportRedundancy } from './report-redundancy.js';
import { type AnyType, type SpanJobs, spanJobs } from './span-jobs.js';
import { readTurn } from './span-turn.js';

/** The formats of a report. */
export const reportFormats = ['html', 'csv', 'json', 'png'] as const;

/** One of them. */
export type ReportFormat = (typeof reportFormats)[number];

/** The span, its archives, and the destination. */
export interface SpanOptions {
  readonly since: string;
  readonly until?: string;
  readonly vs?: string;
  readonly type?: readonly AnyType[];
  readonly compare?: Ago;
  readonly out: string;
  readonly theme: PageTheme;
  /** Number of the busiest archives that have pictures in the report. */
  readonly top: number;
  readonly director: string;
  readonly format: readonly ReportFormat[];
}

/** The archives, and the tools that draw pictures and write files: `asCaller` for files that do not belong to the data folder's owner. */
export interface SpanTools {
  readonly lend: LendToRead;
  readonly lendTable: LendTable | null;
  readonly looks: Looks;
  readonly policy: Policy;
  readonly draw: DrawAll;
  readonly asCaller: <T>(use: () => Promise<T>) => Promise<T>;
}

/** The outcome of the pictures, including the report's failed ones, and the report's files. */
export interface SpanDone {
  readonly tally: DrawTally;
  readonly written: readonly string[];
}

/** Draws and reports a span. Throws a `UserError` when nothing matches, or when the folder is not writable. */
export async function renderSpan(options: SpanOptions, tools: SpanTools): Promise<SpanDone> {
  const { looks, draw, lend, lendTable } = tools;
  const archives = await lend((source) => source.list());
  const { set, figuresEndS } = await spanSet(lend, { ...options, timeZone: looks.timeZone }, archives);
  const chosen = chooseArchives(archives, options.vs, looks);
  await tools.asCaller(async () => prepareFolder(options.out));
  const ground = { lend, archives, reachOf: reachFinder(archives), set, looks, ago: options.compare };
  const isReported = options.format.some((format) => format !== 'png');
  const jobs = spanJobs(ground);
  const lastS = newestReadingS(archives);
  const retention = archives[0]?.retention ?? standardRetention;
  const span = reportSpan({ startS: set.span.startS, endS: figuresEndS }, lastS, retention);
  tellCoarse(span, looks.timeZone);
  const wanted = {
    ground,
    span: isReported ? span : undefined,
    jobs: options.format.includes('png') ? jobs : undefined,
    types: options.type,
  };
  const builder = new ReportBuilder();
  const progress = createProgress('render', chosen.length);
  const tally = emptyTally();
  let done = 0;
  while (done < chosen.length) {
    for (const { numbers, jobs } of await readTurn(wanted, chosen.slice(done))) {
      if (numbers !== null) builder.add(numbers);
      countDrawn(tally, await draw(jobs));
      done += 1;
      progress(done);
    }
  }
  if (!isReported) return { tally, written: [] };
  const director = archives.find(({ name }) => name === directorName);
  if (director !== undefined && !chosen.includes(director)) {
    const [turn] = await readTurn({ ...wanted, jobs: undefined }, [director]);
    if (turn?.numbers) builder.add(turn.numbers, false);
  }
  const { timeZone, note } = looks;
  const redundancy = await reportRedundancy({ ...options, lendTable, policy: tools.policy, chosen });
  const frame = { director: options.director, span, picturesEndS: set.span.endS, lastS, timeZone, note, redundancy };
  const report = builder.finish(frame);
  return { tally, written: await writeReport(report, options, { ...tools, jobs, tally }) };
}

/** The pictures of the page when no types were requested. */
const pictured: readonly AnyType[] = ['traffic', 'cps', 'sps'];

/** Writes the requested formats, and returns the paths of the files. */
async function writeReport(
  report: Report,
  { out, format, theme, top, type: types = pictured }: SpanOptions,
  { looks, asCaller, jobs, tally }: SpanTools & { readonly jobs: SpanJobs; readonly tally: DrawTally },
): Promise<readonly string[]> {
  const place = ({ path }: PictureJob): number => types.findIndex((type) => path.endsWith(`-${type}.png`));
  const jobsInOrder = async (archive: ArchiveInfo): Promise<readonly PictureJob[]> =>
    (await jobs(archive, { types })).toSorted((a, b) => place(a) - place(b));
  const texts = {
    html: async () => {
      const pictures = await drawReportPictures(detailedIn(report, top), jobsInOrder, {
        theme,
        shape: looks.shape,
        onFailure: (failed) => countFailed(tally, failed),
      });
      return formatReportHtml(report, { viewsFolder: join(packageRoot, 'views'), theme, pictures });
    },
    csv: async () => formatReportCsv(report),
    json: async () => formatReportJson(report),
  };
  const written: string[] = [];
  for (const name of ['html', 'csv', 'json'] as const) {
    if (!format.includes(name)) continue;
    const path = join(out, `report.${name}`);
    const bytes = Buffer.from(await texts[name]());
    await asCaller(async () => writePicture(path, bytes, report.span.endS));
    written.push(path);
  }
  return written;
}

/** The director, if it was chosen, and the busiest. */
function detailedIn({ all, hasAll, archives }: Report, top: number): readonly ArchiveInfo[] {
  return [...(all !== null && hasAll ? [all] : []), ...archives.slice(0, top)].map(({ archive }) => archive);
}

/** Reports which rows remain where finer ones have expired. */
function tellCoarse(span: ReportSpan, timeZone: string): void {
  const coarse = coarseStretches(span).map(({ what, toS }) => `${what} up to ${formatLocal(timeZone, toS)}`);
  if (coarse.length > 0) say(`old rows are coarser than ${lengthWords(span.retention.stepS)}: ${coarse.join(', ')}`);
}

/**
 * The span in whole rows: fine enough for the picture's width, and no finer than the archives' reach. The figures of the report go
 * on to the last whole step, although the pictures' last row is not complete yet.
 */
async function spanSet(
  lend: Lend,
  { timeZone, ...options }: { since: string; until?: string; out: string; timeZone: string },
  archives: readonly ArchiveInfo[],
): Promise<{ readonly set: SpanSet; readonly figuresEndS: number }> {
  const lastS = newestReadingS(archives);
  const { startS, untilS } = parseSpan(options.since, options.until, lastS);
  const wishS = Object.values(periods).find(({ spanS }) => untilS - startS <= 2 * spanS)?.stepS ?? periods.year.stepS;
  const range = { startS, untilS, lastS, wishS, timeZone };
  const set = { folder: options.out, ...(await lend((source) => rangeSet(source, range))) };
  tellLonger(set, { startS, untilS });
  return { set, figuresEndS: endOfFigures(set, Math.min(untilS, lastS)) };
}

/** The later of the end of the pictures and the last whole step up to a time. */
function endOfFigures({ span, pdpS }: SpanSet, toS: number): number {
  return Math.max(span.endS, toS - (toS % pdpS));
}

/** Reports that a span is shorter than the rows that remain of it. */
function tellLonger({ span, rowS }: SpanSet, { startS, untilS }: ParsedSpan): void {
  if (untilS - startS >= rowS) return;
  say(`only ${rowName(rowS)} rows remain of that time, so pictures and report show ${span.label}`);
}

/** Archives that match the pattern by name, address or host name; without one, the director and all services. */
function chooseArchives(
  archives: readonly ArchiveInfo[],
  pattern: string | undefined,
  { hosts }: Looks,
): readonly ArchiveInfo[] {
  if (pattern === undefined) return archives.filter(({ about }) => kindOf(about).hasStandingPictures);
  const isMatch = nameMatcher(pattern);
  const chosen = archives.filter(({ name }) => isMatch(name, hostsOf(name, hosts)));
  if (chosen.length > 0) return chosen;
  throw new UserError('no-match', `no archive matches --vs ${pattern}: "lvs-stats list" shows the names`);
}
