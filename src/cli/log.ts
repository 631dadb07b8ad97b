// What is told of the work, beside results: a line for people, or an object a line for programs (`--log-format json`). Where the
// journal reads, lines begin with their priority. Whatever a text holds, no terminal obeys it, and none makes a line of its own.
// See sd-daemon(3), and JOURNAL_STREAM in systemd.exec(5).

import { fstatSync } from 'node:fs';
import { visible, visibleMessage } from '../model/text/visible.js';

/** How much a line matters: `info` is what goes well, `notice` what is worth knowing, the others want somebody. */
export type Level = 'info' | 'notice' | 'warning' | 'error';

/** A line to be told; `details` are for programs. */
export interface Entry {
  readonly level: Level;
  readonly text: string;
  readonly details?: Readonly<Record<string, string | number>>;
}

/** How lines are written; quiet leaves out what wants nobody. */
export interface LogStyle {
  readonly format: 'text' | 'json';
  readonly isQuiet: boolean;
}

/** Where a line goes. */
export interface Destination {
  readonly format: LogStyle['format'];
  readonly isJournal: boolean;
  /** Text begins with the program's name. */
  readonly isNamed: boolean;
  /** The clock, epoch milliseconds. */
  readonly nowMs: number;
}

const priorities: Readonly<Record<Level, number>> = { error: 3, warning: 4, notice: 5, info: 6 };

/** An entry as lines, each with its end. */
export function formatEntry(
  { level, text, details }: Entry,
  { format, isJournal, isNamed, nowMs }: Destination,
): string {
  const priority = isJournal ? `<${priorities[level]}>` : '';
  if (format === 'json') {
    const record = { time: new Date(nowMs).toISOString(), level, message: text, ...details };
    return `${priority}${visible(JSON.stringify(record))}\n`;
  }
  // The journal names the program itself, and takes each line for an entry of its own.
  const whole = isNamed && !isJournal ? `lvs-stats: ${text}` : text;
  return `${visible(whole)
    .split('\n')
    .map((line) => priority + line)
    .join('\n')}\n`;
}

/** Is this file the journal's? `stream` is the variable JOURNAL_STREAM: device and inode number of what systemd connected. */
export function isJournal(stream: string | undefined, { dev, ino }: { readonly dev: number; readonly ino: number }) {
  return stream === `${dev}:${ino}`;
}

let style: LogStyle = { format: 'text', isQuiet: false };

/** Sets how lines of this process are written from now on. */
export function setLogStyle(next: LogStyle): void {
  style = next;
}

/** Tells on standard error what is not a result. */
export function say(text: string, { level = 'notice', ...details }: { level?: Level; code?: string } = {}): void {
  write(process.stderr, { level, text: visibleMessage(text), details }, true);
}

/** Tells on standard error what is nobody's fault but the program's, with the lines that say where. */
export function sayDefect(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  write(process.stderr, { level: 'error', text, details: {} }, true);
}

/** Tells on standard output what went well. */
export function report(text: string, details: Entry['details'] = {}): void {
  write(process.stdout, { level: 'info', text: visibleMessage(text), details }, false);
}

function write(stream: NodeJS.WriteStream & { readonly fd: number }, entry: Entry, isNamed: boolean): void {
  if (style.isQuiet && (entry.level === 'info' || entry.level === 'notice')) return;
  stream.write(
    formatEntry(entry, { format: style.format, isJournal: isJournalOf(stream.fd), isNamed, nowMs: Date.now() }),
  );
}

function isJournalOf(fd: number): boolean {
  const stream = process.env['JOURNAL_STREAM'];
  return stream !== undefined && isJournal(stream, fstatSync(fd));
}
