// The output of `lvs-stats drift`: for people, for programs, and for monitoring that runs plugins.

import { placeText } from '../../model/drift/expected.js';
import type { KnownReference } from '../../model/drift/known-drift.js';
import { type DriftClass, type DriftProblem, driftProblems } from '../../model/drift/problem.js';
import { problemRecord, referenceNames } from '../../model/drift/problem-text.js';
import { driftTitles } from '../../model/finding/drift-text.js';
import { archiveText } from '../../model/finding/finding-text.js';
import { countOf } from '../../model/text/count-of.js';
import { formatColumns } from '../text-table.js';

/** A comparison and its result. */
export interface DriftReport {
  readonly grade: DriftGrade;
  /** Services of the kernel's table. */
  readonly services: number;
  readonly references: readonly KnownReference[];
  readonly problems: readonly DriftProblem[];
  /** Entries of the table that could not be read. */
  readonly leftOut: readonly string[];
}

/** The result as a word. */
export type DriftGrade = 'ok' | DriftClass | 'unknown';

/** Its exit codes. */
export const driftExitCodes: Readonly<Record<DriftGrade, number>> = { ok: 0, unhealthy: 1, dirty: 2, unknown: 3 };

/** The formats. */
export const driftFormats: Readonly<Record<'table' | 'json' | 'nagios', (report: DriftReport) => string>> = {
  table: (report) => [...tableOf(report), ...remarksOf(report)].join('\n'),
  json: ({ grade, services, references, problems, leftOut }) =>
    JSON.stringify({ status: grade, services, references, problems: problems.map(problemRecord), leftOut }, null, 2),
  nagios: (report) => {
    const { grade, problems, services } = report;
    const [unhealthy, dirty] = [countClass(problems, 'unhealthy'), countClass(problems, 'dirty')];
    const word = { ok: 'OK', unhealthy: 'WARNING', dirty: 'CRITICAL', unknown: 'UNKNOWN' }[grade];
    const said = [...failuresOf(report), ...problems.slice(0, maxSaid).map(lineOf), ...moreThan(problems.length)];
    const texts = [...(said.length === 0 ? [asWanted(report)] : said), ...partsOf(report)];
    return `DRIFT ${word}: ${texts.join('; ').replaceAll('|', '/')} | unhealthy=${unhealthy} dirty=${dirty} services=${services}`;
  },
};

/** Problems that a line of monitoring names. */
const maxSaid = 10;

function moreThan(count: number): readonly string[] {
  return count > maxSaid ? [`and ${count - maxSaid} more`] : [];
}

function tableOf(report: DriftReport): readonly string[] {
  const { problems, grade } = report;
  if (problems.length === 0) return grade === 'unknown' ? ['Cannot tell:'] : [`${asWanted(report)}.`];
  const rows = problems.map((own) => [
    driftProblems[own.problem],
    driftTitles[own.problem],
    archiveText(own.archive),
    own.actual,
    own.expected,
    own.place === null ? referenceNames[own.reference] : placeText(own.place),
  ]);
  const title = `${countOf(problems.length, 'difference')}: ${countClass(problems, 'dirty')} dirty, ${countClass(problems, 'unhealthy')} unhealthy`;
  return [title, '', formatColumns(['class', 'problem', 'subject', 'actual', 'expected', 'by'], rows)];
}

function remarksOf({ references, leftOut }: DriftReport): readonly string[] {
  const remarks = [
    ...references.flatMap(({ failure, name, isWhole, notes }) => [
      ...(failure === null ? [] : [failure.text]),
      ...(failure === null && !isWhole ? [`${name} was not read in full; only what was understood is judged:`] : []),
      ...notes.map((note) => `  ${note}`),
    ]),
    ...leftOut,
  ];
  return remarks.length === 0 ? [] : ['', ...remarks];
}

/** The parts that were not judged, in a line for each reference. */
function partsOf({ references, leftOut }: DriftReport): readonly string[] {
  return [
    ...references.flatMap(({ name, failure, isWhole, notes: [first] }) =>
      failure === null && !isWhole ? [`${name} was not read in full${first === undefined ? '' : ` (${first})`}`] : [],
    ),
    ...(leftOut.length === 0 ? [] : [`${countOf(leftOut.length, 'entry', 'entries')} of the table left out`]),
  ];
}

function failuresOf({ references }: DriftReport): readonly string[] {
  return references.flatMap(({ failure }) => failure?.text ?? []);
}

function asWanted({ services, references }: DriftReport): string {
  const names = references.map(({ kind, name }) => `${referenceNames[kind]} ${name}`).join(' and ');
  return `${countOf(services, 'service')} as wanted by ${names}`;
}

function countClass(problems: readonly DriftProblem[], wanted: DriftClass): number {
  return problems.filter(({ problem }) => driftProblems[problem] === wanted).length;
}

function lineOf(own: DriftProblem): string {
  return `${archiveText(own.archive)}: ${driftTitles[own.problem]} (${own.actual}, expected ${own.expected})`;
}
