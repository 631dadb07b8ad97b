// Tables of the kernel that are nearly full.

import { expect, test } from 'vitest';
import { findingLine } from '../../../src/model/finding/finding-text.js';
import type { HostTable } from '../../../src/model/table/host-table.js';
import { TestDirector } from './cycles.js';

const table = (name: HostTable['name'], entries: number, limit = 1000): HostTable => ({ name, entries, limit });

/** The open findings, as `kind severity`, after each reading of these tables. */
function course(director: TestDirector, ...readings: readonly (readonly HostTable[] | undefined)[]): readonly string[] {
  return readings.map((hostTables) => {
    director.hostTables = hostTables;
    director.read([]);
    return director.open.map(({ kind, severity }) => `${kind} ${severity}`).join(', ');
  });
}

test.each(['neighbours-ipv4', 'neighbours-ipv6', 'conntrack'] as const)(
  '%s opens after two readings at 80 %% of the limit, at once near it, and closes well below',
  (name) => {
    const kind = name === 'conntrack' ? 'conntrack-full' : 'neighbours-full';
    const part = (entries: number) => [table(name, entries)];
    expect(
      course(new TestDirector(), part(799), part(800), part(900), part(950), part(700), part(599), part(599)),
    ).toEqual([...['', '', `${kind} warning`, `${kind} critical`, `${kind} warning`, `${kind} warning`, '']]);
    expect(course(new TestDirector(), part(950))).toEqual([`${kind} critical`]);
  },
);

test('a reading that does not tell opens and closes nothing, and one without the table closes', () => {
  const full = [table('conntrack', 1000)];
  expect(course(new TestDirector(), full, undefined, undefined, undefined, [], [])).toEqual([
    ...Array.from({ length: 5 }, () => 'conntrack-full critical'),
    '',
  ]);
});

test('the sentences give the entries, the limit and its name; of two families, those of the fuller', () => {
  const director = new TestDirector();
  course(director, [
    table('neighbours-ipv4', 990, 1024),
    table('neighbours-ipv6', 1024, 1024),
    table('conntrack', 260_000, 262_144),
  ]);
  expect(director.open.map(findingLine)).toEqual([
    'director: 1,024 of at most 1,024 neighbours of IPv6 (net.ipv6.neigh.default.gc_thresh3): the kernel refuses new ones when the table is full',
    'director: 260,000 of at most 262,144 tracked connections (net.netfilter.nf_conntrack_max): the kernel drops new ones when the table is full',
  ]);
});
