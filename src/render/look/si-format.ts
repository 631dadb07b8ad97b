// Numbers for people: SI prefixes (decimal, for bits and packets alike), two or three significant digits. Below 1 there is no
// prefix: a small m would be read as the large M beside it.
// A column of a legend has one prefix and one number of decimals, so that its figures can be compared at a glance, unless that
// would leave a small one without digits; then each has its own.

const prefixes = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const maxTickDecimals = 9;

// A prefix and the number it stands for.
interface Prefix {
  readonly text: string;
  readonly factor: number;
}

const plain: Prefix = { text: '', factor: 1 };

/** The placeholder for a missing figure. */
export const noFigure = '–';

function prefixOf(value: number): Prefix {
  const magnitude = Math.abs(Number(value.toPrecision(3)));
  if (!(magnitude >= 1000)) return plain;
  const index = Math.min(prefixes.length - 1, Math.floor(Math.log10(magnitude) / 3 + 1e-12));
  return { text: prefixes[index] ?? '', factor: 1000 ** index };
}

/** One figure with its own prefix, such as `1.92 G`; `unit` follows the prefix: `6.9 TB`. NaN is "–", a trace "<0.001". */
export function formatFigure(value: number, unit = ''): string {
  if (!Number.isFinite(value)) return noFigure;
  if (value > 0 && value < 0.0005) return joinUnit('<0.001', unit);
  const prefix = prefixOf(value);
  const scaled = value / prefix.factor;
  return joinUnit(scaled.toFixed(decimalsOf(scaled)), prefix.text + unit);
}

/** A column of figures: one prefix (none around 1,000) and one number of decimals, if that leaves each at least two digits. */
export function formatColumn(values: readonly number[], unit = ''): string[] {
  const known = values.filter(Number.isFinite).map(Math.abs);
  const highest = Math.max(0, ...known);
  // 134 above 1030 reads better than 0.13 k above 1.03 k.
  const isAround1000 = highest >= 1000 && highest < 10_000 && known.some((value) => value > 0 && value < 1000);
  const prefix = isAround1000 ? plain : prefixOf(highest);
  const scaled = known.map((value) => value / prefix.factor);
  const whole = scaled.every((value) => Number.isInteger(value) && value < 1000);
  const decimals = whole ? 0 : decimalsFor(Math.max(0, ...scaled));
  const legible = whole || scaled.every((value) => value === 0 || value >= 10 * 10 ** -decimals);
  if (!legible) return values.map((value) => formatFigure(value, unit));
  return values.map((value) =>
    Number.isFinite(value) ? joinUnit((value / prefix.factor).toFixed(decimals), prefix.text + unit) : noFigure,
  );
}

/** The labels of an axis: one prefix (none below 10,000), as many decimals as its step needs, zero without a prefix. */
export function formatTicks(values: readonly number[], step: number): string[] {
  const highest = Math.max(0, ...values.map(Math.abs));
  const prefix = highest >= 1000 && highest < 10_000 && step >= 1 ? plain : prefixOf(highest);
  const needed = -Math.floor(Math.log10(step / prefix.factor) + 1e-9);
  const decimals = Math.min(maxTickDecimals, Math.max(0, needed));
  return values.map((value) =>
    value === 0 ? '0' : joinUnit((Math.abs(value) / prefix.factor).toFixed(decimals), prefix.text),
  );
}

function decimalsOf(scaled: number): number {
  return Number.isInteger(scaled) ? 0 : decimalsFor(Math.abs(scaled));
}

function decimalsFor(magnitude: number): number {
  if (magnitude < 0.9995) return magnitude < 0.0995 ? 3 : 2;
  return magnitude < 9.995 ? 2 : magnitude < 99.95 ? 1 : 0;
}

function joinUnit(digits: string, unit: string): string {
  return unit === '' ? digits : `${digits} ${unit}`;
}
