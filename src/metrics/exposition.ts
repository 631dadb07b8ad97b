// The text formats of Prometheus, from metric families: the classic one, and OpenMetrics 1.0. They differ in the names of counters and of
// information, and in the end mark. Text is made in pieces, because a large table has a hundred thousand series.
// https://prometheus.io/docs/instrumenting/exposition_formats/, https://prometheus.io/docs/specs/om/open_metrics_spec/

/** A format, by its media type. */
export const formats = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
} as const;

/** The name of a format. */
export type Format = keyof typeof formats;

/** Labels as they are written, without braces: `proto="TCP",local_port="80"`; empty if there are none. */
export type Labels = string;

/** A series of a family: its labels and its value. */
export type Sample = readonly [labels: Labels, value: number | bigint];

/** Metrics of one name. */
export interface Family {
  /** Without the suffix of its type: `lvs_director_connections`, `lvs_virtual_server`. */
  readonly name: string;
  /** `info` has the value 1 and carries its labels. */
  readonly type: 'counter' | 'gauge' | 'info';
  readonly help: string;
  readonly samples: Iterable<Sample>;
}

/** A family of gauges. */
export function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: 'gauge', help, samples };
}

/** Characters of text per piece, about. */
const pieceChars = 2 ** 16;

/** The text of families in pieces. A family without samples is omitted. */
export function* exposition(families: Iterable<Family>, format: Format): Generator<string> {
  let piece = '';
  for (const { name, type, help, samples } of families) {
    const sampleName = `${name}${type === 'counter' ? '_total' : type === 'info' ? '_info' : ''}`;
    const familyName = format === 'openmetrics' ? name : sampleName;
    const familyType = format === 'text' && type === 'info' ? 'gauge' : type;
    let head = `# HELP ${familyName} ${escapedHelp(help, format)}\n# TYPE ${familyName} ${familyType}\n`;
    for (const [labels, value] of samples) {
      piece += `${head}${sampleName}${labels === '' ? '' : `{${labels}}`} ${valueText(value)}\n`;
      head = '';
      if (piece.length < pieceChars) continue;
      yield piece;
      piece = '';
    }
  }
  yield format === 'openmetrics' ? `${piece}# EOF\n` : piece;
}

function valueText(value: number | bigint): string {
  if (typeof value === 'bigint' || Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/** OpenMetrics also escapes quotation marks in help. */
function escapedHelp(help: string, format: Format): string {
  const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return format === 'openmetrics' ? escaped.replaceAll('"', '\\"') : escaped;
}

/** Labels of names and texts. Characters that break a line are escaped as the formats ask. */
export function labels(values: Readonly<Record<string, string>>): Labels {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');
}

function escaped(value: string): string {
  if (!/[\\"\n]/.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** The format that a client prefers by its `Accept` header: OpenMetrics if it names it with a version that is written here. */
export function formatFor(accept: string | undefined): Format {
  let best: { readonly format: Format; readonly quality: number } = { format: 'text', quality: 0 };
  for (const range of (accept ?? '').split(',')) {
    const [type = '', ...parameters] = range.split(';').map((word) => word.trim().toLowerCase());
    const parameter = (name: string): string | undefined =>
      parameters
        .find((one) => one.startsWith(`${name}=`))
        ?.slice(name.length + 1)
        .replaceAll('"', '');
    const quality = Number(parameter('q') ?? 1);
    const version = parameter('version');
    const format =
      type === 'application/openmetrics-text' && (version === undefined || version === '1.0.0')
        ? 'openmetrics'
        : type === 'text/plain' || type === 'text/*' || type === '*/*'
          ? 'text'
          : null;
    if (format !== null && quality > best.quality) best = { format, quality };
  }
  return best.format;
}
