// The text of a topology, from a file or a command: a list in YAML, or CSV with a row of titles, in which the addresses of a host are
// separated by blanks. Lines of CSV that begin with # are comments.
//
//   - {host: web01, addresses: [10.1.0.0/24], rack: r01, dc: tx, role: web}
//
//   host,addresses,rack,dc,role
//   web01,10.1.0.0/24 10.9.0.1,r01,tx,web

import { splitRow } from '../../../collect/haproxy/split-row.js';
import type { Topology, TopologyEntry } from '../../../model/topology/topology.js';
import { parseYaml, wrong } from '../../yaml-text.js';
import { builtFrom, isPlainName, plainNames, topologyList } from './topology-form.js';

const example = '- {host: web01, addresses: [10.1.0.0/24], rack: r01}';

/** Parses a text; `name` is where it comes from. Throws a `UserError` that names the wrong line. */
export function parseTopology(text: string, name: string): Topology {
  const first = /^(?!\s*(#|$)).*\S.*$/m.exec(text)?.[0] ?? '';
  if (first === '') throw wrong(name, `there is no host: write lines such as "${example}", or CSV`);
  return /^\s*[-[{]/.test(first) ? parseList(text, name) : parseCsv(text, name);
}

function parseList(text: string, name: string): Topology {
  const { contents, place } = parseYaml(text, name, example);
  if (contents === null) throw wrong(name, `there is no host: write lines such as "${example}"`);
  return topologyList.read(contents, { path: 'topology', place });
}

const titles = ['host', 'addresses', 'rack', 'dc', 'role'] as const;
type Title = (typeof titles)[number];

function parseCsv(text: string, name: string): Topology {
  const rows = rowsOf(text, name);
  const [head, ...body] = rows;
  if (head === undefined) throw wrong(name, 'there is no row of titles');
  const columns = head.cells.map((cell) => titleOf(cell.toLowerCase(), head.at));
  for (const title of titles) {
    const count = columns.filter((one) => one === title).length;
    if (count > 1) throw wrong(head.at, `the column "${title}" is there twice`);
    if (count === 0 && (title === 'host' || title === 'addresses'))
      throw wrong(head.at, `there is no column "${title}"`);
  }
  return builtFrom(body.map(({ cells, at }) => ({ at, entry: entryOf(cells, columns, at) })));
}

function titleOf(cell: string, at: string): Title {
  const found = titles.find((title) => title === cell);
  if (found === undefined) throw wrong(at, `there is no column "${cell}", only ${titles.join(', ')}`);
  return found;
}

function entryOf(cells: readonly string[], columns: readonly Title[], at: string): TopologyEntry {
  if (cells.length !== columns.length)
    throw wrong(at, `expected ${columns.length} columns, found ${cells.length}; put cells with commas in quotes`);
  const named = (title: Title): string | null => {
    const cell = cells[columns.indexOf(title)] ?? '';
    if (cell === '') return null;
    if (!isPlainName(cell)) throw wrong(at, `"${title}" cannot be "${cell}": write ${plainNames}`);
    return cell;
  };
  const host = named('host');
  if (host === null) throw wrong(at, 'the row has no host');
  const addresses = (cells[columns.indexOf('addresses')] ?? '').split(/\s+/).filter((one) => one !== '');
  if (addresses.length === 0) throw wrong(at, `the host "${host}" has no addresses`);
  return { host, addresses, rack: named('rack'), dc: named('dc'), role: named('role') };
}

interface Row {
  readonly cells: readonly string[];
  readonly at: string;
}

function rowsOf(text: string, name: string): readonly Row[] {
  const whole = text.endsWith('\n') ? text : `${text}\n`;
  const rows: Row[] = [];
  for (let at = 0, line = 1; at < whole.length; ) {
    const end = whole.indexOf('\n', at);
    const raw = whole.slice(at, end);
    if (/^\s*(#|$)/.test(raw)) {
      at = end + 1;
      line += 1;
      continue;
    }
    const row = splitRow(whole, at, { raw, end, count: rows[0]?.cells.length ?? raw.split(',').length });
    if (row.isMisquoted) throw wrong(`${name}:${line}`, 'a quote is not closed, or has text beside it');
    rows.push({ cells: row.fields.map((cell) => cell.trim()), at: `${name}:${line}` });
    at = row.next;
    line += row.lines;
  }
  return rows;
}
