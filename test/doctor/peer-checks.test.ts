// The doctor's checks of peers, beside something that answers as Serf does.

import { afterEach, expect, test } from 'vitest';
import { tryPool } from '../../src/agent/pool/examine-pool.js';
import { checkPeers } from '../../src/doctor/peer-checks.js';
import { answerBytes, type FakeSerf, startFakeSerf } from '../agent/serf/fake-serf.js';

let fakes: FakeSerf[] = [];
afterEach(() => {
  for (const fake of fakes) fake.close();
  fakes = [];
});

interface Pool {
  readonly tags?: readonly Readonly<Record<string, string>>[];
  readonly failed?: number;
  readonly encrypted?: string;
  readonly refusal?: string;
}

async function checksOf({ tags = [{}, {}, {}], failed = 0, encrypted = 'true', refusal = '' }: Pool) {
  const Members = tags.map((Tags, i) => ({
    ...{ Name: `n${i}`, Addr: new Uint8Array([10, 0, 0, i + 1]), Port: 7946, Tags },
    Status: i < failed ? 'failed' : 'alive',
  }));
  const fake = await startFakeSerf((request, socket) => {
    const command = request['Command'];
    if (command === 'handshake') socket.write(answerBytes(request));
    else if (refusal !== '') socket.write(answerBytes(request, undefined, refusal));
    else if (command === 'stats') socket.write(answerBytes(request, { agent: { name: 'n0' }, serf: { encrypted } }));
    else socket.write(answerBytes(request, { Members }));
  });
  fakes.push(fake);
  const pool = await tryPool(fake.place);
  return checkPeers({ fileProblem: null, pool }).map(({ name, state, finding }) =>
    `${state} ${name}: ${finding}`.replace(pool.name, 'HERE'),
  );
}

test('a pool that can be watched is fine', async () => {
  const tags = [{ svc: 'redis/6379,http/80', 'lvs-stats': '1' }, { svc: 'mysql/3306' }, {}];
  expect(await checksOf({ tags })).toEqual([
    'ok serf: Serf at HERE answers: 3 of 3 members alive, 1 with an agent, 3 services',
  ]);
});

test('tags of this host that leave no room for that of the agent are a problem', async () => {
  // A byte, the head of the map, "svc" and its text, and "lvs-stats" with "1" have 1 + 1 + 4 + 3 + 10 + 2 bytes beside the text.
  const svc = (length: number): string => `http/80,${'tcp/1,'.repeat(100)}`.slice(0, length);
  const checks = (length: number) => checksOf({ tags: [{ svc: svc(length) }, { svc: svc(600) }, {}] });
  expect((await checks(491))[0]).toMatch(/^ok serf/);
  expect(await checks(494)).toEqual([
    "problem serf: Serf at HERE would refuse the agent: its tag exceeds the 512 bytes of this host's tags by 3",
  ]);
});

test('tags that are not understood are warned of, and so is a pool in clear text', async () => {
  const tags = [{ svc: 'redis' }, { svc: 'gopher/70' }, {}];
  expect(await checksOf({ tags, encrypted: 'false' })).toEqual([
    expect.stringMatching(/^ok serf/),
    'warning svc tags: the tag svc of n0 has "redis": write KIND/PORT, such as redis/6379, and 1 more',
    expect.stringMatching(/^warning serf encryption: whoever reaches/),
  ]);
});

test.each([
  [{ tags: [{}, {}] }, /^warning serf: .*fewer than 3 cannot confirm/],
  [{ failed: 2 }, /^warning serf: .*1 of 3 members alive.*no majority/],
  [{ refusal: 'Authentication required' }, /^problem serf: Serf at HERE refuses \(Authentication required\)$/],
])('what keeps it from judging is said: %j', async (pool: Pool, finding) => {
  expect(await checksOf(pool)).toEqual([expect.stringMatching(finding)]);
});

test('a Serf that is away is a problem, and so is a file that cannot be used', async () => {
  const fake = await startFakeSerf(() => {});
  fake.close();
  const pool = await tryPool(fake.place);
  expect(checkPeers({ fileProblem: null, pool })).toMatchObject([{ state: 'problem', name: 'serf' }]);
  expect(checkPeers({ fileProblem: 'chmod 600', pool: null })).toMatchObject([
    { state: 'problem', name: 'peers', finding: 'chmod 600' },
  ]);
});
