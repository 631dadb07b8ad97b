// The report of `import` for a file: the rows taken, the rows left and why, and the suspicious values.

import type { Dump } from '../model/dump.js';
import type { Retention } from '../model/retention.js';
import { rowName } from '../model/retention.js';
import { UserError } from '../model/user-error.js';
import { formatStep } from '../render/define/heading.js';
import type { LimitedDump, RemovedValue } from '../rrd/limits.js';
import type { MappedSources } from '../rrd/map-sources.js';
import type { Outlier } from '../rrd/outliers.js';
import type { FittingRows } from '../store/import/foreign-rows.js';
import type { MergeOutcome } from '../store/import/merge.js';
import { formatLocal } from './local-time.js';

/** Values that are listed; the rest are counted. */
const maxListed = 5;

/** The facts about the import of a file. */
export interface ImportOutcome {
  readonly path: string;
  /** Name of the archive. */
  readonly target: string;
  readonly retention: Retention;
  /** The file as read. */
  readonly dump: Dump;
  readonly mapped: MappedSources;
  /** Names of the archive's data sources, by number in the file. */
  readonly names: ReadonlyMap<number, string>;
  readonly limited: LimitedDump;
  readonly outliers: readonly Outlier[];
  readonly rows: FittingRows;
  readonly merged: MergeOutcome;
}

/** The rows taken and left, with reasons. */
export function takenText(imported: ImportOutcome): string {
  const { path, target, dump, merged } = imported;
  const made = merged.isNew ? ', a new archive' : '';
  return [
    `${path}: ${merged.taken} values into ${target}${made}, up to ${formatLocal(dump.lastS)}`,
    ...meansText(imported),
    ...longerText(imported),
    ...leftText(imported),
    ...limitText(imported),
    ...outlierText(imported),
  ].join('\n');
}

/** The text for a file with nothing new. */
export function knownText(imported: ImportOutcome): string {
  const { path, target } = imported;
  return [`${path}: nothing new for ${target}`, ...leftText(imported)].join('\n');
}

/** The error for a file of which nothing could be taken although some of it is new. */
export function nothingTaken(imported: ImportOutcome): UserError {
  const { path, target, merged, rows, limited } = imported;
  const reasons = [
    ...leftText(imported),
    ...limitText(imported),
    ...(merged.known + merged.outside + rows.early + rows.unfit.length + limited.leftOut.length > 0
      ? []
      : ['  none of its rows is known: was anything ever written to it?']),
  ];
  return new UserError('nothing-taken', [`${path}: nothing to import into ${target}`, ...reasons].join('\n'));
}

function meansText({ rows }: ImportOutcome): readonly string[] {
  if (rows.means !== 'last') return [];
  return ['  note: the file has no averages: its LAST rows, each the newest of several values, replace them'];
}

function longerText({ rows: { rras }, retention }: ImportOutcome): readonly string[] {
  const [finest] = rras;
  const rowS = retention.stepS;
  const fromRowS = finest?.fromRowS ?? new Float64Array();
  const lengths = new Set(fromRowS.filter((lengthS) => lengthS > 0));
  if (finest === undefined || lengths.size === 0) return [];
  const newest = fromRowS.findLastIndex((lengthS) => lengthS > 0);
  const toText = formatLocal(finest.startS + (newest + 1) * rowS);
  const longest = formatStep(Math.max(...lengths));
  return [
    `  note: ${rowName(rowS)} rows come from rows of up to ${longest} where the file has no shorter ones, up to ${toText}`,
  ];
}

function leftText({ merged, mapped, rows, dump, target }: ImportOutcome): readonly string[] {
  const lines: string[] = [];
  if (merged.known > 0) lines.push(`  skipped: ${merged.known} values of rows that are already known`);
  if (merged.outside > 0)
    lines.push(`  skipped: ${merged.outside} values older than ${target} reaches back, or after its newest reading`);
  if (rows.early > 0)
    lines.push(`  skipped: ${rows.early} rows before ${formatLocal(rows.reachS)}, older than any rows kept here`);
  if (mapped.unused.length > 0)
    lines.push(`  skipped: the data sources ${mapped.unused.join(', ')}, which have no counterpart here`);
  const others = [...new Set(rows.unfit.map(({ cf }) => cf))];
  if (others.length > 0) {
    const lengths = [...new Set(rows.unfit.map(({ pdpPerRow }) => formatStep(pdpPerRow * dump.stepS)))];
    lines.push(`  skipped: ${others.join(', ')} of ${lengths.join(', ')}: only averages and maxima are kept here`);
  }
  return lines;
}

function limitText({ limited: { leftOut, tainted }, names, dump }: ImportOutcome): readonly string[] {
  if (leftOut.length === 0) return [];
  const rest = tainted > 0 ? `, and ${tainted} other rows of the same time` : '';
  return [
    `  skipped by --max: ${leftOut.length} ${leftOut.length === 1 ? 'value' : 'values'}${rest}`,
    ...listText(leftOut, (one) => valueText(one, names, dump)),
  ];
}

const doubts = {
  negative: () => 'below zero',
  'out-of-range': (min: number, max: number) => `outside its range in the file, ${rangeText(min)} to ${rangeText(max)}`,
  spike: () => 'far above all others: a counter that was reset?',
} as const;

function outlierText({ outliers, names, dump }: ImportOutcome): readonly string[] {
  if (outliers.length === 0) return [];
  const text = (one: Outlier): string => {
    const { min, max } = dump.sources[one.source] ?? { min: Number.NaN, max: Number.NaN };
    return `${valueText(one, names, dump)}: ${doubts[one.doubt](min, max)}`;
  };
  const count = outliers.length === 1 ? '1 value is' : `${outliers.length} values are`;
  return [
    `  doubtful: ${count} implausible, and imported nevertheless where nothing was known; to exclude such values, remove the`,
    '            archive ("lvs-stats forget") and import again with --max, such as --max 10Gbit or --max Conns=50k',
    ...listText(outliers, text),
  ];
}

function listText<T>(all: readonly T[], text: (one: T) => string): readonly string[] {
  const lines = all.slice(0, maxListed).map((one) => `    ${text(one)}`);
  return all.length > maxListed ? [...lines, `    and ${all.length - maxListed} more`] : lines;
}

function valueText(
  { source, endS, rowS, value }: RemovedValue,
  names: ReadonlyMap<number, string>,
  { sources }: Dump,
): string {
  const name = names.get(source) ?? '';
  const perS = sources[source]?.kind === 'GAUGE' ? '' : name.endsWith('Bytes') ? ' B/s' : ' per second';
  return `${name}: ${numberText(value)}${perS} in the ${formatStep(rowS)} up to ${formatLocal(endS)}`;
}

function numberText(value: number): string {
  return Math.abs(value) >= 1e6 ? value.toExponential(2).replace('+', '') : String(Number(value.toPrecision(3)));
}

function rangeText(value: number): string {
  return Number.isNaN(value) ? 'any' : String(value);
}
