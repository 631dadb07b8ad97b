// When answers that a client does not read are dropped, on a simulated clock.

import { describe, expect, test } from 'vitest';
import { createUnread } from '../../../src/web/limits/unread.js';

const limits = { stallMs: 20_000, slowMs: 4000, bytesPerClient: 1000, bytes: 5000 };

function watchedAnswers() {
  const clock = { nowMs: 0 };
  const unread = createUnread(limits, () => clock.nowMs);
  const dropped: string[] = [];
  const answer = (name: string, client: string, held: number) => {
    const state = { held, taken: 0 };
    const watched = unread.watch({
      client,
      taken: () => state.taken,
      held: () => state.held,
      drop: () => dropped.push(name),
    });
    return { ...watched, state };
  };
  const pass = (ms: number): void => {
    clock.nowMs += ms;
    unread.check();
  };
  return { answer, pass, dropped };
}

describe('an answer', () => {
  test('is dropped only after it makes no progress for too long', () => {
    const { answer, pass, dropped } = watchedAnswers();
    answer('still', 'a', 10);
    const slow = answer('slow', 'a', 10);
    pass(19_999);
    expect(dropped).toEqual([]);
    slow.state.taken = 1;
    pass(1);
    expect(dropped).toEqual(['still']);
    pass(19_999);
    expect(dropped).toEqual(['still']);
    pass(1);
    expect(dropped).toEqual(['still', 'slow']);
  });

  test('is not dropped after it ends', () => {
    const { answer, pass, dropped } = watchedAnswers();
    answer('over', 'a', 10).end();
    pass(60_000);
    expect(dropped).toEqual([]);
  });

  test('is dropped sooner if its client holds much unread data', () => {
    const { answer, pass, dropped } = watchedAnswers();
    answer('first', 'a', 600);
    answer('second', 'a', 600);
    answer('of another', 'b', 900);
    const read = answer('read', 'a', 900);
    pass(3999);
    expect(dropped).toEqual([]);
    read.state.taken = 5;
    pass(1);
    expect(dropped).toEqual(['first']);
  });

  test('is dropped at once if all together hold too much: the most idle one', () => {
    const { answer, pass, dropped } = watchedAnswers();
    const [oldest, moving] = [answer('oldest', 'a', 2000), answer('moving', 'b', 2000)];
    pass(1000);
    moving.state.taken = 1;
    pass(1000);
    answer('newest', 'c', 2000);
    expect(dropped).toEqual(['oldest']);
    oldest.grew();
    moving.state.held = 4000;
    moving.grew();
    expect(dropped).toEqual(['oldest', 'moving']);
  });
});
