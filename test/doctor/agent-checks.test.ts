// The doctor's checks of an agent.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { tryServer } from '../../src/agent/examine.js';
import { parseServerUrl } from '../../src/agent/server/server-url.js';
import { timingOf } from '../../src/agent/timing.js';
import { checkAgent } from '../../src/doctor/agent-checks.js';
import { agentKey } from '../../src/links/protocol/authorization.js';
import { type FakeServer, fakeServer, secret } from '../agent/fake-server.js';

const name = 'web01';
const timing = timingOf(name);
let server: FakeServer;
beforeEach(async () => {
  server = await fakeServer(timing);
  server.links = ['10.0.0.5'];
});
afterEach(() => server.close());

async function checksOf(key = agentKey(secret, name), url = server.url) {
  const tried = await tryServer(parseServerUrl(url), { login: { name, key, ca: null }, timing });
  return checkAgent({ name, pingProblem: null, keyProblem: null, servers: [tried] }).map(
    ({ name: title, state, finding }) => `${state} ${title}: ${finding}`,
  );
}

const pings = 'ok fping: it is installed, and may ping';

test('a server that accepts the key is fine', async () => {
  expect(await checksOf()).toEqual([
    pings,
    `ok links server: ${server.url} accepts the key of the agent web01, and has 1 link for it`,
  ]);
});

test('a key that is refused is a problem', async () => {
  expect(await checksOf('0'.repeat(64))).toEqual([
    pings,
    `problem links server: ${server.url} refuses the key of the agent web01 (another signature)`,
  ]);
});

test('a wrong clock is a warning, beside the refusal', async () => {
  server.aheadS = 3600;
  expect(await checksOf()).toEqual([
    pings,
    `problem links server: ${server.url} refuses the key of the agent web01 (the clock is off by more than 60 s)`,
    expect.stringMatching(
      /^warning agent clock: this clock is 3[56]\d\d s behind that of http.*: the agent uses the server's$/,
    ),
  ]);
});

test('a server that is away, or none, is a problem', async () => {
  const { url } = server;
  server.refuse = (_, response) => {
    response.writeHead(404).end('no such page\n');
    return true;
  };
  expect((await checksOf())[1]).toBe(
    `problem links server: ${url} answers 404 (no such page): it does not know the agent web01, or is no server of agents`,
  );
  await server.close();
  expect((await checksOf(undefined, url))[1]).toBe(`problem links server: ${url} cannot be reached (ECONNREFUSED)`);
});

test('a list that is not understood is a warning', async () => {
  server.links = ['10.0.0.5', 'nonsense!'];
  expect((await checksOf())[1]).toMatch(
    /^warning links server: .* has 1 link for it; 1 of its links are not understood/,
  );
});

test('what keeps it from pinging, and a missing key, are problems', () => {
  const checks = checkAgent({
    name,
    pingProblem: 'there is no fping',
    keyProblem: 'an agent needs its key',
    servers: [],
  });
  expect(checks.map(({ state, finding }) => [state, finding])).toEqual([
    ['problem', 'there is no fping'],
    ['problem', 'an agent needs its key'],
  ]);
});
