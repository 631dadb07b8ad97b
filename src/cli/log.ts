// Messages about the work, as opposed to results: a line for people, or one object per line for programs (`--log-format json`). In the
// journal, lines begin with their priority. No text can send control sequences to a terminal or start a line of its own. See sd-daemon(3),
// and JOURNAL_STREAM in systemd.exec(5).

import { fstatSync } from 'node:fs';
import { visible, visibleMessage } from '../model/text/visible.js';

/** The importance of a line: `info` for success, `notice` for facts worth knowing; the others need attention. */
export type Level = 'info' | 'notice' | 'warning' | 'error';

/** A message; `details` are for programs. */
export interface Entry {
  readonly level: Level;
  readonly text: string;
  readonly details?: Readonly<Record<string, string | number>>;
}

/** The style of lines; `quiet` omits those that need no attention. */
export interface LogStyle {
  readonly format: 'text' | 'json';
  readonly isQuiet: boolean;
}

/** The destination of a line. */
export interface Destination {
  readonly format: LogStyle['format'];
  readonly isJournal: boolean;
  /** Text begins with the program's name. */
  readonly isNamed: boolean;
  /** The clock, epoch milliseconds. */
  readonly nowMs: number;
}

const priorities: Readonly<Record<Level, number>> = { error: 3, warning: 4, notice: 5, info: 6 };

/** An entry as lines, each with its line end. */
export function formatEntry(
  { level, text, details }: Entry,
  { format, isJournal, isNamed, nowMs }: Destination,
): string {
  const priority = isJournal ? `<${priorities[level]}>` : '';
  if (format === 'json') {
    const record = { time: new Date(nowMs).toISOString(), level, message: text, ...details };
    return `${priority}${visible(JSON.stringify(record))}\n`;
  }
  // The journal adds the program's name, and treats each line as an entry.
  const whole = isNamed && !isJournal ? `lvs-stats: ${text}` : text;
  return `${visible(whole)
    .split('\n')
    .map((line) => priority + line)
    .join('\n')}\n`;
}

/** Is this file the journal's? `stream` is the variable JOURNAL_STREAM: device and inode number of the file that systemd connected. */
export function isJournal(stream: string | undefined, { dev, ino }: { readonly dev: number; readonly ino: number }) {
  return stream === `${dev}:${ino}`;
}

let style: LogStyle = { format: 'text', isQuiet: false };

/** Sets the style of this process's lines from now on. */
export function setLogStyle(next: LogStyle): void {
  style = next;
}

/** Writes a message to standard error. */
export function say(text: string, { level = 'notice', ...details }: { level?: Level; code?: string } = {}): void {
  write(process.stderr, { level, text: visibleMessage(text), details }, true);
}

/** Reports a defect of the program on standard error, with its stack trace. */
export function sayDefect(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  write(process.stderr, { level: 'error', text, details: {} }, true);
}

/** Reports success on standard output. */
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
