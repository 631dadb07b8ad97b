// Whatever a receiver refuses is found and counted; the rest arrives. Anything that is no refusal is tried again.

import { expect, test } from 'vitest';
import { PassingError } from '../../../src/engine/connection/http.js';
import { withoutPresent } from '../../../src/push/receiver/present-rows.js';
import { writeRows } from '../../../src/push/receiver/write-rows.js';
import { WriteRequestEncoder } from '../../../src/push/series/write-request.js';
import { firstS, pickyReceiver, rowsOf } from '../rows.js';

const url = new URL('http://127.0.0.1:9/api/v1/write');
const encoder = new WriteRequestEncoder('lb1');
const series = [rowsOf('a', [1, 2, Number.NaN, 4]), rowsOf('b', [5, 6, 7, 8])];

test('one request takes everything', async () => {
  const { send, taken, requests } = pickyReceiver(() => null);
  const written = await writeRows(series, { url, send, encoder, lacking: null });
  expect(written).toEqual({ taken: 8, refused: 0, tooOldS: null, lostS: null, text: null });
  expect(taken).toEqual(['a 0 1', 'a 300 2', 'a 600 NaN', 'a 900 4', 'b 0 5', 'b 300 6', 'b 600 7', 'b 900 8']);
  expect(requests).toHaveLength(1);
});

test.each([
  ['out of bounds', 600],
  ['too old sample', 300],
])('rows that are "%s" are reported, and the others are taken', async (reason, beforeS) => {
  const { send, taken } = pickyReceiver(({ timeS }) => (timeS < firstS + beforeS ? reason : null));
  const written = await writeRows(series, { url, send, encoder, lacking: null });
  const newestS = firstS + beforeS - 300;
  expect(written).toMatchObject({ refused: 0, tooOldS: newestS, lostS: newestS, text: reason });
  expect(written.taken).toBe(taken.length);
  expect(taken.toSorted()).toEqual(
    ['a 0 1', 'a 300 2', 'a 600 NaN', 'a 900 4', 'b 0 5', 'b 300 6', 'b 600 7', 'b 900 8'].filter(
      (one) => Number(one.split(' ')[1]) >= beforeS,
    ),
  );
});

test('unknown rows that are too old are no loss', async () => {
  const { send } = pickyReceiver(({ timeS }) => (timeS < firstS + 300 ? 'out of bounds' : null));
  const written = await writeRows([rowsOf('a', [Number.NaN, 2])], { url, send, encoder, lacking: null });
  expect(written).toMatchObject({ taken: 1, tooOldS: firstS, lostS: null });
});

test('a conflict costs the samples in conflict, of which unknown ones do not count', async () => {
  const { send, taken } = pickyReceiver(({ archive, timeS }) =>
    archive === 'a' && timeS >= firstS + 300 && timeS < firstS + 900 ? 'out of order sample' : null,
  );
  const written = await writeRows(series, { url, send, encoder, lacking: null });
  expect(written).toMatchObject({ taken: 6, refused: 1, tooOldS: null, text: 'out of order sample' });
  expect(taken).toHaveLength(6);
});

test('in a conflict the receiver is asked what it has, and gets the rest at once', async () => {
  const { send, taken, requests } = pickyReceiver(({ timeS }) => (timeS < firstS + 600 ? 'out of order sample' : null));
  const present = new Map([
    [
      'a Conns 300 ',
      new Map([
        [firstS, 1],
        [firstS + 300, 3],
      ]),
    ],
    [
      'b Conns 300 ',
      new Map([
        [firstS, 5],
        [firstS + 300, 6],
      ]),
    ],
  ]);
  const written = await writeRows(series, {
    ...{ url, send, encoder },
    lacking: async (all) => withoutPresent(all, present, { isAscending: true }),
  });
  expect(written).toMatchObject({ taken: 4, refused: 1, text: 'out of order sample' });
  expect(taken).toEqual(['a 600 NaN', 'a 900 4', 'b 600 7', 'b 900 8']);
  expect(requests).toHaveLength(2);
});

test('a request that is too large is halved', async () => {
  const sizes: number[] = [];
  const send = async ({ body }: { readonly body?: Uint8Array | string }) => {
    sizes.push(body?.length ?? 0);
    return { status: (body?.length ?? 0) > 150 ? 413 : 200, text: 'too large', retryAfterS: 0 };
  };
  const written = await writeRows(series, { url, send, encoder, lacking: null });
  expect(written.taken).toBe(8);
  expect(sizes[0]).toBeGreaterThan(150);
  expect(sizes.length).toBeGreaterThan(2);
});

test.each([
  [429, '', 7, 'answers 429'],
  [500, 'out of disk', 0, 'answers 500 (out of disk)'],
  [503, '', 0, 'answers 503'],
  [400, 'snappy: corrupt input', 0, 'answers 400 (snappy: corrupt input)'],
  [401, '', 0, 'answers 401: check the login'],
  [302, '', 0, 'answers 302: name the address that it redirects to'],
  [200, '<html>Welcome</html>', 0, /a page instead of nothing/],
])('an answer %i "%s" is tried again later, after %i s at least', async (status, text, retryAfterS, said) => {
  const send = async () => ({ status, text, retryAfterS });
  const error = await writeRows(series, { url, send, encoder, lacking: null }).catch((one: unknown) => one);
  expect(error).toBeInstanceOf(PassingError);
  expect(error).toMatchObject({
    message: expect.stringMatching(said instanceof RegExp ? said : escaped(said)),
    waitS: retryAfterS,
  });
});

function escaped(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[()]/g, '\\$&')}$`);
}
