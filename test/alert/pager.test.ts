// The pager: restarts at any moment, receivers that fail, silences, and the pages of dead racks, as `serve` makes them. The outbox is read back
// from its file before every turn, as after a restart.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Letter } from '../../src/alert/message.js';
import { outboxPath, readOutbox, writeOutbox } from '../../src/alert/outbox-file.js';
import { createPager, type Pager, type Receivers } from '../../src/alert/pager.js';
import { verdictOf } from '../../src/model/finding/verdict.js';
import { standardPaging } from '../../src/model/policy/paging.js';
import type { Silence } from '../../src/model/policy/silence.js';
import { poolsOf } from '../../src/model/table/pools.js';
import { TestDirector } from '../interpret/findings/cycles.js';
import { racked } from '../interpret/paging/paged-director.js';
import { randomFrom } from '../random.js';
import { seed } from '../seed.js';
import { FakeChannel, said } from './page-kit.js';

const root = mkdtempSync(join(tmpdir(), 'lvs-stats-pager-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const topology = racked([
  { rack: 'a', octets: [1, 2, 3, 4, 5, 6, 7, 8] },
  { rack: 'b', octets: [101, 102, 103] },
]);

/** Port 1 stands in rack b, the others in both. */
const services = [1, 2, 3, 4, 5].map(
  (port) => [port, port === 1 ? [101, 102] : [1, 2, 3, 4, 5, 6, 7, 8, 101]] as const,
);

/** A server whose process ends after each turn. */
class Served {
  readonly folder = mkdtempSync(join(root, 'data-'));
  readonly director = new TestDirector();
  readonly channel = new FakeChannel();
  readonly reports: string[] = [];
  silences: readonly Silence[] = [];
  keeps = true;
  isCertain = true;
  /** Real servers that are out, as `port/octet`. */
  readonly down = new Set<string>();

  get receivers(): Receivers {
    return { channels: [this.channel], states: [] };
  }

  start(): Pager {
    const { outbox, problem } = readOutbox(this.folder, this.director.timeS);
    if (problem !== null) this.reports.push(problem);
    return createPager({
      outbox,
      keep: async (next) => {
        if (!this.keeps) throw new Error('no space left on device');
        writeOutbox(this.folder, next);
      },
      report: (text) => this.reports.push(text),
      nowS: () => this.director.timeS,
    });
  }

  read(): void {
    this.director.read(
      services.map(([port, octets]) => ({
        port,
        servers: octets.filter((octet) => !this.down.has(`${port}/${octet}`)).map((octet) => [octet, 1] as const),
      })),
    );
  }

  async cycle(times = 1, pager: Pager | null = null): Promise<void> {
    for (let i = 0; i < times; i += 1) {
      this.read();
      const nowS = this.director.timeS;
      const { findings } = verdictOf(this.director.open, { nowS, isRead: true, silences: this.silences });
      const facts = { findings, own: [], pools: poolsOf(this.director.table), topology };
      const ground = { policy: standardPaging, stepS: 300, nowS };
      await (pager ?? this.start()).turn({ facts, ground, receivers: this.receivers, isCertain: this.isCertain });
    }
  }
}

test('a dead rack and an unrelated service make two pages, in any order and with a restart at every step', async () => {
  for (let round = 0; round < 20; round += 1) {
    const random = randomFrom(1000 * seed + round);
    const served = new Served();
    await served.cycle(4);
    const dying = services.flatMap(([port]) =>
      (port === 1 ? [101, 102] : [1, 2, 3, 4, 5, 6, 7, 8]).map((octet) => `${port}/${octet}`),
    );
    const order = dying.map((one) => [random(), one] as const).toSorted(([a], [b]) => a - b);
    const cut = Math.floor(random() * (order.length + 1));
    for (const [, one] of order.slice(0, cut)) served.down.add(one);
    await served.cycle();
    for (const [, one] of order.slice(cut)) served.down.add(one);
    await served.cycle(8);
    const pages = served.channel.said.filter((one) => one.startsWith('page'));
    expect(pages.toSorted(), `round ${round}`).toEqual(['page rack/tx/a', 'page service/192.0.2.1_1']);
    served.down.clear();
    await served.cycle(8);
    const ends = served.channel.said.filter((one) => one.startsWith('resolved'));
    expect(ends.toSorted(), `round ${round}`).toEqual(['resolved rack/tx/a', 'resolved service/192.0.2.1_1']);
  }
}, 600_000);

describe('a page', () => {
  /** A server with a dead service, one turn before its page goes out. */
  async function aboutToPage(): Promise<Served> {
    const served = new Served();
    await served.cycle(4);
    served.down.add('1/101').add('1/102');
    await served.cycle();
    expect(served.channel.said).toEqual([]);
    return served;
  }

  test('that was kept but not sent goes out after a restart, before anything is judged', async () => {
    const served = await aboutToPage();
    served.channel.failure = 'down';
    await served.cycle(2);
    served.channel.failure = null;
    await served.start().resume(served.receivers);
    expect(served.channel.said).toEqual(['page service/192.0.2.1_1']);
    await served.start().resume(served.receivers);
    await served.cycle(3);
    expect(served.channel.said).toEqual(['page service/192.0.2.1_1']);
  });

  test('that arrived just before the process died has the same id when it is repeated', async () => {
    const served = await aboutToPage();
    const { send } = served.channel;
    const ids: string[] = [];
    const dying = {
      name: 'fake',
      send: async (letter: Parameters<typeof send>[0]) => {
        if (letter.kind === 'single') ids.push(letter.message.id);
        throw new Error('killed');
      },
    };
    const died = new Served();
    Object.assign(died, { channel: dying, folder: served.folder, director: served.director, down: served.down });
    await died.cycle(2);
    await served.start().resume(served.receivers);
    const [letter] = served.channel.letters;
    expect(letter?.kind === 'single' && letter.message.id).toBe(ids[0]);
    expect(served.channel.said).toEqual(['page service/192.0.2.1_1']);
  });

  test('is not made of silenced findings', async () => {
    const served = await aboutToPage();
    served.silences = [{ pattern: 'service-without-server/*', untilS: null, why: 'test', sinceS: null }];
    await served.cycle(5);
    expect(served.channel.said).toEqual([]);
    served.silences = [];
    await served.cycle(4);
    expect(served.channel.said).toEqual(['page service/192.0.2.1_1']);
  });

  test('goes to a channel that is new', async () => {
    const served = await aboutToPage();
    await served.cycle(2);
    const later = new FakeChannel('later');
    Object.assign(served, { channel: later });
    await served.cycle();
    expect(later.said).toEqual(['page service/192.0.2.1_1']);
  });

  test('goes out although the outbox cannot be kept', async () => {
    const served = await aboutToPage();
    const pager = served.start();
    served.keeps = false;
    await served.cycle(3, pager);
    expect(served.channel.said).toEqual(['page service/192.0.2.1_1']);
    expect(served.reports).toEqual(['pages are not kept, so a restart may repeat them: no space left on device']);
  });

  test('is not repeated when only the numbers of its findings change', async () => {
    const served = await aboutToPage();
    await served.cycle(2);
    const before = served.channel.said.length;
    await served.cycle(20);
    expect(served.channel.said).toHaveLength(before);
  });
});

test('an update does not arrive before its page, which a channel refused', async () => {
  const served = new Served();
  await served.cycle(4);
  served.channel.failure = 'down';
  for (const octet of [1, 2, 3]) for (const port of [2, 3, 4, 5]) served.down.add(`${port}/${octet}`);
  await served.cycle(4);
  for (const port of [2, 3, 4, 5]) served.down.add(`${port}/4`);
  await served.cycle(4);
  const [first] = Object.values(served.start().outbox().queues);
  expect(first?.waiting.map(({ kind, isTried }) => [kind, isTried])).toEqual([
    ['page', true],
    ['update', true],
  ]);
  let refusals = 1;
  const { channel } = served;
  channel.failure = null;
  const send = async (letter: Letter): Promise<void> => {
    if (refusals === 0) return channel.send(letter);
    refusals -= 1;
    throw new Error('busy');
  };
  Object.assign(served, { channel: { name: channel.name, send } });
  await served.cycle();
  expect(channel.said).toEqual([]);
  await served.cycle();
  expect(channel.said).toEqual(['page rack/tx/a', 'update rack/tx/a']);
});

test('of a page that is over before it could be sent only the end arrives', async () => {
  const served = new Served();
  await served.cycle(4);
  served.channel.failure = 'down';
  served.down.add('1/101').add('1/102');
  await served.cycle(4);
  served.down.clear();
  await served.cycle(4);
  served.channel.failure = null;
  await served.cycle(2);
  expect(served.channel.said).toEqual(['resolved service/192.0.2.1_1']);
});

test('a page that goes out anew has another id, and is in the thread of the first', async () => {
  const served = new Served();
  await served.cycle(4);
  const host = (octet: number): readonly string[] => [2, 3, 4, 5].map((port) => `${port}/${octet}`);
  for (const one of host(1)) served.down.add(one);
  await served.cycle(4);
  for (const octet of [2, 3, 4, 5, 6, 7, 8]) for (const one of host(octet)) served.down.add(one);
  await served.cycle(4);
  for (const octet of [2, 3, 4, 5, 6, 7, 8]) for (const one of host(octet)) served.down.delete(one);
  await served.cycle(8);
  expect(served.channel.said.filter((one) => !one.startsWith('update'))).toEqual([
    'page host/h1',
    'page rack/tx/a',
    'folded host/h1',
    'page host/h1',
    'resolved rack/tx/a',
  ]);
  const ids = served.channel.letters.flatMap((one) =>
    one.kind === 'single' && said(one) === 'page host/h1' ? [one.message] : [],
  );
  const [first, second] = ids;
  expect(second?.page.id).toBe(first?.page.id);
  expect(second?.id).toBe(`${first?.id} ${second?.atS}`);
});

test('a failure is reported once, lasts until the channel works, and concerns no other channel', async () => {
  const served = new Served();
  const other = new FakeChannel('other');
  Object.defineProperty(served, 'receivers', { get: () => ({ channels: [served.channel, other], states: [] }) });
  served.channel.failure = 'connection refused';
  await served.cycle(4);
  const pager = served.start();
  served.down.add('1/101').add('1/102');
  await served.cycle(5, pager);
  expect(other.said).toEqual(['page service/192.0.2.1_1']);
  expect(served.reports).toEqual(['fake: connection refused; tried again at the next step']);
  expect(pager.outbox().failures['fake']?.text).toBe('connection refused');
  served.channel.failure = null;
  await served.cycle(1, pager);
  expect(served.channel.said).toEqual(['page service/192.0.2.1_1']);
  expect(served.reports.at(-1)).toBe('fake: works again');
  expect(pager.outbox().failures).toEqual({});
});

test('a channel of a policy that cannot be read keeps its messages', async () => {
  const served = new Served();
  await served.cycle(4);
  served.channel.failure = 'down';
  served.down.add('1/101').add('1/102');
  await served.cycle(4);
  const { channel } = served;
  Object.assign(served, { channel: new FakeChannel('other'), isCertain: false });
  await served.cycle(2);
  channel.failure = null;
  Object.assign(served, { channel, isCertain: true });
  await served.cycle(2);
  expect(channel.said).toEqual(['page service/192.0.2.1_1']);
  Object.assign(served, { channel: new FakeChannel('third') });
  await served.cycle();
  expect(Object.keys(readOutbox(served.folder, 0).outbox.queues)).toEqual(['third']);
});

describe('the file', () => {
  const folder = (): string => mkdtempSync(join(root, 'file-'));

  test.each<readonly [title: string, text: string, why: RegExp]>([
    ['no JSON', '{"version":1,', /JSON/],
    ['empty', '', /JSON/],
    ['a list', '[]', /not a JSON object/],
    ['newer', '{"version":2}', /its version is 2, not 1/],
    ['incomplete', '{"version":1,"paging":{"pages":[],"members":{}}}', /"queues" is not of the right form/],
    [
      'of another form',
      '{"version":1,"paging":{"pages":[{"identity":1}],"members":{}},"queues":{},"reported":{},"failures":{},"begun":{}}',
      /"paging" is not of the right form/,
    ],
  ])('is set aside if it is %s', (_, text, why) => {
    const data = folder();
    writeFileSync(outboxPath(data), text);
    const { outbox, problem } = readOutbox(data, 7);
    expect(outbox.paging.pages).toEqual([]);
    expect(problem).toMatch(why);
    expect(readdirSync(data)).toEqual(['pages.json.unreadable-7']);
  });

  test('keeps everything', async () => {
    const served = new Served();
    served.channel.failure = 'down';
    await served.cycle(4);
    served.down.add('1/101').add('1/102');
    await served.cycle(5);
    const { outbox } = readOutbox(served.folder, 0);
    expect(outbox.queues['fake']?.waiting).toHaveLength(1);
    writeOutbox(served.folder, outbox);
    expect(readOutbox(served.folder, 0)).toEqual({ outbox, problem: null });
  });
});
