import { describe, expect, test } from 'vitest';
import { findingLine } from '../../../src/model/finding/finding-text.js';
import { type Moment, momentFindings } from '../../../src/model/finding/moment.js';
import { standardRetention } from '../../../src/model/retention.js';

const nowS = 1_763_700_000;
const well: Moment = { nowS, retention: standardRetention, lastS: nowS - 200, failure: null, freeBytes: 2 ** 40 };

describe('the findings of a moment', () => {
  test.each<readonly [title: string, moment: Partial<Moment>, found: readonly string[]]>([
    ['a reading within the heartbeat', { lastS: nowS - 600 }, []],
    ['nothing read yet', { lastS: null }, []],
    [
      'no reading for longer than the heartbeat',
      { lastS: nowS - 601 },
      ['critical director: collecting has stopped: is cron, or the server that collects, running?'],
    ],
    [
      'a failed cycle',
      { failure: { sinceS: nowS - 100, text: 'ipvsadm: not permitted' } },
      ['warning director: collecting fails: ipvsadm: not permitted'],
    ],
    [
      'cycles that have failed for longer than the heartbeat',
      { lastS: nowS - 900, failure: { sinceS: nowS - 600, text: 'ipvsadm: not permitted' } },
      ['critical director: collecting fails: ipvsadm: not permitted'],
    ],
    [
      'a table that was not read for longer than the heartbeat, though probes were',
      { lastS: nowS, failure: { sinceS: nowS - 601, text: 'ipvsadm: not permitted' } },
      ['critical director: collecting fails: ipvsadm: not permitted'],
    ],
    [
      'HAProxy that was not read for longer than the heartbeat, though the table was',
      { lastS: nowS, failure: { sinceS: nowS - 601, text: 'there is no /run/haproxy.sock', isBesideTable: true } },
      ['warning director: collecting fails: there is no /run/haproxy.sock'],
    ],
    [
      'a first cycle that failed',
      { lastS: null, failure: { sinceS: nowS - 100, text: 'ipvsadm: not permitted' } },
      ['critical director: collecting fails: ipvsadm: not permitted'],
    ],
    [
      'a reading from the future',
      { lastS: nowS + 301 },
      ["critical director: the newest reading is in the future: correct this machine's clock"],
    ],
    [
      'less than a gibibyte free',
      { freeBytes: 900 * 2 ** 20 },
      [
        'warning director: 900 MiB free for the archives, of 1,024 MiB wanted; below 100 MiB, no archive is created and nothing is drawn',
      ],
    ],
    [
      'less than the floor free',
      { freeBytes: 99 * 2 ** 20 },
      [
        'critical director: 99 MiB free for the archives, of 1,024 MiB wanted; below 100 MiB, no archive is created and nothing is drawn',
      ],
    ],
  ])('with %s', (_, moment, found) => {
    const findings = momentFindings({ ...well, ...moment });
    expect(findings.map((finding) => `${finding.severity} ${findingLine(finding)}`)).toEqual(found);
  });
});

test('a finding whose beginning nobody knows begins when it was first seen, until it ends', () => {
  const firstSeen = new Map<string, number>();
  const at = (seconds: number, freeBytes: number) =>
    momentFindings({ ...well, nowS: nowS + seconds, freeBytes }, undefined, firstSeen).map(
      ({ sinceS }) => sinceS - nowS,
    );
  expect([at(0, 1), at(30, 1), at(60, 2 ** 40), at(90, 1)]).toEqual([[0], [0], [], [90]]);
});
