// Reads the use and the limits of the kernel's tables of neighbours and of tracked connections, as one text that a recording keeps: files
// that are there, each after its name, as head(1) prints several. A table whose files are missing is not loaded, or belongs to another
// network namespace.
//
//   ==> net/stat/arp_cache <==          a line for each processor; the first column, hexadecimal, is the same in all: the entries
//   ==> sys/net/ipv4/neigh/default/gc_thresh3 <==
//   ==> sys/net/netfilter/nf_conntrack_count <==
//
// See arp(7), and nf_conntrack-sysctl in the kernel's documentation. The limit of neighbours counts fewer than the entries do since Linux 5.0:
// not those that are permanent or learned by a protocol.

import { join } from 'node:path';
import type { HostTable, HostTableName } from '../../../model/table/host-table.js';
import { readOptional } from './read-optional.js';

interface TableFiles {
  readonly name: HostTableName;
  readonly entries: string;
  readonly limit: string;
  readonly parseEntries: (text: string) => number | null;
}

const tables: readonly TableFiles[] = [
  {
    name: 'neighbours-ipv4',
    entries: 'net/stat/arp_cache',
    limit: 'sys/net/ipv4/neigh/default/gc_thresh3',
    parseEntries: parseNeighbours,
  },
  {
    name: 'neighbours-ipv6',
    entries: 'net/stat/ndisc_cache',
    limit: 'sys/net/ipv6/neigh/default/gc_thresh3',
    parseEntries: parseNeighbours,
  },
  {
    name: 'conntrack',
    entries: 'sys/net/netfilter/nf_conntrack_count',
    limit: 'sys/net/netfilter/nf_conntrack_max',
    parseEntries: parseNumber,
  },
];

/** The text of the files that are there; '' if there are none. */
export function readHostTables(procRoot: string): string {
  return tables
    .flatMap(({ entries, limit }) => [entries, limit])
    .map((path) => {
      const text = readOptional(join(procRoot, path));
      return text === null ? '' : `==> ${path} <==\n${text.endsWith('\n') ? text : `${text}\n`}`;
    })
    .join('');
}

/** The tables of a text. One without entries or limit is left out. */
function parseHostTables(text: string): readonly HostTable[] {
  const files = new Map(
    text
      .split(/^==> /m)
      .slice(1)
      .map((part) => {
        const at = part.indexOf(' <==\n');
        return [part.slice(0, Math.max(0, at)), part.slice(at + ' <==\n'.length)] as const;
      }),
  );
  return tables.flatMap(({ name, entries: entriesFile, limit: limitFile, parseEntries }) => {
    const entries = parseEntries(files.get(entriesFile) ?? '');
    const limit = parseNumber(files.get(limitFile) ?? '');
    // Without a limit, nothing is ever full.
    return entries === null || limit === null || limit === 0 ? [] : [{ name, entries, limit }];
  });
}

/** The field of a snapshot; none if nothing was read. */
export function hostTablesOf({ hostText }: { readonly hostText?: string }): {
  readonly hostTables?: readonly HostTable[];
} {
  return hostText === undefined ? {} : { hostTables: parseHostTables(hostText) };
}

function parseNeighbours(text: string): number | null {
  const [, hex] = /^entries\s.*\n([0-9a-f]{1,8})\s/.exec(text) ?? [];
  return hex === undefined ? null : Number.parseInt(hex, 16);
}

function parseNumber(text: string): number | null {
  const [, digits] = /^(\d{1,10})\n/.exec(text) ?? [];
  return digits === undefined ? null : Number(digits);
}
