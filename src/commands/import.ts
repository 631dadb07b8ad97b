// `lvs-stats import`: imports archives from rrdtool files of any program.

import { type Command, InvalidArgumentError, Option } from 'commander';
import { type ImportOutcome, knownText, nothingTaken, takenText } from '../cli/import-report.js';
import { formatLocal } from '../cli/local-time.js';
import { retentionOption } from '../cli/options/retention-option.js';
import { type Owner, workAsOwner } from '../cli/owner.js';
import { addCommand, print, say } from '../cli/settings.js';
import { picturesFolder } from '../drawing/pictures.js';
import type { About, DataSource } from '../model/archive.js';
import type { Dump } from '../model/dump.js';
import { dataSourcesFor } from '../model/kinds/registry.js';
import { aboutOfName, resolveName } from '../model/names/parse-name.js';
import { isSameRetention, otherRetention, type Retention, standardRetention } from '../model/retention.js';
import { UserError } from '../model/user-error.js';
import { removePictures } from '../render/files/forgotten.js';
import { archiveOfFile, type KnownFile, knownFile } from '../rrd/known-files.js';
import { checkLimits, type Limit, parseLimit, withoutAbove } from '../rrd/limits.js';
import { mapSources, type NameMap, parseMapping } from '../rrd/map-sources.js';
import { findOutliers } from '../rrd/outliers.js';
import { readDump } from '../rrd/read-dump.js';
import type { Archives } from '../store/archives.js';
import { fittingRows } from '../store/import/foreign-rows.js';
import { withWritableArchives } from '../store/open.js';

interface ImportOptions {
  readonly data: string;
  readonly name?: string;
  readonly map: NameMap;
  readonly retention?: Retention;
  readonly max: readonly Limit[];
}

const help = `
FILE is a .rrd (read by "rrdtool dump") or the XML of "rrdtool dump", also as .gz. Known values are kept, whether they were
collected or imported. Rows of a length that the archives keep are imported unchanged; all others are consolidated as "rrdtool create --source"
does it. docs/moving.md describes gaps and maxima.

The name of the archive is the file's: 192.0.2.1_80.rrd, all.rrd, 192.0.2.1_80/10.0.0.5_8080.rrd. Files of collectd's ipvs
plugin (ipvs-192.0.2.1_TCP80/if_octets-total.rrd) are recognized, too; those of firewall marks (ipvs-0.0.0.0_TCP0) need --name fwm_1, which
includes their real servers. All others need --name, and --map for data sources whose names differ from
these: ActiveConn, InActConn, Conns, InPkts, OutPkts, InBytes, OutBytes. DERIVE, COUNTER, DDERIVE, DCOUNTER and ABSOLUTE go into the
last five, GAUGE into the first two.

Values that cannot be right, such as the rate of a counter that was reset but taken for wrapped, are imported and listed. --max leaves
out values above it or below zero:
  --max 10Gbit      of traffic: 10 Gbit/s, which is 1.25e9 bytes per second
  --max Conns=50k   of one data source, by its name here: per second, or as read
  --max 5e9         of every data source, in its own unit
k, M, G and T are powers of 1000. The option can be repeated.

The exit status is 1 when a file could not be imported, or when no file had anything new.

Examples:
  lvs-stats import /var/lib/old-tool/*.rrd
  lvs-stats import /var/lib/collectd/rrd/lb1/ipvs-*/*.rrd
  lvs-stats import web.rrd --name 192.0.2.1:80 --map act=ActiveConn --map inact=InActConn --max 10Gbit`;

/** Adds the command. */
export function addImport(program: Command): void {
  addCommand(program, 'import <file...>', {
    group: 'Data',
    description: 'Imports rows of .rrd files where the archives have no data yet.',
  })
    .option('--name <name>', 'name of the archive for all files')
    .addOption(
      new Option('--map <ds=name>', "the archive's name for a data source of the files (repeatable)")
        .argParser(addMapping)
        .default(new Map(), 'none'),
    )
    .addOption(retentionOption())
    .addOption(
      new Option('--max <[ds=]value>', 'leave out values above this: 10Gbit, Conns=50k, 5e9 (repeatable)')
        .argParser(addLimit)
        .default([], 'none'),
    )
    .addHelpText('after', help)
    .action(async (files: readonly string[], options: ImportOptions) => {
      const owner = workAsOwner(options.data);
      const name = options.name === undefined ? undefined : resolveName(options.name);
      const outcomes: Outcome[] = [];
      for (const path of files) outcomes.push(await importOne(path, { ...options, name, owner }));
      const failed = outcomes.filter((outcome) => outcome === 'failed').length;
      if (failed > 0) say(`${failed} of ${files.length} files could not be imported`);
      if (failed > 0 || outcomes.every((outcome) => outcome !== 'taken')) process.exitCode = 1;
    });
}

/** The outcome of a file. */
type Outcome = 'taken' | 'known' | 'failed';

function addLimit(text: string, before: readonly Limit[]): readonly Limit[] {
  const limit = parseLimit(text);
  if (limit === null)
    throw new InvalidArgumentError('Write 10Gbit (of traffic), DS=VALUE such as Conns=50k, or a number above zero.');
  return [...before, limit];
}

function addMapping(text: string, before: NameMap): NameMap {
  const mapping = parseMapping(text);
  if (mapping === null) throw new InvalidArgumentError('Write DS=NAME, such as act=ActiveConn.');
  return new Map([...before, mapping]);
}

interface ImportContext extends Omit<ImportOptions, 'name'> {
  readonly name: string | undefined;
  readonly owner: Owner;
}

/** A file that cannot be imported is reported, and the next one follows. */
async function importOne(path: string, importing: ImportContext): Promise<Outcome> {
  const { data, name, map, retention: wanted, max, owner } = importing;
  try {
    const known = knownFile(path);
    const target = archiveOfFile(known, name);
    if (target === null) throw unnamed(path, known);
    const dump = await owner.asRoot(() => readDump(path));
    refuseFuture(path, dump);
    const imported = await withWritableArchives(data, (archives) =>
      merge(archives, { path, dump, target, map: mapOf(known, map), wanted, max }),
    );
    const { taken, known: before } = imported.merged;
    if (taken > 0) {
      removePictures(picturesFolder(data), target);
      print(takenText(imported));
      return 'taken';
    }
    if (before === 0) throw nothingTaken(imported);
    say(knownText(imported));
    return 'known';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(error.message);
    return 'failed';
  }
}

/** Future rows would fill times of which nothing is known yet. */
function refuseFuture(path: string, { lastS }: Dump): void {
  if (lastS * 1000 <= Date.now() + 86_400_000) return;
  throw new UserError(
    'bad-time',
    `${path} was last updated on ${formatLocal(lastS)}, which is in the future: the clock that wrote it was ahead`,
  );
}

/** Options take precedence over the knowledge about files of this kind. */
function mapOf(known: KnownFile | null, said: NameMap): NameMap {
  return said.size > 0 ? said : (known?.map ?? said);
}

function unnamed(path: string, known: KnownFile | null): UserError {
  if (known === null) {
    return new UserError(
      'bad-name',
      `the name of ${path} does not identify an archive: use --name 192.0.2.1:80, or a name from "lvs-stats list"`,
    );
  }
  return new UserError(
    'bad-name',
    `${path} is from a firewall mark, and collectd does not record which: if there was only one, use --name fwm_1 ` +
      'with its number (fwm6_1 for IPv6); the file mixes several',
  );
}

interface ImportRequest {
  readonly path: string;
  readonly dump: Dump;
  readonly target: string;
  readonly map: NameMap;
  readonly wanted: Retention | undefined;
  readonly max: readonly Limit[];
}

async function merge(archives: Archives, incoming: ImportRequest): Promise<ImportOutcome> {
  const { path, dump, target, map, wanted, max } = incoming;
  const { about, dataSources, retention } = await archiveOf(archives, target, wanted);
  checkLimits(
    max,
    dataSources.map(({ name }) => name),
  );
  const mapped = mapSources({ path, sources: dump.sources }, dataSources, map);
  const lookedAt = dataSources.flatMap(({ name }, i) => {
    const source = mapped.numbers[i];
    return source === null || source === undefined ? [] : [{ source, name }];
  });
  const names = new Map(lookedAt.map(({ source, name }) => [source, name]));
  const limited = withoutAbove(dump, lookedAt, max);
  const outliers = findOutliers(limited.dump, lookedAt);
  const rows = fittingRows(limited.dump, mapped.numbers, retention);
  const merged = await archives.merge({ name: target, about, retention, lastS: dump.lastS, rras: rows.rras });
  return { path, target, retention, dump, mapped, names, limited, outliers, rows, merged };
}

interface Target {
  readonly about: About;
  readonly dataSources: readonly DataSource[];
  readonly retention: Retention;
}

async function archiveOf(archives: Archives, name: string, wanted: Retention | undefined): Promise<Target> {
  const all = await archives.list();
  const known = all[0]?.retention;
  if (known !== undefined && wanted !== undefined && !isSameRetention(known, wanted))
    throw otherRetention(known, wanted);
  const info = all.find((one) => one.name === name);
  if (info !== undefined) return info;
  const about = aboutOfName(name);
  return { about, dataSources: dataSourcesFor(about.kind), retention: known ?? wanted ?? standardRetention };
}
