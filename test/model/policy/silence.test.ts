// Which findings the pattern of a silence means.

import { expect, test } from 'vitest';
import { isPatternOf } from '../../../src/model/policy/silence.js';

const share = {
  kind: 'share-off',
  subject: '192.0.2.1_80/10.0.0.5_8080',
  archives: ['192.0.2.1_80/10.0.0.5_8080'],
  sinceS: 1_800_000_000,
} as const;
const host = {
  kind: 'server-drained',
  subject: 'host/10.0.3.12',
  archives: ['a_1/10.0.3.12_1', 'b_1/10.0.3.12_1'],
  sinceS: 5,
} as const;

test.each<readonly [pattern: string, finding: typeof share | typeof host, isMeant: boolean]>([
  ['share-off/192.0.2.1_80/10.0.0.5_8080@1800000000', share, true],
  ['share-off/192.0.2.1_80/10.0.0.5_8080@1800000300', share, false],
  ['share-off/192.0.2.1_80/10.0.0.5_8080', share, true],
  ['share-off', share, true],
  ['share', share, false],
  ['share-off/*', share, true],
  ['*', share, true],
  ['192.0.2.1_80/*', share, true],
  ['10.0.0.5:8080 of 192.0.2.1:80', share, true],
  ['*192.0.2.1:80', share, true],
  ['*192.0.2.1:8', share, false],
  ['share-off/*192.0.2.2*', share, false],
  ['traffic-*', share, false],
  ['*0.2.1*0.2.1*', share, false],
  ['server-drained/host/10.0.3.12', host, true],
  ['server-drained/10.0.3.12', host, true],
  ['10.0.3.12', host, true],
  ['10.0.3.1', host, false],
  ['b_1/10.0.3.12_1', host, true],
])('the pattern %s', (pattern, finding, isMeant) => {
  expect(isPatternOf(pattern, finding)).toBe(isMeant);
});

test('a pattern of many stars takes no longer than its length allows', () => {
  const subject = 'a'.repeat(200);
  expect(isPatternOf(`${'*a'.repeat(99)}*b`, { ...share, subject, archives: [subject] })).toBe(false);
});
