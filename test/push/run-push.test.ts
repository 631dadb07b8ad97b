// A failure is one line, and so is its end; the waits in between grow, and a receiver may ask for longer ones.

import { expect, test } from 'vitest';
import { PassingError } from '../../src/engine/connection/http.js';
import { UserError } from '../../src/model/user-error.js';
import type { Cursor } from '../../src/push/cursor/cursor.js';
import { newCursor } from '../../src/push/cursor/cursor.js';
import type { Pusher } from '../../src/push/pusher.js';
import { pushForever, pushOnce } from '../../src/push/run-push.js';

/** A pusher whose turns end as listed, and then end the process. */
function ground(outcomes: readonly (Error | Cursor | null)[]) {
  const ending = new AbortController();
  const [said, waits, failures]: [string[], number[], string[]] = [[], [], []];
  let turns = 0;
  let cursor: Cursor | null = null;
  const pusher: Pick<Pusher, 'turn' | 'fail' | 'cursor'> = {
    get cursor() {
      return cursor;
    },
    turn: async () => {
      const outcome = outcomes[turns++] ?? null;
      if (turns === outcomes.length) ending.abort();
      if (outcome instanceof Error) throw outcome;
      cursor = outcome;
    },
    fail: async (text) => void failures.push(text),
  };
  return {
    ...{ pusher, name: 'http://r', signal: ending.signal, firstWaitMs: 1000, said, waits, failures },
    wait: async (ms: number) => void waits.push(ms),
    report: (text: string, level: string) => void said.push(`${level}: ${text}`),
  };
}

const away = new PassingError('cannot be reached (ECONNREFUSED)');

test('a failure is reported when it begins and when it ends', async () => {
  const own = ground([null, away, away, new PassingError('answers 429', 30), away, null, null]);
  await pushForever(own);
  expect(own.said).toEqual([
    'warning: http://r cannot be reached (ECONNREFUSED); rows wait in the archives, and are sent when it works again',
    'notice: http://r takes rows again',
  ]);
  expect(own.waits).toEqual([30_000, 1000, 2000, 30_000, 8000, 30_000, 30_000]);
  expect(own.failures).toHaveLength(4);
});

test('the end of a failure of an earlier process is reported', async () => {
  const failed = { ...newCursor({ fromS: 300, toS: 900 }), failure: { sinceS: 900, text: 'answers 500' } };
  const own = ground([failed, { ...failed, failure: null }, null]);
  await pushForever(own);
  expect(own.said).toEqual(['notice: http://r takes rows again']);
});

test('waits end at a minute', async () => {
  const own = ground(Array.from({ length: 12 }, () => away));
  await pushForever(own);
  expect(Math.max(...own.waits)).toBe(60_000);
});

test('a defect is no failure of the receiver', async () => {
  await expect(pushForever(ground([new TypeError('x is not a function')]))).rejects.toThrow(TypeError);
});

test('a single run gives up after some attempts, with a message and a code', async () => {
  const own = ground(Array.from({ length: 9 }, () => away));
  const error: unknown = await pushOnce(own).catch((one: unknown) => one);
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ code: 'push-failed', message: expect.stringMatching(/^http:\/\/r cannot be reached/) });
  expect(own.waits).toEqual([1000, 2000, 4000, 8000]);
});

test('refused rows are reported once, with the other way', async () => {
  const tooOld = { ...newCursor({ fromS: 300, toS: 900 }), tooOld: { fromS: 0, toS: 300, atS: 900 } };
  const refused = { ...tooOld, refused: { samples: 3, sinceS: 5, atS: 7, text: 'duplicate sample' } };
  const own = ground([tooOld, tooOld, refused]);
  await pushForever(own);
  expect(own.said).toEqual([
    expect.stringMatching(
      /^warning: http:\/\/r does not take rows that old: those from 1970-01-01 00:00 to 1970-01-01 00:05 UTC were not sent; "lvs-stats export --format openmetrics"/,
    ),
    expect.stringMatching(/^warning: http:\/\/r refused 3 samples.*duplicate sample/),
  ]);
});
