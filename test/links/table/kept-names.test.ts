// The names that agents resolved, with the addresses of the last day.

import { expect, test } from 'vitest';
import { fleetFacts } from '../../../src/cycle/map-facts.js';
import { KeptNames } from '../../../src/links/table/kept-names.js';
import { fleetOf } from '../../../src/links/table/live-fleet.js';
import { LiveTable } from '../../../src/links/table/live-table.js';
import { noTopology } from '../../../src/model/topology/topology.js';

const nowS = 1_764_642_000;
const named = (name: string, ...addresses: readonly string[]) => ({ name, addresses });

test('a name has every address that it had in the last day; one with the same address all day is left out', () => {
  const names = new KeptNames();
  names.take([named('lb', '203.0.113.1'), named('still', '203.0.113.9')], nowS);
  expect(names.changing(nowS)).toEqual([]);
  names.take([named('lb', '203.0.113.2'), named('still', '203.0.113.9')], nowS + 3600);
  names.take([named('aa', '203.0.113.8', '203.0.113.7')], nowS + 3600);
  const aa = named('aa', '203.0.113.7', '203.0.113.8');
  expect(names.changing(nowS + 86_400)).toEqual([aa, named('lb', '203.0.113.1', '203.0.113.2')]);
  expect(names.changing(nowS + 86_401)).toEqual([aa]);
  expect(names.changing(nowS + 86_401 + 3600)).toEqual([]);
});

test('a name has 64 addresses at most, the newest; and there is a limit in all, which frees itself after a day', () => {
  const names = new KeptNames();
  for (let i = 0; i < 100; i += 1) names.take([named('lb', `203.0.113.${i}`)], nowS + i);
  const [lb] = names.changing(nowS + 100);
  expect(lb?.addresses).toHaveLength(64);
  expect(lb?.addresses).toContain('203.0.113.99');
  expect(lb?.addresses).not.toContain('203.0.113.35');
  const few = new KeptNames({ inAll: 4, ofName: 3 });
  few.take([named('a', '10.0.0.1', '10.0.0.2', '10.0.0.3'), named('b', '10.0.1.1', '10.0.1.2')], nowS);
  expect(few.changing(nowS)).toEqual([named('a', '10.0.0.1', '10.0.0.2', '10.0.0.3')]);
  few.take([named('a', '10.0.0.4')], nowS + 1);
  expect(few.changing(nowS + 1)).toEqual([named('a', '10.0.0.1', '10.0.0.2', '10.0.0.3')]);
  few.take([named('b', '10.0.1.1', '10.0.1.2')], nowS + 86_401);
  expect(few.changing(nowS + 86_401)).toEqual([named('b', '10.0.1.1', '10.0.1.2')]);
});

test('the fleet has those of all agents; an older agent reports none, and an older server has none', () => {
  const table = new LiveTable(() => noTopology);
  const report = { round: 1, about: {}, results: [], connections: [] };
  table.accept('web01', { ...report, names: [named('lb', '203.0.113.1')] }, nowS);
  table.accept('web02', { ...report, names: [named('lb', '203.0.113.2')] }, nowS);
  table.accept('older', report, nowS);
  const fleet = fleetOf(table, nowS);
  expect(fleet.names).toEqual([named('lb', '203.0.113.1', '203.0.113.2')]);
  expect(fleetFacts(fleet).names).toEqual(fleet.names);
  expect(fleetFacts({ agents: fleet.agents })).toEqual({ agents: fleet.agents, names: [] });
  expect(fleetFacts(null)).toEqual({ agents: [], names: [] });
});
