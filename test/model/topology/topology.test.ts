// Topology: the host of an address, and lists that contradict themselves.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  hostOfAddress,
  rackOf,
  type Topology,
  type TopologyEntry,
  topologyOf,
} from '../../../src/model/topology/topology.js';

function entry(host: string, addresses: readonly string[], rack: string | null = null): TopologyEntry {
  return { host, addresses, rack, dc: null, role: null };
}

function built(...entries: readonly TopologyEntry[]): Topology {
  const topology = topologyOf(entries);
  if ('problem' in topology) throw new Error(topology.problem);
  return topology;
}

test.each([
  ['10.1.0.5', 'one'],
  ['10.1.0.6', 'net'],
  ['10.1.9.9', 'wide'],
  ['10.2.0.0', undefined],
  ['2001:db8::1:7', 'six'],
  ['2001:0DB8:0:0::1:0007', 'six'],
  ['::ffff:10.1.0.5', undefined],
  ['no address', undefined],
])('the host of %s is that of the longest prefix', (address, host) => {
  const topology = built(
    entry('wide', ['10.1.0.0/16']),
    entry('one', ['10.1.0.5']),
    entry('net', ['10.1.0.0/24', '192.0.2.1']),
    entry('six', ['2001:db8::/64']),
  );
  expect(hostOfAddress(topology, address)?.host).toBe(host);
});

test('the host of any address is the one that a search through all networks finds', () => {
  const octet = fc.integer({ min: 0, max: 3 });
  const network = fc.tuple(octet, octet, fc.integer({ min: 16, max: 32 }));
  fc.assert(
    fc.property(fc.uniqueArray(network, { minLength: 1, maxLength: 12 }), octet, octet, (networks, c, d) => {
      const numbers = networks.map(([third, fourth, length]) => {
        const size = 2 ** (32 - length);
        return { first: Math.floor((third * 256 + fourth) / size) * size, size, length };
      });
      const unique = [...new Map(numbers.map((own) => [`${own.first}/${own.length}`, own])).values()];
      const topology = built(
        ...unique.map(({ first, length }, i) =>
          entry(`h${i}`, [`10.0.${Math.floor(first / 256)}.${first % 256}/${length}`]),
        ),
      );
      const at = c * 256 + d;
      const fitting = unique.filter(({ first, size }) => at >= first && at < first + size);
      const longest = fitting.toSorted((a, b) => b.length - a.length)[0];
      const expected = longest === undefined ? undefined : `h${unique.indexOf(longest)}`;
      expect(hostOfAddress(topology, `10.0.${c}.${d}`)?.host).toBe(expected);
    }),
  );
});

test.each<readonly [what: string, entries: readonly TopologyEntry[], problem: string]>([
  [
    'two hosts with the same address',
    [entry('a', ['10.0.0.1']), entry('b', ['10.0.0.2', '10.0.0.1'])],
    'the hosts "a" and "b" both claim 10.0.0.1: remove it from one of them',
  ],
  [
    'two hosts with the same network, written differently',
    [entry('a', ['2001:db8::/32']), entry('b', ['2001:DB8:0::/32'])],
    'the hosts "a" and "b" both claim 2001:DB8:0::/32',
  ],
  ['a host twice', [entry('a', ['10.0.0.1']), entry('a', ['10.0.0.2'])], 'the host "a" is listed twice'],
  ['no address', [entry('a', ['web01'])], '"web01" of the host "a" is wrong: write an address or a network'],
  ['host bits', [entry('a', ['10.1.0.5/24'])], 'it is not the first address of its network'],
  ['no length', [entry('a', ['10.1.0.0/33'])], 'its prefix length is not from 1 to 32'],
  ['two lengths', [entry('a', ['10.1.0.0/24/8'])], 'write an address or a network'],
])('%s is a problem', (_, entries, problem) => {
  expect(topologyOf(entries)).toEqual({ problem: expect.stringContaining(problem), entry: entries.length - 1 });
});

test('racks of two data centres may have the same name', () => {
  expect([
    rackOf({ rack: 'r01', dc: 'tx' }),
    rackOf({ rack: 'r01', dc: 'ny' }),
    rackOf({ rack: 'r01', dc: null }),
    rackOf({ rack: null, dc: 'tx' }),
  ]).toEqual(['tx/r01', 'ny/r01', 'r01', null]);
});
