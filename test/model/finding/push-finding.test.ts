// Rows that do not arrive are a finding once a receiver has failed for three cycles, and for a day after values were refused.

import { expect, test } from 'vitest';
import { type PushState, pushBehind } from '../../../src/model/finding/push-finding.js';

const nowS = 1_700_000_000;
const fine: PushState = { failure: null, refused: null, tooOld: null };

function failing(forS: number): PushState {
  return { ...fine, failure: { sinceS: nowS - forS, text: 'answers 500' } };
}

function refusing(sinceS: number, atS: number): PushState {
  return { ...fine, refused: { sinceS: nowS - sinceS, atS: nowS - atS, text: 'duplicate sample' } };
}

test.each([
  ['no receiver', {}],
  ['receivers that work', { a: fine, b: fine }],
  ['a failure of less than three cycles', { a: failing(899) }],
  ['rows that were too old a day ago', { a: { ...fine, tooOld: { fromS: 0, toS: 600, atS: nowS - 86_400 } } }],
  ['a refusal of a day ago', { a: refusing(100_000, 86_400) }],
])('%s is none', (_, pushes) => {
  expect(pushBehind(pushes, { nowS, stepS: 300 })).toBeNull();
});

test.each([
  ['a failure of three cycles', { a: failing(900), b: fine }, 900, 'a answers 500'],
  ['a refusal within a day', { a: refusing(90_000, 86_399) }, 90_000, 'a refused values (duplicate sample)'],
  ['several', { a: failing(1000), b: refusing(2000, 5) }, 2000, 'a answers 500; b refused values (duplicate sample)'],
])('%s is one, since the first', (_, pushes, forS, text) => {
  expect(pushBehind(pushes, { nowS, stepS: 300 })).toMatchObject({ sinceS: nowS - forS, numbers: { text } });
});

test('rows too old within a day are one, with their span and the other way', () => {
  const found = pushBehind({ a: { ...fine, tooOld: { fromS: 0, toS: 86_400, atS: nowS - 60 } } }, { nowS, stepS: 300 });
  expect(found).toMatchObject({ sinceS: nowS - 60 });
  expect(found?.numbers['text']).toMatch(
    /^a does not take rows that old: those from 1970-01-01 00:00 to 1970-01-02 00:00 UTC were not sent; .*--format openmetrics/,
  );
});
