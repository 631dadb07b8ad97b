// The listener as agents and others reach it: requests that end early, that are too long, or that are no requests.

import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AgentListener, listenToAgents } from '../../../src/links/listener/listen.js';
import { agentKey, authorizationOf } from '../../../src/links/protocol/authorization.js';
import { keyring } from '../../../src/links/protocol/secrets.js';
import { LiveTable } from '../../../src/links/table/live-table.js';
import { roundAt } from '../../../src/model/links/round.js';
import { noTopology } from '../../../src/model/topology/topology.js';

const secret = 'a secret of the fleet';

let listener: AgentListener;
let table: LiveTable;
let defects: unknown[];

beforeEach(async () => {
  table = new LiveTable(() => noTopology);
  defects = [];
  listener = await listenToAgents(
    { host: '127.0.0.1', port: 0, tls: null, onDefect: (error) => defects.push(error) },
    {
      keysOf: keyring([secret]),
      isRefused: () => false,
      accept: (name, report, atS) => {
        if (name === 'broken') throw new Error('a defect');
        return table.accept(name, report, atS);
      },
      listOf: (name) => table.listOf(name),
      nowS: () => Date.now() / 1000,
    },
  );
});

afterEach(() => listener.close());

/** Posts a report of an agent; resolves to the status. */
async function post(name: string, body: string): Promise<Response> {
  const timeS = Math.floor(Date.now() / 1000);
  const path = `/api/v1/agents/${name}/results`;
  const signed = { method: 'POST', path, timeS, body: Buffer.from(body) };
  const authorization = authorizationOf(agentKey(secret, name), name, signed);
  return fetch(`http://127.0.0.1:${listener.port}${path}`, { method: 'POST', headers: { authorization }, body });
}

const reportOf = (name: string): string =>
  JSON.stringify({ round: roundAt(name, Date.now() / 1000), about: {}, results: [], connections: [] });

/** Sends bytes as they are, and ends the connection; resolves to what came back. */
function send(bytes: string, isCut = false): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(listener.port, '127.0.0.1', () => {
      if (isCut) socket.write(bytes, () => socket.destroy());
      else socket.end(bytes);
    });
    socket.on('data', (data) => {
      answer += data.toString();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });
}

const head = (length: number): string =>
  `POST /api/v1/agents/web01/results HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`;

describe('the listener for agents', () => {
  test('takes one request on a connection, and closes it', async () => {
    const response = await post('web01', reportOf('web01'));
    expect([response.status, response.headers.get('connection')]).toEqual([204, 'close']);
  });

  test('refuses a body that is too long', async () => {
    expect((await post('web01', 'x'.repeat(32_769))).status).toBe(413);
    expect(table.agents().size).toBe(0);
  });

  test.each<readonly [string, () => Promise<unknown>]>([
    ['ends in the middle of a request', () => send(`${head(100)}{`, true)],
    ['closes its side in the middle of a request', () => send(`${head(100)}{`)],
    ['goes away after the headers of a long body', () => send(head(32_768), true)],
    ['sends more than it said', () => send(`${head(1)}{}{}{}`)],
    ['speaks no HTTP', () => send('\u0016\u0003\u0001\u0000\r\n\r\n')],
    ['sends endless headers', () => send(`GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}`)],
    ['asks for a tunnel', () => send('CONNECT other:443 HTTP/1.1\r\nHost: other\r\n\r\n')],
  ])('serves others while one %s, and that is no defect', async (_, disturb) => {
    await disturb();
    expect((await post('web02', reportOf('web02'))).status).toBe(204);
    expect(defects).toEqual([]);
  });

  test('answers a defect of its own with 500, and reports it', async () => {
    expect((await post('broken', reportOf('broken'))).status).toBe(500);
    expect(defects).toEqual([new Error('a defect')]);
  });

  test('says where it cannot listen', async () => {
    const taken = { host: '127.0.0.1', port: listener.port, tls: null, onDefect: () => {} };
    const ground = {
      keysOf: () => [],
      isRefused: () => false,
      accept: () => ({ kind: 'full' as const }),
      listOf: () => table.listOf('x'),
      nowS: () => 0,
    } as const;
    await expect(listenToAgents(taken, ground)).rejects.toThrow(
      `cannot listen to agents on 127.0.0.1, port ${listener.port}`,
    );
  });
});
