// rrdtool as the oracle: the real program creates and updates archives, and returns their rows.
// Commands go through its pipe mode (`rrdtool -`), many at a time; values have 11 significant digits.

import { execFileSync, spawnSync } from 'node:child_process';
import { cfs, ipvsDataSources, xff } from '../../src/model/archive.js';
import { standardRetention } from '../../src/model/retention.js';
import type { SeriesQuery } from '../../src/model/series.js';

export const hasRrdtool = spawnSync('rrdtool', ['--version']).status === 0;

/** The command that creates an archive, by default of a service, as the 2008 tool did. */
export function createCommand(
  file: string,
  startS: number,
  dataSources = ipvsDataSources,
  { stepS, rras } = standardRetention,
): string {
  const sources = dataSources.map(
    ({ name, kind, heartbeatS }) => `DS:${name}:${kind}:${heartbeatS}:${kind === 'DERIVE' ? '0' : 'U'}:U`,
  );
  const archives = cfs.flatMap((cf) => rras.map(({ pdpPerRow, rows }) => `RRA:${cf}:${xff}:${pdpPerRow}:${rows}`));
  return `create ${file} --start ${startS} --step ${stepS} ${sources.join(' ')} ${archives.join(' ')}`;
}

/** Runs commands in one rrdtool and returns its output per command. Throws at the first error it reports. */
export function runRrdtool(commands: readonly string[]): readonly string[] {
  const output = execFileSync('rrdtool', ['-'], { input: `${commands.join('\n')}\n`, maxBuffer: 2 ** 30 }).toString();
  const error = /^ERROR.*$/m.exec(output);
  if (error !== null) throw new Error(error[0]);
  return output.split(/^OK u:.*\n/m).slice(0, commands.length);
}

/** The fetch command of one resolution. */
export function fetchCommand(file: string, { cf, startS, endS, stepS: rowS }: SeriesQuery): string {
  return `fetch ${file} ${cf} --start ${startS} --end ${endS} -r ${rowS}`;
}

/** Parses the output of a fetch into rows: time, then a value per data source; unknown is NaN. */
export function parseFetch(text: string): readonly (readonly number[])[] {
  return text
    .split('\n')
    .filter((line) => /^\d+:/.test(line))
    .map((line) => line.replace(':', '').trim().split(/\s+/).map(Number));
}

/** Lists where the rows differ by more than 1e-9 of the value; `ours` must have the times and unknowns of `theirs`. */
export function differences(
  ours: readonly (readonly number[])[],
  theirs: readonly (readonly number[])[],
): readonly string[] {
  const found: string[] = [];
  if (ours.length !== theirs.length) found.push(`${ours.length} rows, rrdtool has ${theirs.length}`);
  for (const [i, row] of theirs.entries()) {
    for (const [j, expected] of row.entries()) {
      const actual = ours[i]?.[j] ?? Number.NaN;
      const isSame = Number.isNaN(expected)
        ? Number.isNaN(actual)
        : Math.abs(actual - expected) <= 1e-9 * Math.abs(expected);
      if (!isSame) found.push(`row ${row[0]}, column ${j}: ${actual}, rrdtool has ${expected}`);
    }
  }
  return found;
}
