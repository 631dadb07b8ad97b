// The finding of services that survive less than the policy requires.

import { describe, expect, test } from 'vitest';
import type { Peaks, RedundancyGround } from '../../../src/interpret/findings/observation.js';
import { findingLine } from '../../../src/model/finding/finding-text.js';
import { noTopology, type Topology, topologyOf } from '../../../src/model/topology/topology.js';
import { type Server, type Service, TestDirector } from './cycles.js';

const topology = built();

/** Hosts 1 to 4 in rack a, 11 to 14 in rack b. */
function built(): Topology {
  const octets = [1, 2, 3, 4, 11, 12, 13, 14];
  const made = topologyOf(
    octets.map((octet) => {
      const rack = octet < 10 ? 'a' : 'b';
      return { host: `h${octet}`, addresses: [`10.0.0.${octet}`], rack, dc: null, role: null };
    }),
  );
  if ('problem' in made) throw new Error(made.problem);
  return made;
}

const ofRacks: RedundancyGround = { rules: [{ of: '*', level: 'rack' }], topology };

function newDirector(redundancy = ofRacks): TestDirector {
  const director = new TestDirector();
  director.redundancy = redundancy;
  return director;
}

const web = (...octets: readonly number[]): Service => ({
  port: 80,
  servers: octets.map((octet): Server => [octet, 1]),
});
const linesOf = (director: TestDirector): readonly string[] =>
  director.open.flatMap((own) => (own.kind === 'redundancy-lacking' ? [findingLine(own)] : []));

test('opens when all usable real servers of a service are in one rack, and closes when another has one', () => {
  const director = newDirector();
  director.read([web(1, 2, 11)], { times: 3 });
  expect(linesOf(director)).toEqual([]);
  director.read(
    [
      {
        ...web(1, 2),
        servers: [
          [1, 1],
          [2, 1],
          [11, 0],
        ],
      },
    ],
    { times: 2 },
  );
  expect(linesOf(director)).toEqual([
    '192.0.2.1:80: does not survive the loss of rack a, which has all of its 2 usable real servers',
  ]);
  director.read([web(1, 2, 11)], { times: 2 });
  expect(linesOf(director)).toEqual([]);
  expect(director.events.filter((event) => event.endsWith('redundancy-lacking'))).toEqual([
    'finding-opened redundancy-lacking',
    'finding-closed redundancy-lacking',
  ]);
});

describe('does not open', () => {
  test.each<readonly [what: string, redundancy: RedundancyGround, service: Service]>([
    ['without a rule', { rules: [], topology }, web(1, 2)],
    ['for other services', { rules: [{ of: '198.51.100.*', level: 'rack' }], topology }, web(1, 2)],
    ['where racks are unknown', { rules: [{ of: '*', level: 'rack' }], topology: noTopology }, web(1, 2)],
    ['for a service that has no usable real server at all', ofRacks, { port: 80, servers: [[1, 0]] }],
  ])('%s', (_, redundancy, service) => {
    const director = newDirector(redundancy);
    director.read([service], { times: 4 });
    expect(linesOf(director)).toEqual([]);
  });
});

test('a single real server survives nothing, wherever it stands', () => {
  const director = newDirector({ rules: [{ of: '*', level: 'rack' }], topology: noTopology });
  director.read([web(7)], { times: 2 });
  expect(linesOf(director)).toEqual([
    '192.0.2.1:80: does not survive the loss of 10.0.0.7:80, its only usable real server',
  ]);
});

test('what the others could carry is judged when the service has its turn, and stays in between', () => {
  const peakWith = (most: number): Peaks => {
    const servers = [1, 2, 11].map((octet) => ({ name: `192.0.2.1_80/10.0.0.${octet}_80`, atPeak: 10, most }));
    return new Map([['192.0.2.1_80', { atS: 0, whole: 40, servers }]]);
  };
  const director = newDirector();
  director.read([web(1, 2, 11)]);
  director.peaks = peakWith(10);
  director.read([web(1, 2, 11)], { times: 2 });
  director.peaks = new Map();
  director.read([web(1, 2, 11)], { times: 5 });
  expect(linesOf(director)).toEqual([
    '192.0.2.1:80: does not survive the loss of rack a, after which a real server would have had 400 % of the most it ever held, at the peak of the last 30 days',
  ]);
  director.peaks = new Map([['192.0.2.1_80', null]]);
  director.read([web(1, 2, 11)], { times: 5 });
  expect(linesOf(director)).toHaveLength(1);
  director.peaks = peakWith(20);
  director.read([web(1, 2, 11)], { times: 2 });
  expect(linesOf(director)).toEqual([]);
});

test('most services at once are one finding', () => {
  const director = newDirector();
  director.read(
    [1, 2, 3, 4, 5].map((port) => ({ ...web(1, 2), port })),
    { times: 2 },
  );
  expect(linesOf(director)).toEqual([
    'director: 5 services do not survive what they have to; the first: 192.0.2.1:1, the loss of rack a, which has all of its 2 usable real servers',
  ]);
});
