// The losses that services survive, by where their real servers stand and what the others could carry.

import { describe, expect, test } from 'vitest';
import type { ServicePeak } from '../../../src/model/capacity/loss.js';
import { partnersOf, type RequiredLevel, requirementOf } from '../../../src/model/policy/redundancy.js';
import { lossLevels, type ServiceSurvival, standingsOf, survivalOf } from '../../../src/model/redundancy/survival.js';
import { gradeOf, weakestFirst, worstGrade } from '../../../src/model/redundancy/survival-grade.js';
import { survivalRecord } from '../../../src/model/redundancy/survival-record.js';
import { missingText } from '../../../src/model/redundancy/survival-text.js';
import { lossesWithout, placeNamed } from '../../../src/model/redundancy/without.js';
import { noTopology, type Topology, topologyOf } from '../../../src/model/topology/topology.js';

const service = '192.0.2.1_80';
const topology = built();

/** Hosts 1 and 2 in rack a, 3 in b, 4 in rack a of another data centre; 5 has no rack. */
function built(): Topology {
  const places: readonly (readonly [number, string | null, string])[] = [
    [1, 'a', 'tx'],
    [2, 'a', 'tx'],
    [3, 'b', 'tx'],
    [4, 'a', 'ny'],
    [5, null, 'ny'],
  ];
  const made = topologyOf(
    places.map(([octet, rack, dc]) => ({ host: `h${octet}`, addresses: [`10.0.0.${octet}`], rack, dc, role: null })),
  );
  if ('problem' in made) throw new Error(made.problem);
  return made;
}

interface Case {
  /** Real servers as `octet_port`. */
  readonly servers: readonly string[];
  readonly required?: RequiredLevel;
  readonly peak?: ServicePeak | null;
  readonly known?: Topology;
  readonly partners?: readonly string[];
}

function judge({ servers, required, peak = null, known = topology, partners = [] }: Case): ServiceSurvival {
  const standings = standingsOf(known, service, new Map(servers.map((name) => [`10.0.0.${name}`, 1])));
  return survivalOf({ service, standings, peak, required: required ?? null }, { allowed: 3.5, partners });
}

function evenPeak(servers: readonly string[], most: number, whole = 40): ServicePeak {
  const atPeak = whole / servers.length;
  return { atS: 7, whole, servers: servers.map((name) => ({ name: `${service}/10.0.0.${name}`, atPeak, most })) };
}

const outcomesOf = ({ survivals }: ServiceSurvival) => lossLevels.map((level) => survivals[level].outcome).join(' ');

describe('a service survives, by real server, host, rack, data centre and director:', () => {
  test.each<readonly [what: string, given: Case, outcomes: string, missing: string]>([
    ['none', { servers: [] }, 'lost lost lost lost unknown', 'a usable real server'],
    ['one real server', { servers: ['1_80'] }, 'lost lost lost lost unknown', 'a second real server'],
    [
      'two ports of a host',
      { servers: ['1_80', '1_81'] },
      'survives lost lost lost unknown',
      'a real server on another host than h1',
    ],
    ['two hosts of a rack', { servers: ['1_80', '2_80'] }, 'survives survives lost lost unknown', ''],
    [
      'two hosts of a rack, where a rack is required',
      { servers: ['1_80', '2_80'], required: 'rack' },
      'survives survives lost lost unknown',
      'a real server outside of rack tx/a',
    ],
    [
      'racks of the same name in two data centres',
      { servers: ['1_80', '4_80'], required: 'dc' },
      'survives survives survives survives unknown',
      '',
    ],
    [
      'a host without a rack',
      { servers: ['1_80', '5_80'], required: 'rack' },
      'survives survives unknown survives unknown',
      'the rack of 10.0.0.5 in the topology',
    ],
    [
      'one real server without a rack, whatever is required',
      { servers: ['5_80'], required: 'rack' },
      'lost lost unknown lost unknown',
      'a second real server',
    ],
    [
      'no topology',
      { servers: ['1_80', '2_80'], known: noTopology, required: 'dc' },
      'survives survives unknown unknown unknown',
      'the rack of 10.0.0.1, 10.0.0.2 in the topology',
    ],
    [
      'too little capacity without a rack',
      {
        servers: ['1_80', '2_80', '3_80', '4_80'],
        required: 'rack',
        peak: evenPeak(['1_80', '2_80', '3_80', '4_80'], 10),
      },
      'survives survives survives overloaded unknown',
      '',
    ],
    [
      'another director',
      { servers: ['1_80', '3_80'], partners: ['lb2'] },
      'survives survives survives lost survives',
      '',
    ],
  ])('%s', (_, given, outcomes, missing) => {
    const judged = judge(given);
    expect([outcomesOf(judged), missingText(judged)]).toEqual([outcomes, missing]);
  });
});

test('what the others would have to carry is that of the worst loss', () => {
  const servers = ['1_80', '2_80', '3_80', '4_80'];
  const { survivals } = judge({ servers, peak: evenPeak(servers, 20) });
  expect(survivals.rack).toMatchObject({ worst: 'tx/a', left: 2, part: 1, outcome: 'survives' });
  expect(survivals.dc).toMatchObject({ worst: 'tx', left: 1, part: 2 });
  const overloaded = judge({ servers, required: 'dc', peak: evenPeak(servers, 10) });
  expect(missingText(overloaded)).toBe(
    'capacity: without data centre tx, 10.0.0.4:80 would have had 400 % of the most it ever held',
  );
  expect([gradeOf(overloaded), gradeOf(judge({ servers, required: 'dc', peak: evenPeak(servers, 1, 0.9) }))]).toEqual([
    'warning',
    'ok',
  ]);
});

test('the services that survive least come first, and give the grade', () => {
  const good = judge({ servers: ['1_80', '3_80'], required: 'rack' });
  const bad = judge({ servers: ['1_80', '2_80'], required: 'rack' });
  const open = judge({ servers: ['1_80', '5_80'], required: 'rack' });
  expect(weakestFirst([good, open, bad])).toEqual([bad, open, good]);
  expect([good, open, bad].map(gradeOf)).toEqual(['ok', 'unknown', 'critical']);
  expect([worstGrade(['ok', 'unknown']), worstGrade(['unknown', 'warning']), worstGrade([])]).toEqual([
    'unknown',
    'warning',
    'unknown',
  ]);
});

test('unknown loads are null in JSON', () => {
  expect(survivalRecord(judge({ servers: ['1_80', '2_80'] }))).toMatchObject({
    servers: 2,
    peak: null,
    missing: null,
    survives: { rack: { outcome: 'lost', lost: 'tx/a', left: 0, part: null, heaviest: null } },
  });
});

test('the largest loss of all rules that match is required', () => {
  const requiredOf = requirementOf([
    { of: '*', level: 'host' },
    { of: '192.0.2.*', level: 'dc' },
    { of: '192.0.2.1:80', level: 'rack' },
  ]);
  expect(['192.0.2.1_80', '198.51.100.1_80', 'fwm_1'].map(requiredOf)).toEqual(['dc', 'host', 'host']);
  expect(requirementOf([])('192.0.2.1_80')).toBeNull();
});

test('the directors of a group stand in for each other', () => {
  const groups = [
    { name: 'edge', directors: ['lb1', 'lb2'] },
    { name: 'spare', directors: ['lb2', 'lb3'] },
  ];
  expect(['lb1', 'lb2', 'lb4'].map((one) => partnersOf(groups, one))).toEqual([['lb2'], ['lb1', 'lb3'], []]);
});

describe('without a place', () => {
  const services = [
    judge({ servers: ['1_80', '2_80'] }),
    judge({ servers: ['3_80', '5_80'] }),
    judge({ servers: ['4_80'] }),
  ];
  const standings = services.flatMap((one) => one.standings);
  const lossesOf = (name: string) =>
    lossesWithout(placeNamed(name, topology, standings), services, { allowed: 3.5 }).map(
      ({ lost, of, loss }) => `${lost}/${of} ${loss.outcome}`,
    );

  test.each([
    ['tx/a', ['2/2 lost']],
    ['b', ['1/2 unknown']],
    ['ny', ['1/2 survives', '1/1 lost']],
    ['h2', ['1/2 survives']],
    ['10.0.0.2', ['1/2 survives']],
  ])('%s: %j', (name, losses) => {
    expect(lossesOf(name)).toEqual(losses);
  });

  test('an address means its host, though that has no usable real server', () => {
    expect(placeNamed('10.0.0.3', topology, [])).toEqual({ level: 'host', name: 'h3' });
  });

  test.each([
    ['a', '"a" may be rack tx/a, rack ny/a: write the rack as DC/RACK'],
    [
      'c',
      'there is no host, rack or data centre "c": name one of the topology, or the address of a usable real server',
    ],
  ])('%s is an error', (name, says) => {
    expect(() => placeNamed(name, topology, standings)).toThrow(says);
  });
});
