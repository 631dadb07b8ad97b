// `lvs-stats fetch`: rows of an archive, as `rrdtool fetch` returns them.

import { type Command, Option } from 'commander';
import { lendFrom } from '../cli/lend.js';
import { formatLocal } from '../cli/local-time.js';
import { addFromOptions, type FromOptions } from '../cli/options/from-options.js';
import { parseTimeOption } from '../cli/options/time-option.js';
import { addCommand, parseCount, printText } from '../cli/settings.js';
import { formatColumns } from '../cli/text-table.js';
import type { Cf } from '../model/archive.js';
import { resolveName } from '../model/names/parse-name.js';
import { maxRows, type Series } from '../model/series.js';
import { rowList, seriesCsv, seriesJson } from '../model/text/series-text.js';

interface FetchOptions extends FromOptions {
  readonly data: string;
  readonly cf: Cf;
  readonly start?: number;
  readonly end?: number;
  readonly step?: number;
  readonly format: 'table' | 'csv' | 'json';
}

const help = `
A row's time is the end of its interval. Unknown is "-" in a table, empty in CSV, and null in JSON.
The archive's resolution nearest to --step that reaches back to --start is taken: 300, 1800, 7200 or 86400 s, where no other retention was chosen.

Examples:
  lvs-stats fetch 192.0.2.1:80                              the last 24 hours
  lvs-stats fetch udp/192.0.2.1:53 --cf MAX --step 1800 --format csv
  lvs-stats fetch all --start 1763600000 --end 1763700000 --format json
  lvs-stats fetch all --start 3y --from http://metrics.example.com:8428 --from-director lb1`;

/** Adds the command. */
export function addFetch(program: Command): void {
  const command = addCommand(program, 'fetch <name>', {
    group: 'Look',
    description: 'Prints rows of an archive: rates per second, connections as counted.',
  });
  addFromOptions(command)
    .addOption(new Option('--cf <cf>', 'consolidation function').choices(['AVERAGE', 'MAX']).default('AVERAGE'))
    .option('--start <time>', '24h, 7d (ago), a date, epoch seconds (default: a day before the end)', parseTimeOption)
    .option('--end <time>', 'likewise (default: the last reading)', parseTimeOption)
    .option('--step <seconds>', 'preferred resolution (default: the finest)', parseCount)
    .addOption(new Option('--format <format>', 'output format').choices(['table', 'csv', 'json']).default('table'))
    .addHelpText('after', help)
    .action(async (name: string, options: FetchOptions, command: Command) => {
      const series = await fetchRows(resolveName(name), options, command);
      printText(formats[options.format](series));
    });
}

async function fetchRows(name: string, options: FetchOptions, command: Command): Promise<Series> {
  const { cf, step = 1 } = options;
  return lendFrom(options)(async (store) => {
    const lastS = options.end ?? (await store.fetch({ name, cf, startS: 0, endS: 1, stepS: step })).lastS;
    const startS = options.start ?? lastS - 86400;
    if (startS >= lastS) {
      command.error(`error: --start ${startS} is not before --end ${lastS}: write an earlier start`, { exitCode: 2 });
    }
    const { stepS: rowS } = await store.fetch({ name, cf, startS, endS: startS + 1, stepS: step });
    if (lastS - startS > maxRows * rowS) {
      command.error(`error: that span has over ${maxRows} rows: write a later --start or an earlier --end`, {
        exitCode: 2,
      });
    }
    return store.fetch({ name, cf, startS, endS: lastS, stepS: step });
  });
}

const formats: Readonly<Record<FetchOptions['format'], (series: Series) => string>> = {
  table: (series) => {
    const rows = rowList(series).map(({ timeS, values }) => [
      `${timeS} ${formatLocal(timeS)}`,
      ...values.map((value) => (Number.isNaN(value) ? '-' : value.toFixed(3))),
    ]);
    return formatColumns(['time', ...series.dataSources], rows, series.dataSources);
  },
  csv: seriesCsv,
  json: seriesJson,
};
