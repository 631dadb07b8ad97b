// Parses what a probe gives: a number, or lines of Prometheus' text form with the number behind, each with other labels.
//
//   12
//
//   # HELP stale_flows Flows whose cookie nobody knows.
//   stale_flows{bridge="br0"} 3
//   stale_flows{bridge="br1"} 0
//
// The name of the metric is not kept, since the probe has one. https://prometheus.io/docs/instrumenting/exposition_formats/

import { type Labels, longestProbeName, probeArchive, sortedLabels } from '../../model/names/probe-name.js';
import { maxProbeValues, type ProbeValue } from '../../model/probes/reading.js';
import { quote } from '../collect-error.js';

/** The output cannot be understood; the message names the line. */
export class BadOutputError extends Error {}

/** Parses the output of a probe. Throws a `BadOutputError`. */
export function parseProbeValues(text: string, probe: string): readonly ProbeValue[] {
  const lines = text.split('\n').flatMap((line, i): readonly Line[] => {
    const words = line.trim();
    return words === '' || words.startsWith('#') ? [] : [{ place: `line ${i + 1}`, words }];
  });
  const read = lines.map(readLine);
  if (read.length === 0) throw new BadOutputError('it gave no number');
  if (read.length > maxProbeValues) {
    throw new BadOutputError(`it gave ${read.length} values; a probe keeps at most ${maxProbeValues}`);
  }
  const found = new Map<string, string>();
  for (const { line, metric, labels } of read) {
    if (metric !== read[0]?.metric) {
      const other = metric ?? 'a number without a name';
      throw wrong(line, `${other} follows ${read[0]?.metric ?? 'a number without a name'}; a probe has one quantity`);
    }
    const archive = archiveOf(line, probe, labels);
    const before = found.get(archive);
    if (before !== undefined) {
      throw wrong(line, labels.length === 0 ? 'a second value without labels' : `the labels are those of ${before}`);
    }
    found.set(archive, line.place);
  }
  if (read.length > 1 && found.has(probeArchive({ probe, labels: [] }))) {
    throw new BadOutputError('one of its values has no labels: it gave a number beside values with labels');
  }
  return read.map(({ labels, value }) => ({ labels, value }));
}

interface Line {
  readonly place: string;
  readonly words: string;
}

interface ReadLine extends ProbeValue {
  readonly line: Line;
  /** Null for a bare number. */
  readonly metric: string | null;
}

const number = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|NaN`;
const bare = new RegExp(`^(${number})$`);
const metricAndLabels = String.raw`([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?`;
const named = new RegExp(String.raw`^${metricAndLabels}\s+(${number})$`);
const infinite = new RegExp(String.raw`^(?:${metricAndLabels}\s+)?[+-]?inf(?:inity)?$`, 'i');
const timed = new RegExp(String.raw`^${metricAndLabels}\s+(${number})\s+[+-]?\d+(?:\.\d+)?$`);

function readLine(line: Line): ReadLine {
  const [, alone] = bare.exec(line.words) ?? [];
  if (alone !== undefined) return { line, metric: null, labels: [], value: numberOf(line, alone) };
  const [, metric, labels = '', digits] = named.exec(line.words) ?? [];
  if (metric === undefined || digits === undefined) {
    throw wrong(line, refusedText(line) ?? 'expected a number, or name{label="value"} and a number');
  }
  return { line, metric, labels: readLabels(line, labels), value: numberOf(line, digits) };
}

/** Why a line of Prometheus' text form is refused although it is one; null if it is none. */
function refusedText({ words }: Line): string | null {
  if (infinite.test(words)) return 'an infinite number is refused; NaN is an unknown one';
  return timed.test(words) ? 'a time behind the number is refused: a value is as of the cycle' : null;
}

function numberOf(line: Line, digits: string): number {
  const value = Number(digits);
  if (!Number.isFinite(value) && digits !== 'NaN') throw wrong(line, 'the number is too large');
  return value;
}

const label = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|$)/y;

/** Labels of the series of a probe, of histograms and of summaries. */
const taken = ['probe', 'le', 'quantile'];

/** The labels between braces; an empty one is none. */
function readLabels(line: Line, text: string): Labels {
  const found = new Map<string, string>();
  label.lastIndex = 0;
  while (text.slice(label.lastIndex).trim() !== '') {
    const match = label.exec(text);
    if (match === null) throw wrong(line, 'expected labels such as {bridge="br0"}');
    const [, name = '', escaped = ''] = match;
    if (taken.includes(name) || name.startsWith('__'))
      throw wrong(line, `the label "${name}" is taken: use another name`);
    if (found.has(name)) throw wrong(line, `the label "${name}" stands there twice`);
    const value = escaped.replaceAll(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
    if (/\p{Cc}/u.test(value)) throw wrong(line, `the label "${name}" has a control character`);
    found.set(name, value);
  }
  return sortedLabels([...found].filter(([, value]) => value !== ''));
}

function archiveOf(line: Line, probe: string, labels: Labels): string {
  try {
    const archive = probeArchive({ probe, labels });
    if (archive.length <= longestProbeName) return archive;
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw wrong(line, 'a label is not Unicode text');
  }
  throw wrong(line, 'the labels are too long');
}

function wrong({ place, words }: Line, what: string): BadOutputError {
  return new BadOutputError(`${place}, ${quote(words, 60)}: ${what}`);
}
