// `lvs-stats export`: an archive as XML, which `rrdtool restore` turns into a .rrd, or rows as OpenMetrics, of which promtool makes blocks.

import { hostname } from 'node:os';
import { type Command, Option } from 'commander';
import { lendOf } from '../cli/lend.js';
import { parseTimeOption } from '../cli/options/time-option.js';
import { writeFileWhole } from '../cli/output-file.js';
import { workAsOwner } from '../cli/owner.js';
import { addCommand, say } from '../cli/settings.js';
import { resolveName } from '../model/names/parse-name.js';
import { UserError } from '../model/user-error.js';
import { openMetrics } from '../push/openmetrics.js';
import { formatDump } from '../rrd/format-dump.js';
import { withArchives } from '../store/open.js';

interface ExportOptions {
  readonly data: string;
  readonly out: string;
  readonly format: 'rrdtool' | 'openmetrics';
  readonly since?: number;
  readonly director: string;
}

const help = `
For rrdtool, the file has every row of every resolution, and what was still open at the last reading: what rrdtool makes of it can be updated as
if rrdtool had kept it all the time. For anything else, "lvs-stats fetch" prints rows as CSV and JSON.

As OpenMetrics, it has the rows that "lvs-stats push" sends, of all archives unless one is named. promtool makes blocks of them for Prometheus,
also of rows that are too old to be pushed. A service with full retention takes 24 MB of text: with many, use --since, or export them one by one.

Examples:
  lvs-stats export 192.0.2.1:80 --out web.xml && rrdtool restore web.xml web.rrd
  lvs-stats export --format openmetrics --since 100d --out rows.om
  promtool tsdb create-blocks-from openmetrics --max-block-duration=1536h rows.om /var/lib/prometheus`;

/** Adds the command. */
export function addExport(program: Command): void {
  addCommand(program, 'export [name]', {
    group: 'Data',
    description: 'Exports an archive for rrdtool, or rows for Prometheus.',
  })
    .addOption(
      new Option('--format <format>', 'XML for "rrdtool restore", or OpenMetrics for promtool')
        .choices(['rrdtool', 'openmetrics'])
        .default('rrdtool'),
    )
    .option('--out <file>', 'where to write it', '-')
    .option('--since <time>', 'no rows from before, as OpenMetrics: 30d (ago), a date', parseTimeOption)
    .addOption(
      new Option('--director <name>', 'name of the director in OpenMetrics').default(hostname(), "this machine's name"),
    )
    .addHelpText('after', help)
    .action((name: string | undefined, options: ExportOptions) =>
      options.format === 'openmetrics' ? exportRows(name, options) : exportArchive(name, options),
    );
}

async function exportArchive(name: string | undefined, { data, out, since }: ExportOptions): Promise<void> {
  if (name === undefined) throw new UserError('bad-command', 'name an archive: "lvs-stats list" lists them');
  if (since !== undefined) {
    throw new UserError('bad-command', '--since goes with --format openmetrics: rrdtool needs the whole archive');
  }
  const archive = resolveName(name);
  const owner = workAsOwner(data);
  const dump = await withArchives(data, (archives) => archives.dump(archive), say);
  await writeFileWhole(out, formatDump(dump), owner);
}

async function exportRows(name: string | undefined, { data, out, since = 0, director }: ExportOptions): Promise<void> {
  const archive = name === undefined ? null : resolveName(name);
  const owner = workAsOwner(data);
  const lend = lendOf(data);
  const listed = await lend((source) => source.list());
  if (listed.length === 0) throw new UserError('no-data', `there are no archives in ${data} yet`);
  if (archive !== null && !listed.some((info) => info.name === archive)) {
    throw new UserError('no-such-archive', `there is no archive "${archive}": "lvs-stats list" shows the names`);
  }
  await writeFileWhole(out, openMetrics({ lend, director, name: archive, sinceS: since }), owner);
}
