// The kernel's tables of neighbours and of tracked connections, as /proc shows them.

import { cpSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hostTablesOf, readHostTables } from '../../../src/collect/ipvs/proc/host-tables.js';
import { fixturePath } from '../capture.js';

let procRoot: string;

beforeEach(() => {
  procRoot = mkdtempSync(join(tmpdir(), 'lvs-stats-proc-'));
  cpSync(fixturePath('proc/host-tables'), procRoot, { recursive: true });
});

afterEach(() => rmSync(procRoot, { recursive: true }));

const tables = () => hostTablesOf({ hostText: readHostTables(procRoot) }).hostTables;
const change = (path: string, text: string) => writeFileSync(join(procRoot, path), text);

const neighbours = [
  { name: 'neighbours-ipv4', entries: 2, limit: 1024 },
  { name: 'neighbours-ipv6', entries: 4, limit: 1024 },
];

test('are read from a real kernel', () => {
  expect(tables()).toEqual([...neighbours, { name: 'conntrack', entries: 0, limit: 262_144 }]);
});

test('have entries in hexadecimal where there are neighbours', () => {
  change('net/stat/arp_cache', 'entries  allocs\n000003ff 00000002\n000003ff 00000000\n');
  expect(tables()?.[0]).toEqual({ name: 'neighbours-ipv4', entries: 1023, limit: 1024 });
});

test.each(['nf_conntrack_count', 'nf_conntrack_max'])('are not loaded without %s', (file) => {
  unlinkSync(join(procRoot, 'sys/net/netfilter', file));
  expect(tables()).toEqual(neighbours);
});

test.each(['0\n', '', 'many\n', '-1\n'])('are left out with a limit of %j', (limit) => {
  change('sys/net/netfilter/nf_conntrack_max', limit);
  expect(tables()).toEqual(neighbours);
});

test('are none on a machine without these files, and unknown where nothing was read', () => {
  rmSync(procRoot, { recursive: true });
  expect(tables()).toEqual([]);
  expect(hostTablesOf({})).toEqual({});
  procRoot = mkdtempSync(join(tmpdir(), 'lvs-stats-proc-'));
});
