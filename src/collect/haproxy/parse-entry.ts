// The cells of a row of "show stat": counters, gauges, status, weight and health check. An unreadable cell is unknown, and is reported in a
// sentence. See the management guide, 9.1 "CSV format".

import { type HaproxyColumn, haproxyColumns } from '../../model/haproxy.js';
import type { HaproxyId } from '../../model/names/haproxy-name.js';
import type { HaproxyEntry } from '../../model/snapshot.js';
import { quote } from '../collect-error.js';
import { LineProblem } from '../ipvs/listing/listing.js';
import { parseCounter } from '../ipvs/listing/whole-number.js';

/** The cells of a row. */
export interface Cells {
  readonly field: (title: string) => string;
  /** Collects a sentence for each unreadable cell. */
  readonly problems: string[];
}

/** Parses a well-formed row. */
export function parseEntry(id: HaproxyId, cells: Cells): HaproxyEntry {
  const { field } = cells;
  return {
    id,
    values: haproxyColumns[id.kind].map((column) => parseValue(column, cells)),
    mode: field('hrsp_2xx') === '' ? 'tcp' : 'http',
    status: statusOf(field('status')),
    weight: id.kind === 'server' ? weightOf(cells) : null,
    check: checkOf(field),
  };
}

/** HAProxy counts current sessions and its queue in a C int (2^31 - 1); a greater number has wrapped below zero. */
const largestGauge = 2n ** 31n - 1n;

function parseValue({ csv, measure }: HaproxyColumn, cells: Cells): bigint | null {
  return parseCell(csv, measure.type === 'GAUGE' ? largestGauge : null, cells);
}

function parseCell(title: string, largest: bigint | null, { field, problems }: Cells): bigint | null {
  const word = field(title);
  if (word === '') return null;
  try {
    const value = parseCounter(word);
    if (largest === null || value <= largest) return value;
    problems.push(`column ${title}: expected at most ${largest}, found ${quote(word)}: this value is unknown`);
  } catch (error) {
    if (!(error instanceof LineProblem)) throw error;
    problems.push(`column ${title}: expected a whole number, found ${quote(word)}: this value is unknown`);
  }
  return null;
}

/** "UP 1/2" and "MAINT (via web/a)" are UP and MAINT; a full frontend is open. */
function statusOf(text: string): string {
  const word = /^(no check|[A-Z]{1,20})/.exec(text)?.[1] ?? quote(text, 20).slice(1, -1);
  return word === 'FULL' ? 'OPEN' : word;
}

const largestWeight = 65_535n;

/** The configured weight, if this version reports it; else the effective one, except during a server's slow start. */
function weightOf(cells: Cells): number | null {
  const { field } = cells;
  const isSlow = field('throttle') !== '' && field('throttle') !== '100';
  if (field('uweight') === '' && isSlow) return null;
  const value = parseCell(field('uweight') === '' ? 'weight' : 'uweight', largestWeight, cells);
  return value === null ? null : Number(value);
}

const longestCheck = 200;

/** "L4CON: Connection refused": the newest result and its explanation. */
function checkOf(field: (title: string) => string): string {
  const status = field('check_status').replace(/^\* /, '');
  const why = field('last_chk') || field('check_desc');
  return status === '' ? '' : quote([status, why].filter(Boolean).join(': '), longestCheck).slice(1, -1);
}
