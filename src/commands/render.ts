// `lvs-stats render`: draws pictures at the lowest priority: the standing ones, or those of a given span into a folder, with a report.

import { hostname } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { lendEngine, lendOf } from '../cli/lend.js';
import { addFromOptions, enginePlaceOf, type FromOptions } from '../cli/options/from-options.js';
import { parseSize } from '../cli/options/size-option.js';
import { workAsOwner } from '../cli/owner.js';
import { addPolicyOption, readPolicy } from '../cli/policy/policy-file.js';
import { lowerPriority } from '../cli/priority.js';
import { addCommand, parseCount, print, say } from '../cli/settings.js';
import { drawnSince, looksOf, picturesFolder, tellFailures } from '../drawing/pictures.js';
import { type ReportFormat, renderSpan, reportFormats } from '../drawing/render-span.js';
import { type AnyType, anyTypes } from '../drawing/span-jobs.js';
import { countOf } from '../model/text/count-of.js';
import { type Ago, agos } from '../render/define/comparison.js';
import { type Period, periods, type Shape } from '../render/define/graph-request.js';
import type { Looks } from '../render/files/content/span-set.js';
import { refreshPictures } from '../render/files/refresh.js';
import type { RefreshTally } from '../render/files/refresh-tally.js';
import type { DrawAll, Lend } from '../render/files/standing-picture.js';
import { createDrawPool } from '../render/png/draw-pool.js';
import type { PageTheme } from '../report/html.js';
import { removeLeftoversBelow } from '../store/leveldb/leftovers.js';

interface RenderOptions extends FromOptions {
  readonly data: string;
  readonly since?: string;
  readonly until?: string;
  readonly vs?: string;
  readonly type?: readonly AnyType[];
  readonly compare?: Ago;
  readonly out?: string;
  readonly theme: PageTheme;
  readonly top: number;
  readonly director: string;
  readonly format: readonly ReportFormat[];
  readonly scale: '1' | '2';
  readonly size?: Shape;
  readonly threads: number;
  readonly policy?: string;
}

const help = `
Without --since, it redraws every standing picture (day, week, month, year) that is out of date, in graphs/ of the data folder.
With --since, it writes the pictures of that span into --out, and a report: report.html (self-contained), report.csv and report.json.
Without --until, the span ends with the last reading: the figures with its last whole step, pictures with their last whole row.

  Times: an age before the end (24h, 7d, 4w, 6mo of 31 days, 1y), a date (2026-11-21, "2026-11-21 14:30"), epoch seconds, or
  rrdtool's forms: now-1h, end-1d, start+7d, midnight, "midnight yesterday"; now is the last reading.

  --vs takes a name, or a pattern of names or addresses; real servers are named after their service:
    --vs 192.0.2.1:80   --vs '192.0.2.*'   --vs '*:443'   --vs '192.0.2.1_80/*'   --vs all
  --type: ${anyTypes.join(', ')}
  --size: card is 760x300, tile 380x190. Below 680x270, the legend takes one line. The size also applies to the large pictures
    inside report.html, at twice the resolution; a narrower page shrinks them. It does not change which rows are shown.

Examples:
  lvs-stats render --since 1y --out report
  lvs-stats render --since 6mo --out mail --format html --theme auto --top 10
  lvs-stats render --since 7d --compare 1w --out weeks
  lvs-stats render --since 31d --size 1520x600 --out wall
  lvs-stats render --since 2026-11-01 --until 2026-11-08 --vs '*:443' --type cps,traffic --out https
  lvs-stats render --since 3y --out years --from http://metrics.example.com:8428 --from-director lb1`;

/** Options that do not apply to standing pictures. */
const spanOptions = ['from', 'until', 'vs', 'type', 'compare', 'format', 'top', 'director', 'size'];

/** Adds the command. */
export function addRender(program: Command): void {
  const command = addCommand(program, 'render', {
    group: 'Look',
    description: 'Draws pictures and a report of any span, or refreshes the standing pictures.',
  });
  addFromOptions(addPolicyOption(command))
    .option('--since <time>', 'start of the span: 24h, 7d, 4w, 6mo, 1y, a date, epoch seconds')
    .option('--until <time>', 'end of the span (default: the last reading)')
    .option('--vs <pattern>', 'only these services (default: all of them, and the director)')
    .option('--type <types>', 'only these graph types, separated by commas', parseTypes)
    .addOption(
      new Option('--compare <ago>', 'also show the lines of a week, a day or four weeks before, in grey').choices(agos),
    )
    .option('--out <dir>', 'the folder to draw into')
    .option(
      '--format <formats>',
      'what to write for a span: html, csv, json (the report), png (the pictures)',
      parseFormats,
      reportFormats,
    )
    .option('--top <number>', 'number of busiest archives with pictures in the report', parseCount, 20)
    .addOption(
      new Option('--director <name>', 'name of the director on pages and reports').default(
        hostname(),
        "this machine's name",
      ),
    )
    .addOption(new Option('--theme <theme>', 'colours').choices(['light', 'dark', 'auto']).default('light'))
    .option('--size <size>', 'size of the pictures: card, tile, or WIDTHxHEIGHT in pixels (default: card)', parseSize)
    .addOption(new Option('--scale <scale>', 'device pixels per pixel').choices(['1', '2']).default('1'))
    .option('--threads <number>', 'number of drawing threads', parseCount, 1)
    .addHelpText('after', help)
    .action(async (options: RenderOptions, command: Command) => {
      const isStray = spanOptions.some((name) => command.getOptionValueSource(name) === 'cli');
      if (options.since === undefined && isStray) {
        const message =
          'error: --until, --vs and --type go with --since, as --compare, --format, --top, --director, --size and --from do';
        command.error(message, { exitCode: 2 });
      }
      if (options.since !== undefined && options.out === undefined) {
        command.error('error: --since needs --out DIR, the folder to draw into', { exitCode: 2 });
      }
      // A director in an engine has its own name.
      const isNamed = command.getOptionValueSource('director') !== 'default';
      const { from, fromDirector } = options;
      const director = isNamed || from === undefined ? options.director : (fromDirector ?? options.director);
      await render({ ...options, director });
    });
}

async function render(options: RenderOptions): Promise<void> {
  const { data, theme, scale, size, threads, since, out } = options;
  const place = since === undefined ? null : enginePlaceOf(options, process.env);
  const shape = size === undefined ? {} : { shape: size };
  const { policy, problem } = await readPolicy(options.policy, () => Date.now() / 1000);
  if (problem !== null) say(problem.text, { level: 'error', code: 'bad-config' });
  if (problem !== null) process.exitCode = 1;
  const looks = looksOf(data, {
    theme: theme === 'dark' ? 'dark' : 'light',
    pixelRatio: scale === '2' ? 2 : 1,
    capacity: policy.capacity,
    ...shape,
    // That of the data folder does not concern an engine.
    ...(place === null ? {} : { note: null }),
  });
  const owner = workAsOwner(data);
  lowerPriority();
  const pool = createDrawPool(threads);
  const folder = out ?? picturesFolder(data);
  const asCaller = <T>(use: () => Promise<T>): Promise<T> => owner.asOwnerOf(folder, use);
  const lendArchives = lendOf(data);
  const archives =
    place === null ? { lend: lendArchives, lendTable: lendArchives } : { lend: lendEngine(place), lendTable: null };
  const lend: Lend = (use) => owner.asOwner(() => lendArchives(use));
  const draw: DrawAll = (jobs) => asCaller(() => pool.draw(jobs));
  try {
    if (since === undefined) {
      const request = { folder, looks, draw: pool.draw, lend };
      const tally = await asCaller(() => renderStanding(data, request));
      print(`${pictures(tally.drawn)} drawn, ${tally.same} unchanged, in ${folder}`);
      tellFailures(tally);
    } else {
      const span = { ...options, since, out: out ?? '.' };
      const { tally, written } = await renderSpan(span, { ...archives, looks, policy, draw, asCaller });
      if (options.format.includes('png')) print(`${pictures(tally.drawn + tally.same)} drawn in ${out}`);
      for (const path of written) print(path);
      tellFailures(tally);
    }
  } finally {
    await pool.close();
  }
}

/** Draws every standing picture that is out of date. */
export async function renderStanding(
  dataDir: string,
  { folder, looks, draw, lend = lendOf(dataDir) }: { folder: string; looks: Looks; draw: DrawAll; lend?: Lend },
): Promise<RefreshTally> {
  removeLeftoversBelow(folder);
  return refreshPictures({
    lend,
    draw,
    folder,
    looks,
    ...drawnSince(dataDir),
    busyness: new Map(),
    hasBudget: () => true,
    periods: Object.keys(periods) as Period[],
  });
}

function parseFormats(text: string): readonly ReportFormat[] {
  return text.split(',').map((part) => {
    const format = reportFormats.find((known) => known === part);
    if (format === undefined) throw new InvalidArgumentError(`"${part}" is not one of ${reportFormats.join(', ')}.`);
    return format;
  });
}

function parseTypes(text: string): readonly AnyType[] {
  return text.split(',').map((part) => {
    const type = anyTypes.find((known) => known === part);
    if (type === undefined) throw new InvalidArgumentError(`"${part}" is not one of ${anyTypes.join(', ')}.`);
    return type;
  });
}

function pictures(count: number): string {
  return countOf(count, 'picture');
}
