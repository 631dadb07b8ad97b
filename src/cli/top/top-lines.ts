// The screen of `lvs-stats top` as lines: the findings, worst first, then the services in their order. Pure: a window's size goes in, and no
// line is longer than the window is wide. Addresses are never cut before host names, and whatever is cut ends with an ellipsis.

import type { Finding } from '../../model/finding/finding.js';
import { countOf } from '../../model/text/count-of.js';
import { visibleLine } from '../../model/text/visible.js';
import { type NowColumn, type NowOrder, type NowService, nowColumns } from '../../web/now/now-rows.js';

/** A finding in words. */
export interface TopFinding {
  readonly severity: Finding['severity'];
  readonly since: string;
  readonly subject: string;
  readonly text: string;
}

/** The contents of the screen. */
export interface TopContent {
  readonly director: string;
  /** A label such as `demonstration`; null if there is none. */
  readonly note: string | null;
  /** Local time of the newest reading; null before the first. */
  readonly readAt: string | null;
  /** Why nothing newer is shown; null if the last look succeeded. */
  readonly failure: string | null;
  readonly findings: readonly TopFinding[];
  readonly services: readonly NowService[];
}

/** The screen's size, in characters, and what the reader chose. */
export interface TopWindow {
  readonly columns: number;
  /** Lines; all that are needed if infinite. */
  readonly lines: number;
  readonly order: NowOrder;
  /** Services scrolled out of the window at its top. */
  readonly skipped: number;
  readonly hasColour: boolean;
}

const symbols = { critical: '■', warning: '▲', notice: '●' } as const;

/** SGR codes (ECMA-48): red, yellow and blue; bold and reversed titles. */
const colours = { critical: '31;1', warning: '33;1', notice: '34;1', title: '7', good: '32' } as const;

/** The keys, for the last line of the screen. */
const keyHelp = 'q quit  n name  t bit/s  c conn/s  w last week  r real servers  s state  i reverse  ↑ ↓ scroll';

/** The order by each key. */
export const orderKeys: Readonly<Record<string, NowColumn>> = {
  n: 'name',
  t: 'traffic',
  c: 'conns',
  w: 'change',
  r: 'servers',
  s: 'state',
};

/** The lines of a screen. */
export function topLines(content: TopContent, window: TopWindow): readonly string[] {
  const paint = window.hasColour ? painted : (text: string): string => text;
  const cut = (text: string): string => fitted(text, window.columns);
  const head = [cut(titleOf(content)), ...(content.failure === null ? [] : [cut(`! ${content.failure}`)])];
  const roomForFindings = Math.max(1, Math.floor((window.lines - head.length) / 3));
  const findings = findingLines(content, roomForFindings).map(({ text, colour }) => paint(cut(text), colour));
  const rest = window.lines - head.length - findings.length - 3;
  const shown = content.services.slice(window.skipped, window.skipped + Math.max(0, rest));
  const [titles = '', ...rows] = tableLines(shown, window);
  const hidden = content.services.length - window.skipped - shown.length;
  const foot = Number.isFinite(window.lines) ? [cut(hidden > 0 ? `${keyHelp}  (${hidden} more below)` : keyHelp)] : [];
  return [...head, ...findings, '', paint(titles, 'title'), ...rows, ...foot].slice(0, window.lines);
}

/** The most services that can be scrolled away. */
export function mostSkipped({ services }: TopContent): number {
  return Math.max(0, services.length - 1);
}

function titleOf({ director, note, readAt, services }: TopContent): string {
  const read = readAt === null ? 'nothing was read yet: "lvs-stats collect" reads the table' : `read ${readAt}`;
  const name = note === null ? director : `${note.toUpperCase()}  ${director}`;
  return `${name}  ${countOf(services.length, 'service')}  ${read}`;
}

interface FindingLine {
  readonly text: string;
  readonly colour: keyof typeof colours;
}

function findingLines({ findings, readAt }: TopContent, room: number): readonly FindingLine[] {
  if (findings.length === 0) return readAt === null ? [] : [{ text: 'Nothing is wrong.', colour: 'good' }];
  const shown = findings.length > room ? findings.slice(0, room - 1) : findings;
  const lines = shown.map(({ severity, since, subject, text }): FindingLine => {
    return { text: `${symbols[severity]} ${severity}  ${since}  ${subject}: ${text}`, colour: severity };
  });
  const more = findings.length - shown.length;
  if (more === 0) return lines;
  const { severity: colour } = findings[shown.length] ?? { severity: 'notice' as const };
  return [...lines, { text: `${countOf(more, 'more finding')}: "lvs-stats status" lists them`, colour }];
}

type TopColumn = NowColumn | 'day';

/** A column after the name. */
interface Column {
  readonly name: Exclude<TopColumn, 'name'>;
  readonly title: string;
  readonly width: number;
  readonly isRight: boolean;
}

const columnsShown: readonly Column[] = [
  { name: 'traffic', title: nowColumns.traffic, width: 8, isRight: true },
  { name: 'conns', title: nowColumns.conns, width: 8, isRight: true },
  { name: 'change', title: 'last week', width: 11, isRight: true },
  { name: 'day', title: '24 h', width: 24, isRight: false },
  { name: 'servers', title: 'real', width: 6, isRight: true },
  { name: 'state', title: nowColumns.state, width: 22, isRight: false },
];

/** The columns that a narrow window does without, the first ones first. */
const dispensable: readonly TopColumn[] = ['day', 'change', 'servers', 'conns', 'state', 'traffic'];

/** The least width of the name: an IPv4 address, a port and the protocol. */
const leastName = 25;
const gap = 2;

/** The columns that fit beside the names; the one that orders the list stays longest. */
function columnsWithin(columns: number, order: NowOrder): readonly Column[] {
  let shown = columnsShown;
  const dropped = [...dispensable.filter((name) => name !== order.by), order.by];
  for (const name of dropped) {
    if (nameWidth(columns, shown) >= leastName) return shown;
    shown = shown.filter((column) => column.name !== name);
  }
  return shown;
}

function nameWidth(columns: number, shown: readonly Column[]): number {
  return columns - shown.reduce((sum, { width }) => sum + gap + width, 0);
}

function tableLines(services: readonly NowService[], { columns, order }: TopWindow): readonly string[] {
  const shown = columnsWithin(columns, order);
  const width = nameWidth(columns, shown);
  const row = (cells: Readonly<Record<TopColumn, string>>): string => {
    const others = shown.map((column) => {
      const cell = fitted(cells[column.name], column.width);
      return column.isRight ? cell.padStart(column.width) : cell.padEnd(column.width);
    });
    return [fitted(cells.name, width).padEnd(width), ...others].join(' '.repeat(gap));
  };
  const titles = Object.fromEntries(columnsShown.map(({ name, title }) => [name, titleWith(name, title, order)]));
  const first = row({ ...(titles as Record<TopColumn, string>), name: titleWith('name', nowColumns.name, order) });
  return [first, ...services.map((one) => row(cellsOf(one, width)).trimEnd())];
}

function titleWith(column: TopColumn, text: string, order: NowOrder): string {
  if (order.by !== column) return text;
  const isText = column === 'name' || column === 'state';
  return `${text} ${isText !== order.isReversed ? '▴' : '▾'}`;
}

function cellsOf(own: NowService, width: number): Readonly<Record<TopColumn, string>> {
  const { service, traffic, conns, change, realServers, day } = own;
  const state = own.silenced === '' ? own.state : `${own.state} (silenced)`;
  return { name: nameWithin(service, width), traffic, conns, change, day: sparkText(day), servers: realServers, state };
}

/** The address, the protocol, then as many host names as fit. */
function nameWithin({ endpoint, protocol, hosts }: NowService['service'], width: number): string {
  const full = [endpoint, protocol].filter((part) => part !== '').join(' ');
  const own = visibleLine(full.length <= width ? full : endpoint);
  const left = width - own.length - 1;
  const [first = ''] = hosts.map(visibleLine);
  return first === '' || left < 4 ? own : `${own} ${fitted(first, left)}`;
}

/** Cut to a width with an ellipsis. */
function fitted(text: string, width: number): string {
  const shown = [...visibleLine(text)];
  return shown.length <= width ? shown.join('') : `${shown.slice(0, Math.max(0, width - 1)).join('')}…`;
}

const bars = '▁▂▃▄▅▆▇█';

/** A day as bars, two half hours each; blank where nothing is known. */
function sparkText(day: readonly number[]): string {
  const hours = Array.from({ length: Math.floor(day.length / 2) }, (_, i) => {
    const known = day.slice(2 * i, 2 * i + 2).filter((value) => !Number.isNaN(value));
    return known.length === 0 ? Number.NaN : Math.max(...known);
  });
  const most = Math.max(0, ...hours.filter((value) => !Number.isNaN(value)));
  const bar = (value: number): string => {
    if (Number.isNaN(value)) return ' ';
    return bars[most > 0 ? Math.min(bars.length - 1, Math.floor((bars.length * value) / most)) : 0] ?? ' ';
  };
  return hours.map(bar).join('');
}

function painted(text: string, colour: keyof typeof colours): string {
  return `\u001b[${colours[colour]}m${text}\u001b[0m`;
}
