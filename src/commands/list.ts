// `lvs-stats list`: lists the archives.

import { type Command, Option } from 'commander';
import { lendFrom } from '../cli/lend.js';
import { formatLocal } from '../cli/local-time.js';
import { addFromOptions, type FromOptions } from '../cli/options/from-options.js';
import { addCommand, printText, say } from '../cli/settings.js';
import { formatColumns } from '../cli/text-table.js';
import type { ArchiveInfo } from '../model/archive.js';
import { archiveJson } from '../model/text/series-text.js';

interface ListOptions extends FromOptions {
  readonly data: string;
  readonly format: 'table' | 'json';
}

/** Adds the command. */
export function addList(program: Command): void {
  const command = addCommand(program, 'list', {
    group: 'Look',
    description: 'Lists the archives: name, first and last reading, live or gone.',
  });
  addFromOptions(command)
    .addOption(new Option('--format <format>', 'output format').choices(['table', 'json']).default('table'))
    .addHelpText('after', '\n"fetch" and "render --vs" take the names of this list.')
    .action(async ({ format, ...options }: ListOptions) => {
      const archives = await lendFrom(options)((source) => source.list());
      if (format === 'json') printText(JSON.stringify(archives.map(archiveJson), null, 2));
      else printTable(archives, options.data);
    });
}

function printTable(archives: readonly ArchiveInfo[], dataDir: string): void {
  if (archives.length === 0) {
    say(`no cycle has been stored in ${dataDir} yet: "lvs-stats collect" makes an archive for each service`);
    return;
  }
  const rows = archives.map(({ name, about, firstS, lastS, goneS }) => [
    name,
    about.kind,
    formatLocal(firstS),
    formatLocal(lastS),
    goneS === null ? 'live' : `gone since ${formatLocal(goneS)}`,
  ]);
  printText(formatColumns(['name', 'kind', 'first reading', 'last reading', 'state'], rows));
}
