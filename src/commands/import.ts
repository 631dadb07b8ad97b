// `lvs-stats import`: archives that rrdtool kept, for whoever made them, into those here.

import { type Command, InvalidArgumentError } from 'commander';
import type { About, DataSource } from '../model/archive.js';
import type { Dump, DumpRra } from '../model/dump.js';
import { resolveName } from '../model/name.js';
import { isSameRetention, otherRetention, type Retention, standardRetention } from '../model/retention.js';
import { UserError } from '../model/user-error.js';
import { removePictures } from '../render/forgotten.js';
import { type KnownFile, knownFile } from '../rrd/known-files.js';
import { type MappedSources, mapSources, type NameMap, parseMapping } from '../rrd/map-sources.js';
import { readDump } from '../rrd/read-dump.js';
import type { Archives } from '../store/archives.js';
import { aboutOfName, dataSourcesFor } from '../store/directory.js';
import { type FittingRows, fittingRows } from '../store/foreign-rows.js';
import type { Merged } from '../store/merge.js';
import { withWritableArchives } from '../store/open.js';
import { formatLocal } from './local-time.js';
import { type Owner, workAsOwner } from './owner.js';
import { picturesFolder } from './pictures.js';
import { retentionOption } from './retention-option.js';
import { addCommand, print, say } from './settings.js';

interface ImportOptions {
  readonly data: string;
  readonly name?: string;
  readonly map: NameMap;
  readonly retention?: Retention;
}

const help = `
FILE is a .rrd (read by "rrdtool dump") or the XML of "rrdtool dump", also as .gz. Only what is unknown is taken: what was collected
or imported before stays as it is. Rows of 300, 1800, 7200 and 86400 s are taken as they are; finer ones are consolidated
where these lengths are multiples of theirs; others are left, and it is said which.

The name of the archive is the file's: 192.0.2.1_80.rrd, all.rrd, 192.0.2.1_80/10.0.0.5_8080.rrd. Files of collectd's plugin
ipvs (ipvs-192.0.2.1_TCP80/if_octets-total.rrd) are known, too. For all others, say --name, and --map where data sources are
called otherwise than here: ActiveConn, InActConn, Conns, InPkts, OutPkts, InBytes, OutBytes. DERIVE, COUNTER and ABSOLUTE go into
the last five, GAUGE into the first two.

Examples:
  lvs-stats import /var/lib/old-tool/*.rrd
  lvs-stats import /var/lib/collectd/rrd/lb1/ipvs-*/*.rrd
  lvs-stats import web.rrd --name 192.0.2.1:80 --map act=ActiveConn --map inact=InActConn`;

/** Adds the command. */
export function addImport(program: Command): void {
  addCommand(program, 'import <file...>', 'Takes rows of .rrd files into the archives, where nothing is known yet.')
    .option('--name <name>', 'the archive that all files go into')
    .option('--map <ds=name>', 'what a data source of the files is called here', addMapping, new Map())
    .addOption(retentionOption())
    .addHelpText('after', help)
    .action(async (files: readonly string[], options: ImportOptions) => {
      const owner = workAsOwner(options.data);
      const name = options.name === undefined ? undefined : resolveName(options.name);
      let taken = 0;
      for (const path of files) taken += (await importOne(path, { ...options, name, owner })) ? 1 : 0;
      if (taken < files.length) say(`${files.length - taken} of ${files.length} files could not be taken`);
    });
}

function addMapping(text: string, before: NameMap): NameMap {
  const mapping = parseMapping(text);
  if (mapping === null) throw new InvalidArgumentError('Write DS=NAME, such as act=ActiveConn.');
  return new Map([...before, mapping]);
}

interface Importing extends Omit<ImportOptions, 'name'> {
  readonly name: string | undefined;
  readonly owner: Owner;
}

/** A file that cannot be taken is told, and the next one is begun: false then. */
async function importOne(path: string, { data, name, map, retention: wanted, owner }: Importing): Promise<boolean> {
  try {
    const known = knownFile(path);
    const target = name ?? known?.name;
    if (target === undefined) throw unnamed(path);
    const dump = await owner.asRoot(() => readDump(path));
    refuseFuture(path, dump);
    print(
      await withWritableArchives(data, (archives) =>
        merge(archives, { data, path, dump, target, map: mapOf(known, map), wanted }),
      ),
    );
    return true;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(error.message);
    process.exitCode = 1;
    return false;
  }
}

/** Rows of the future would stand where nothing is known yet. */
function refuseFuture(path: string, { lastS }: Dump): void {
  if (lastS * 1000 <= Date.now() + 86_400_000) return;
  throw new UserError(
    'bad-time',
    `${path} was last updated on ${formatLocal(lastS)}, which lies in the future: the clock that wrote it was ahead`,
  );
}

/** What is said goes before what is known of such files. */
function mapOf(known: KnownFile | null, said: NameMap): NameMap {
  return said.size > 0 ? said : (known?.map ?? said);
}

function unnamed(path: string): UserError {
  return new UserError(
    'bad-name',
    `the name of ${path} does not tell what it is of: say --name 192.0.2.1:80, or a name from "lvs-stats list"`,
  );
}

interface Incoming {
  readonly data: string;
  readonly path: string;
  readonly dump: Dump;
  readonly target: string;
  readonly map: NameMap;
  readonly wanted: Retention | undefined;
}

async function merge(archives: Archives, { data, path, dump, target, map, wanted }: Incoming): Promise<string> {
  const { about, dataSources, retention } = await archiveOf(archives, target, wanted);
  const mapped = mapSources({ path, sources: dump.sources }, dataSources, map);
  const rows = fittingRows(dump, mapped.numbers, retention);
  const merged = await archives.merge({ name: target, about, retention, lastS: dump.lastS, rras: rows.rras });
  if (merged.taken > 0) removePictures(picturesFolder(data), target);
  return tell({ path, dump, target }, merged, { mapped, rows });
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

interface Took {
  readonly mapped: MappedSources;
  readonly rows: FittingRows;
}

/** What was taken, and what was not, with the reason. */
function tell(
  { path, dump, target }: Pick<Incoming, 'path' | 'dump' | 'target'>,
  merged: Merged,
  { mapped, rows }: Took,
): string {
  const { taken, known, outside, isNew } = merged;
  const made = isNew ? ', a new archive' : '';
  const lines = [`${path}: ${taken} values into ${target}${made}, up to ${formatLocal(dump.lastS)}`];
  if (known > 0) lines.push(`  left: ${known} values of rows that are known already`);
  if (outside > 0)
    lines.push(`  left: ${outside} values from before the archive reaches back, or after its newest reading`);
  if (mapped.unused.length > 0)
    lines.push(`  left: the data sources ${mapped.unused.join(', ')}, which have no counterpart here`);
  for (const rra of rows.unused) lines.push(`  left: ${rraText(rra, dump.stepS)}, of which no row here is a multiple`);
  const others = [...new Set(dump.rras.map(({ cf }) => cf))].filter((cf) => cf !== 'AVERAGE' && cf !== 'MAX');
  if (others.length > 0) lines.push(`  left: all of ${others.join(', ')}: means and maxima are kept here`);
  return lines.join('\n');
}

function rraText({ cf, pdpPerRow, columns }: DumpRra, stepS: number): string {
  return `${cf} of ${pdpPerRow * stepS} s (${columns[0]?.length ?? 0} rows)`;
}
