// Answers to agents, honest and hostile: wrong keys, another agent's, old times and rounds, replays, and bodies that are too much.

import { beforeEach, describe, expect, test } from 'vitest';
import { type AgentRequest, type AnswerGround, answerAgent } from '../../../src/links/listener/answer.js';
import { agentKey, authorizationOf } from '../../../src/links/protocol/authorization.js';
import { keyring } from '../../../src/links/protocol/secrets.js';
import { LiveTable } from '../../../src/links/table/live-table.js';
import { roundAt } from '../../../src/model/links/round.js';
import { noTopology } from '../../../src/model/topology/topology.js';

const nowS = 1_764_642_000;
const [secret, older] = ['a secret of the fleet', 'the secret before that'];

let table: LiveTable;
let ground: AnswerGround;

beforeEach(() => {
  table = new LiveTable(() => noTopology);
  ground = {
    keysOf: keyring([secret, older]),
    isRefused: (name) => name === 'left01',
    accept: (name, report, atS) => table.accept(name, report, atS),
    listOf: (name) => table.listOf(name),
    nowS: () => nowS,
  };
});

interface Signed {
  readonly name?: string;
  readonly method?: string;
  readonly what?: string;
  readonly body?: string;
  readonly timeS?: number;
  readonly key?: string;
  readonly as?: string;
  readonly isPrivate?: boolean;
}

function request(signed: Signed = {}): AgentRequest {
  const { name = 'web01', method = 'GET', what = 'links', body: text = '', timeS = nowS, as = name } = signed;
  const { key = agentKey(secret, as), isPrivate = false } = signed;
  const path = `/api/v1/agents/${name}/${what}`;
  const body = Buffer.from(text);
  return { method, path, body, isPrivate, authorization: authorizationOf(key, as, { method, path, timeS, body }) };
}

const round = roundAt('web01', nowS);

function reportOf(more: object = {}): Signed {
  const report = { round, about: {}, results: [], connections: [], imports: ['10.1.2.3', '10.1.2.4:3306'], ...more };
  return { method: 'POST', what: 'results', body: JSON.stringify(report) };
}

const statusOf = (signed: Signed): number => answerAgent(request(signed), ground).status;
const answer = (signed: Signed) => answerAgent(request(signed), ground);

describe('answers to agents', () => {
  test('take a report, then list the links that it asks for', () => {
    expect(answer(reportOf())).toEqual({ status: 204, body: '', type: 'text/plain; charset=utf-8' });
    expect(JSON.parse(answer({}).body)).toEqual({
      agent: 'web01',
      everyS: 120,
      phaseS: round === 0 ? 0 : expect.any(Number),
      probes: 10,
      spreadS: 100,
      links: [{ to: '10.1.2.3' }, { to: '10.1.2.4:3306' }],
    });
    expect(answer({ what: 'list.txt' }).body).toMatch(/^# round 120 phase \d+ probes 10 spacing 10\n10\.1\.2\.3\n$/);
  });

  test('take the output of fping as of now', () => {
    statusOf(reportOf({ round: round - 1 }));
    expect(statusOf({ method: 'POST', what: 'fping', body: '10.1.2.3 : 1 1 1 1 1 1 1 1 1 1' })).toBe(204);
    expect(table.agents().get('web01')?.round).toBe(round);
  });

  test('accept two secrets', () => {
    expect(statusOf({ key: agentKey(older, 'web01') })).toBe(200);
    expect(statusOf({ key: agentKey('another secret', 'web01') })).toBe(401);
  });

  test.each<readonly [string, Signed, number]>([
    ["another agent's key", { key: agentKey(secret, 'web02') }, 401],
    ['another agent’s name in the header', { as: 'web02' }, 401],
    ['a clock that is 61 s ahead', { timeS: nowS + 61 }, 401],
    ['a request of two minutes ago', { timeS: nowS - 120 }, 401],
    ['an agent that the policy refuses', { name: 'left01' }, 403],
    ['the wrong method', { method: 'POST' }, 405],
    ['another path', { what: 'secrets' }, 404],
    ['a name with a slash', { name: '..%2f..' }, 404],
    ['a round of the future', reportOf({ round: round + 2 }), 409],
    ['a round that is long over', reportOf({ round: round - 2 }), 409],
    ['a body that is no report', { ...reportOf(), body: '{}' }, 400],
  ])('refuse %s', (_, signed, status) => {
    expect(statusOf(signed)).toBe(status);
    expect([...table.agents()]).toEqual([]);
  });

  test('refuse a replay, and keep what is known', () => {
    const again = request(reportOf({ about: { load: 1 } }));
    expect(answerAgent(again, ground).status).toBe(204);
    expect(answerAgent(again, ground).status).toBe(409);
    expect(statusOf(reportOf({ round: round - 1, about: { load: 99 } }))).toBe(409);
    expect(table.agents().get('web01')?.about.load).toBe(1);
  });

  test('take a bare key over TLS or from this machine only', () => {
    const bare = (isPrivate: boolean, key = agentKey(secret, 'web01')) =>
      answerAgent({ ...request(), isPrivate, authorization: `Bearer ${key}` }, ground).status;
    expect([bare(true), bare(false), bare(true, agentKey(secret, 'web02'))]).toEqual([200, 401, 401]);
  });

  test('ignore results of links that nobody asked for', () => {
    const results = Array.from({ length: 250 }, (_, i) => ({
      to: `10.9.0.${i}`,
      outcomes: '0',
      rtt: null,
      rttMax: null,
    }));
    expect(statusOf(reportOf({ results, imports: [] }))).toBe(204);
    expect(table.agents().get('web01')?.links.size).toBe(0);
  });

  test('show no key and no secret in their reasons', () => {
    const key = agentKey(secret, 'web01');
    const bodies = [{ key: agentKey('x', 'web01') }, { timeS: 0 }, { as: 'web02' }].map(
      (signed) => answer(signed).body,
    );
    for (const body of bodies) expect(body).not.toMatch(new RegExp(`${secret}|${key}`));
  });
});
