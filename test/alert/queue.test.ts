// The queue of a channel: which messages give way to others, and the limit.

import { describe, expect, test } from 'vitest';
import { type Message, messageOf, withMessage } from '../../src/alert/message.js';
import {
  arrived,
  emptyQueue,
  enqueued,
  hourlyMessages,
  lettersOf,
  type Queue,
  tried,
  urgentDigestS,
} from '../../src/alert/queue.js';
import type { Delivery } from '../../src/model/paging/page.js';
import { hostPage, said, startS } from './page-kit.js';

function message(kind: Delivery['kind'], host: string, more: { atS?: number; isTried?: boolean } = {}): Message {
  const page = hostPage(host);
  const delivery: Delivery = kind === 'folded' ? { kind, page, into: 'rack/tx/r01@1' } : { kind, page };
  return { ...messageOf(delivery, more.atS ?? startS), isTried: more.isTried ?? false };
}

const shortly = (messages: readonly Message[]): readonly string[] =>
  messages.map(({ kind, isTried }) => (isTried ? `${kind}, tried` : kind));

describe('waiting messages about one page', () => {
  const tried = { isTried: true };
  test.each<readonly [title: string, waiting: readonly Message[], added: Message, left: readonly string[]]>([
    ['a page that was not tried takes its update in', [message('page', 'a')], message('update', 'a'), ['page']],
    [
      'a tried page stays as it was sent',
      [message('page', 'a', tried)],
      message('update', 'a'),
      ['page, tried', 'update'],
    ],
    [
      'an update gives way to the next',
      [message('update', 'a')],
      message('update', 'a', { atS: startS + 1 }),
      ['update'],
    ],
    ['a page that is over is resolved', [message('page', 'a')], message('resolved', 'a'), ['resolved']],
    [
      'a tried page that is over is resolved alone',
      [message('page', 'a', tried)],
      message('resolved', 'a'),
      ['resolved'],
    ],
    ['an update gives way to the end', [message('update', 'a', tried)], message('resolved', 'a'), ['resolved']],
    ['a page that nobody saw is folded silently', [message('page', 'a')], message('folded', 'a'), []],
    ['a tried page is folded with a message', [message('page', 'a', tried)], message('folded', 'a'), ['folded']],
    ['a page that was sent is folded with a message', [], message('folded', 'a'), ['folded']],
    [
      'a page that goes out anew comes after word that it was folded',
      [message('folded', 'a', tried)],
      message('page', 'a'),
      ['folded, tried', 'page'],
    ],
    ['another page is another matter', [message('page', 'b')], message('resolved', 'a'), ['page', 'resolved']],
  ])('%s', (_, waiting, added, left) => {
    expect(shortly(withMessage(waiting, added))).toEqual(left);
  });
});

describe('the limit', () => {
  const hosts = Array.from({ length: 25 }, (_, i) => `h${i}`);
  const full: Queue = enqueued(
    emptyQueue,
    hosts.map((host) => message('page', host)),
  );

  /** Sends everything that may be sent. */
  function sent(queue: Queue, nowS: number): { readonly left: Queue; readonly letters: readonly string[] } {
    const letters = lettersOf(queue, nowS);
    const left = letters.reduce((own, letter) => arrived(own, letter, nowS), tried(queue, letters));
    return { left, letters: letters.map(said) };
  }

  test('is ten messages, then a digest that names all others', () => {
    const { left, letters } = sent(full, startS);
    expect(letters).toHaveLength(hourlyMessages + 1);
    expect(letters.at(-1)).toBe(
      `digest: ${hosts
        .slice(10)
        .map((host) => `page host/${host}`)
        .join(', ')}`,
    );
    expect(left.waiting).toEqual([]);
  });

  test('holds what comes after the digest until the hour is over', () => {
    const { left } = sent(full, startS);
    const later = enqueued(left, [message('page', 'late')]);
    expect(sent(later, startS + 60).letters).toEqual([]);
    expect(sent(later, startS + 3599).letters).toEqual([]);
    expect(sent(later, startS + 3600).letters).toEqual(['page host/late']);
  });

  test('lets a critical page that comes after the digest wait for ten minutes at most, with all that waits', () => {
    const { left } = sent(full, startS);
    const critical = { ...message('page', 'worst'), page: hostPage('worst', { severity: 'critical' }) };
    const queue = enqueued(left, [message('page', 'late'), critical]);
    expect(sent(queue, startS + urgentDigestS - 1).letters).toEqual([]);
    const { left: none, letters } = sent(queue, startS + urgentDigestS);
    expect(letters).toEqual(['digest: page host/worst, page host/late']);
    expect(none.waiting).toEqual([]);
    const again = enqueued(none, [message('page', 'later')]);
    expect(sent(again, startS + 3 * urgentDigestS).letters).toEqual([]);
  });

  test('lets pages pass before the ends of others, and critical ones first', () => {
    const critical = { ...message('page', 'worst'), page: hostPage('worst', { severity: 'critical' }) };
    const ends = hosts.slice(0, 12).map((host) => message('resolved', host));
    const queue = enqueued(emptyQueue, [...ends, message('page', 'new'), critical]);
    expect(sent(queue, startS).letters.slice(0, 3)).toEqual(['page host/worst', 'page host/new', 'resolved host/h0']);
  });

  test('is not prolonged by a clock that was set back', () => {
    const { left } = sent(full, startS + 86_400);
    expect(sent(enqueued(left, [message('page', 'late')]), startS).letters).toEqual(['page host/late']);
  });

  test('never exceeds ten messages and a digest in any hour, and loses no message', () => {
    let queue = emptyQueue;
    const times: number[] = [];
    const arrivedHosts = new Set<string>();
    for (let minute = 0; minute < 600; minute += 1) {
      const nowS = startS + 60 * minute;
      queue = enqueued(queue, [message('page', `m${minute}`)]);
      const letters = lettersOf(queue, nowS);
      for (const letter of letters) {
        times.push(nowS);
        for (const { page } of letter.kind === 'single' ? [letter.message] : letter.messages)
          arrivedHosts.add(page.identity);
        queue = arrived(queue, letter, nowS);
      }
    }
    for (const timeS of times) {
      expect(times.filter((one) => one >= timeS && one < timeS + 3600).length).toBeLessThanOrEqual(hourlyMessages + 1);
    }
    expect(arrivedHosts.size + queue.waiting.length).toBe(600);
    expect(arrivedHosts.size).toBeGreaterThan(500);
  });

  test('keeps the newest of more messages than can wait, and counts the others', () => {
    const many = Array.from({ length: 2005 }, (_, i) => message('page', `x${i}`));
    const queue = enqueued(emptyQueue, many);
    expect(queue.waiting[0]?.page.identity).toBe('host/x5');
    expect(lettersOf(queue, startS).at(-1)).toMatchObject({ kind: 'digest', dropped: 5 });
  });
});
