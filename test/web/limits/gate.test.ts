// The queue for costly work: who runs, who waits, who is rejected, and whose turn is next.

import { setImmediate as round } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createGate, type Turn } from '../../../src/web/limits/gate.js';

const limits = { running: 2, waiting: 6, waitingPerClient: 3 };
const present = (): AbortSignal => new AbortController().signal;

/** Waits until the event loop is idle. */
async function settle(): Promise<void> {
  for (let n = 0; n < 20; n += 1) await round();
}

/** A gate that records the order of turns. */
function watchedGate() {
  const gate = createGate(limits, 'requests');
  const turns: { readonly client: string; readonly turn: Turn }[] = [];
  const refused: string[] = [];
  const come = (client: string, gone = present()): void => {
    gate.enter(client, gone).then(
      (turn) => turn !== null && turns.push({ client, turn }),
      (error: Error) => refused.push(`${client}: ${error.message}`),
    );
  };
  const order = (): string => turns.map(({ client }) => client).join('');
  return { come, turns, refused, order, endOf: (i: number) => turns[i]?.turn.end() };
}

describe('a gate', () => {
  test('admits a limited number at once, and the next when one ends', async () => {
    const { come, order, endOf } = watchedGate();
    for (const client of ['a', 'b', 'c']) come(client);
    await settle();
    expect(order()).toBe('ab');
    endOf(1);
    await settle();
    expect(order()).toBe('abc');
  });

  test('starts each turn in its own round of the event loop', async () => {
    const { come, order } = watchedGate();
    come('a');
    come('b');
    expect(order()).toBe('');
    await round();
    expect(order()).toBe('a');
    await round();
    expect(order()).toBe('ab');
  });

  test('lets clients take turns, however many requests one makes', async () => {
    const { come, order, endOf } = watchedGate();
    for (const client of ['a', 'a', 'a', 'a', 'a', 'b', 'c']) come(client);
    for (let i = 0; i < 7; i += 1) {
      await settle();
      endOf(i);
    }
    expect(order()).toBe('abcaa');
  });

  test('rejects requests beyond the limit per client and beyond the total limit', async () => {
    const { come, refused } = watchedGate();
    for (const client of ['x', 'y']) come(client);
    await settle();
    for (const client of ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'c']) come(client);
    await settle();
    expect(refused).toEqual([
      'a: 3 requests of yours are already waiting: try again in a few seconds',
      'c: 6 requests are already waiting: try again in a few seconds',
    ]);
  });

  test('forgets a client that leaves while waiting', async () => {
    const { come, order, endOf, refused } = watchedGate();
    for (const client of ['x', 'y']) come(client);
    await settle();
    const gone = new AbortController();
    for (let n = 0; n < 3; n += 1) come('a', gone.signal);
    gone.abort('gone');
    for (let n = 0; n < 3; n += 1) come('a');
    await settle();
    endOf(0);
    endOf(1);
    await settle();
    expect([order(), refused]).toEqual(['xyaa', []]);
  });

  test('lets a turn pause and resume, and admits others meanwhile', async () => {
    const { come, turns, order } = watchedGate();
    for (const client of ['a', 'b', 'c', 'd', 'e']) come(client);
    await settle();
    const own = turns[0]?.turn;
    own?.pause();
    own?.pause();
    await settle();
    expect(order()).toBe('abc');
    let isBack = false;
    void own?.resume().then(() => {
      isBack = true;
    });
    for (const i of [1, 2]) turns[i]?.turn.end();
    await settle();
    expect([order(), isBack]).toEqual(['abcde', false]);
    turns[3]?.turn.end();
    await settle();
    expect(isBack).toBe(true);
  });
});
