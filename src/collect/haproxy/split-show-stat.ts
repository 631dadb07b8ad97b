// Splits the CSV of "show stat" into rows (management guide, 9.1). A malformed row is dropped, and reading resumes at the next line.
// Between rows there may be empty lines, lines of "show info" and, when outputs were appended to a file, further headers.
//
//   Name: HAProxy                             lines of "show info": Pid, Uptime_sec
//   # pxname,svname,qcur,…,                   columns by name: each version has more of them
//   web,FRONTEND,,,0,1,9984,6,…,"a, b",       a quoted field may contain commas, quotes (doubled) and line ends
//
// Every line ends with a line end (LF or CR LF): a text whose last line has none was cut off.

import { CollectError } from '../collect-error.js';
import { notStatistics } from './not-statistics.js';
import { splitRow } from './split-row.js';

/** A row; the positions of `fields` are reliable only when there are as many as titles. */
export interface StatRow {
  /** Its first line in the text, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
  /** It has a misplaced quote, or one that is never closed. */
  readonly isMisquoted: boolean;
}

/** One output of "show stat". */
export interface StatOutput {
  readonly titles: readonly string[];
  readonly rows: readonly StatRow[];
  /** Its lines of "show info"; '' when there are none. */
  readonly info: string;
  /** The number of outputs in the text, and whether this is the last. */
  readonly outputs: number;
  readonly isLast: boolean;
  /** The line of its header. */
  readonly line: number;
}

interface Section {
  readonly titles: readonly string[];
  readonly line: number;
  readonly rows: StatRow[];
  readonly before: string;
  after: string;
  /** The line within which it was cut off; null when it is complete. */
  cutLine: number | null;
}

const headerStart = '# pxname,';

/** Splits the text, and returns the last complete output. Throws a `CollectError` when there is none. */
export function splitShowStat(text: string, source: string): StatOutput {
  const sections = sectionsOf(text.replace(/^\ufeff/, ''));
  const last = sections.at(-1);
  if (last === undefined) throw notStatistics(text, source);
  const chosen = sections.findLast(({ cutLine }) => cutLine === null);
  if (chosen === undefined) {
    const where = last.cutLine === last.line ? `the header in line ${last.line}` : `line ${last.cutLine}`;
    const fix = 'was it cut off, or changed while it was read?';
    throw new CollectError('cut-off', `${source} ends in the middle of ${where}: ${fix}`);
  }
  const { titles, rows, before, after, line } = chosen;
  // The order of the two commands is the same throughout a file.
  const info = sections[0]?.before.includes('Pid: ') ? before : after;
  return { titles, rows, info, outputs: sections.length, isLast: chosen === last, line };
}

/** The progress through the text. */
interface Progress {
  at: number;
  line: number;
  /** Lines since the last header that are not rows. */
  loose: string;
  /** The line of a row whose quote may stay open until the end of the text. */
  openLine: number | null;
}

function sectionsOf(text: string): readonly Section[] {
  const sections: Section[] = [];
  const progress: Progress = { at: 0, line: 1, loose: '', openLine: null };
  while (progress.at < text.length) {
    const { at, line, loose } = progress;
    const current = sections.at(-1);
    const end = text.indexOf('\n', at);
    const raw = lineOf(text, at, end);
    const isHeader = raw.startsWith(headerStart);
    if (isHeader) {
      endSection(current, progress);
      const titles = raw.slice('# '.length).split(',');
      sections.push({ titles, line, rows: [], before: loose, after: '', cutLine: end < 0 ? line : null });
      Object.assign(progress, { loose: '', openLine: null });
    }
    if (end < 0) {
      if (current !== undefined && !isHeader) current.cutLine = line;
      break;
    }
    if (isHeader) Object.assign(progress, { at: end + 1, line: line + 1 });
    else if (current === undefined || raw === '' || isInfo(raw, text, at)) takeLoose(current, progress, { raw, end });
    else takeRow(text, current, progress, { raw, end });
  }
  endSection(sections.at(-1), progress);
  return sections;
}

function endSection(section: Section | undefined, { openLine }: Progress): void {
  if (section !== undefined) section.cutLine ??= openLine;
}

/** A line of the text, and where it ends there. */
interface Line {
  readonly raw: string;
  readonly end: number;
}

function takeLoose(section: Section | undefined, progress: Progress, { raw, end }: Line): void {
  progress.at = end + 1;
  progress.line += 1;
  if (raw === '') return;
  progress.loose += `${raw}\n`;
  if (section !== undefined) section.after += `${raw}\n`;
}

function takeRow(text: string, section: Section, progress: Progress, { raw, end }: Line): void {
  const { at, line } = progress;
  const row = splitRow(text, at, { raw, end, count: section.titles.length });
  const glued = row.isWhole ? -1 : raw.indexOf(`${headerStart}svname,`);
  if (glued > 0) {
    // The previous output was cut within a line, and another one appended.
    section.cutLine = line;
    progress.at += glued;
    return;
  }
  if (row.isWhole) progress.openLine = null;
  else if (row.isOpen) progress.openLine ??= line;
  section.rows.push({ line, fields: row.fields, isMisquoted: row.isMisquoted });
  progress.at = row.next;
  progress.line = line + row.lines;
}

function lineOf(text: string, at: number, end: number): string {
  if (end < 0) return text.slice(at);
  return text.slice(at, text.charCodeAt(end - 1) === 13 ? Math.max(at, end - 1) : end);
}

/** Is it a line of "show info", below an empty line or another of its kind? A row has a comma after its proxy. */
function isInfo(raw: string, text: string, at: number): boolean {
  if (!/^[A-Za-z][\w .-]*:( |$)/.test(raw)) return false;
  const before = text.slice(Math.max(0, text.lastIndexOf('\n', at - 2) + 1), at);
  return /^\r?\n$/.test(before) || /^[A-Za-z][\w .-]*:( |\r?\n)/.test(before);
}
