// `lvs-stats export`: an archive as XML, which `rrdtool restore` turns into a .rrd.

import type { Command } from 'commander';
import { writeFileWhole } from '../cli/output-file.js';
import { workAsOwner } from '../cli/owner.js';
import { addCommand, say } from '../cli/settings.js';
import { resolveName } from '../model/names/parse-name.js';
import { formatDump } from '../rrd/format-dump.js';
import { withArchives } from '../store/open.js';

const help = `
It has every row of every resolution, and what was still open at the last reading: what rrdtool makes of it can be updated as
if rrdtool had kept it all the time. For anything else, "lvs-stats fetch" prints rows as CSV and JSON.

Example:
  lvs-stats export 192.0.2.1:80 --out web.xml && rrdtool restore web.xml web.rrd`;

/** Adds the command. */
export function addExport(program: Command): void {
  addCommand(program, 'export <name>', {
    group: 'Data',
    description: 'Exports an archive as XML for "rrdtool restore".',
  })
    .option('--out <file>', 'where to write it', '-')
    .addHelpText('after', help)
    .action(async (name: string, { data, out }: { data: string; out: string }) => {
      const archive = resolveName(name);
      const owner = workAsOwner(data);
      const dump = await withArchives(data, (archives) => archives.dump(archive), say);
      await writeFileWhole(out, formatDump(dump), owner);
    });
}
