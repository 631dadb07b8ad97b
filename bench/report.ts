// The page of a run, as Markdown: a row for each comparison, its goal and whether it was met, the growth, and the methods. Pure: findings
// in, text out.

import { type Comparison, type Findings, type Goal, type GrowthLine, isMet, timesBetter } from './comparison.js';
import { exponentOf, maxPerService, perServiceGrowth } from './linear.js';
import { formatQuantity, formatSpread, formatTimes } from './quantity-text.js';
import { spreadOf } from './statistics.js';

/** The contents of the page. */
export interface Page {
  /** A description of the machine, sentence by sentence. */
  readonly machine: readonly string[];
  /** Date and length of the run. */
  readonly run: string;
  readonly findings: readonly Findings[];
  /** The path of the growth plot, relative to the page. */
  readonly plot: string;
}

/** Writes the page. */
export function formatPage({ machine, run, findings, plot }: Page): string {
  const comparisons = findings.flatMap((one) => one.comparisons ?? []);
  const growth = findings.flatMap((one) => one.growth ?? []);
  const notes = findings.flatMap((one) => one.notes ?? []);
  return [
    '# How fast, how small',
    'Written by `npm run bench`. Every peer was measured in the same run, on the same work, in turn with ours. A figure is the median of its rounds, with the 10th and 90th percentile; a ratio is formed round by round, and above 1× ours is the better one.',
    [...machine, run].map((line) => `- ${line}`).join('\n'),
    formatComparisons(comparisons),
    ...(growth.length === 0
      ? []
      : ['## Growth with the number of services', formatGrowth(growth), `![Growth](${plot})`]),
    ...(notes.length === 0 ? [] : ['## How it was measured', notes.map((note) => `- ${note}`).join('\n')]),
  ]
    .join('\n\n')
    .concat('\n');
}

function formatComparisons(comparisons: readonly Comparison[]): string {
  const head = ['work', 'lvs-stats', 'peer', 'peer’s figure', 'times better', 'target', 'stretch'];
  return formatTable(
    head,
    comparisons.map((comparison) => {
      const { work, ours, peer, theirs, target, stretch } = comparison;
      return [
        work,
        formatSpread(spreadOf(ours.values), ours.unit),
        peer ?? '–',
        theirs === null ? (peer === null ? '–' : 'not installed') : formatSpread(spreadOf(theirs.values), theirs.unit),
        formatTimes(spreadOf(timesBetter(comparison))),
        formatGoal(comparison, target),
        formatGoal(comparison, stretch),
      ];
    }),
  );
}

function formatGoal(comparison: Comparison, goal: Goal | undefined): string {
  if (goal === undefined) return '–';
  const met = isMet(comparison, goal);
  return `${goal.text}: ${met === null ? 'not measured' : met ? 'met' : '**missed**'}`;
}

/** A column per number of services, the growth of the last step of ten times as many, and whether that is at most linear. */
function formatGrowth(growth: readonly GrowthLine[]): string {
  const counts = growth[0]?.points.map(({ services }) => services.toLocaleString('en')) ?? [];
  const steps = counts.slice(1).map((count, i) => `${counts[i]} → ${count}`);
  return formatTable(
    ['work', ...counts, ...steps, 'linear or better'],
    growth.map((line) => [
      line.work,
      ...line.points.map(({ value }) => (Number.isNaN(value) ? 'not measured' : formatQuantity(value, line.unit))),
      ...line.points.slice(1).map((to, i) => formatStep(line.points[i] ?? to, to)),
      formatLinear(line),
    ]),
  );
}

/** `10.1×, n^1.00`. */
function formatStep(from: GrowthLine['points'][number], to: GrowthLine['points'][number]): string {
  const ratio = to.value / from.value;
  return Number.isNaN(ratio) ? '–' : `${formatTimes(spreadOf([ratio]))}, n^${exponentOf(from, to).toFixed(2)}`;
}

function formatLinear(line: GrowthLine): string {
  const ratio = perServiceGrowth(line);
  return `${ratio <= maxPerService ? 'met' : '**missed**'} (${ratio.toFixed(2)})`;
}

function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
