// PostgreSQL and its poolers. Without a login: a request for TLS, whose answer nothing else gives. The server says yes or no to everybody, before it
// asks its rules (pg_hba.conf), which log each client that they do not know. With a login: a startup message, up to the demand for a password. The
// server expects clients to leave at both points and logs nothing, nor does it count them. One that demands no password logs the user in, who then
// leaves in order.
// https://www.postgresql.org/docs/current/protocol-flow.html, protocol-message-formats.html, errcodes-appendix.html

import type { Wire } from '../wire/wire.js';
import { type Dialogue, type KindAnswer, type Login, ProbeEnd, quoted, wrongProtocol } from './dialogue.js';

/** The dialogue of PostgreSQL. */
export const postgresql: Dialogue = {
  speaksFirst: false,
  startsTls: true,
  run: async (wire, { tls, login }) => {
    if (tls) {
      if (!(await asksForTls(wire))) throw new ProbeEnd('wrong-protocol', 'a PostgreSQL server without TLS');
      await wire.secure();
    }
    if (login !== undefined) return await logIn(wire, login);
    if (tls) return { state: 'up', detail: 'offers TLS' };
    return await leaveBeforeLogin(wire);
  },
};

async function logIn(wire: Wire, login: Login): Promise<KindAnswer> {
  wire.send(startup(login));
  for (let messages = 0; messages < mostMessages; messages++) {
    const answer = answerOf(await wire.read(parseMessage));
    if (answer === null) continue;
    if (answer.loggedIn) wire.send(terminate);
    return answer;
  }
  throw new ProbeEnd('wrong-protocol', `${mostMessages} messages without an answer`);
}

/** A server that has offered TLS logs who leaves before the handshake. */
async function leaveBeforeLogin(wire: Wire): Promise<KindAnswer> {
  if (!(await asksForTls(wire))) return { state: 'up', detail: 'offers no TLS' };
  try {
    await wire.secure();
    return { state: 'up', detail: 'offers TLS' };
  } catch (error) {
    // It has answered; TLS is nothing that its tag names.
    if (error instanceof ProbeEnd && error.state !== 'slow')
      return { state: 'up', detail: `offers TLS (${error.message})` };
    throw error;
  }
}

/** Most messages before the answer: a login brings some fifteen parameters. */
const mostMessages = 100;

const longestMessage = 16_384;

const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
const terminate = Buffer.from([0x58, 0, 0, 0, 4]);

/** Whether the server offers TLS. Throws an error of the server, which has no room for clients, and other words. */
async function asksForTls(wire: Wire): Promise<boolean> {
  wire.send(sslRequest);
  const sign = await wire.read((bytes) => {
    if (bytes.length === 0) return null;
    const first = bytes.toString('latin1', 0, 1);
    // An error is read as the message that it is.
    return { value: first, used: first === 'S' || first === 'N' ? 1 : 0 };
  });
  if (sign === 'S' || sign === 'N') return sign === 'S';
  const { type, body } = await wire.read(parseMessage);
  if (type !== 'E') throw wrongProtocol('the answer to a request for TLS', body);
  const { state, detail } = errorAnswer(body);
  throw new ProbeEnd(state, detail);
}

function startup({ user, database = 'postgres' }: Login): Buffer {
  const values = ['user', user, 'database', database, 'application_name', 'lvs-stats'];
  const body = Buffer.from(`${values.map((value) => value.replaceAll('\0', '')).join('\0')}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE(3 << 16, 4);
  return Buffer.concat([head, body]);
}

interface Message {
  readonly type: string;
  readonly body: Buffer;
}

/** The messages that come before the answer: authentication, error, notice, parameter, key, ready, negotiation. */
const types = 'RENSKZv';

function parseMessage(bytes: Buffer): { readonly value: Message; readonly used: number } | null {
  if (bytes.length === 0) return null;
  const type = bytes.toString('latin1', 0, 1);
  if (!types.includes(type)) throw wrongProtocol('a message of PostgreSQL', bytes);
  if (bytes.length < 5) return null;
  const length = bytes.readUInt32BE(1);
  if (length < 4 || length > longestMessage) throw wrongProtocol('a message of PostgreSQL', bytes);
  if (bytes.length < length + 1) return null;
  return { value: { type, body: bytes.subarray(5, length + 1) }, used: length + 1 };
}

function answerOf({ type, body }: Message): (KindAnswer & { readonly loggedIn?: boolean }) | null {
  if (type === 'Z') return { state: 'up', detail: 'logged in', loggedIn: true };
  if (type === 'E') return errorAnswer(body);
  if (type !== 'R') return null;
  if (body.length < 4) throw wrongProtocol('a demand for authentication', body);
  return body.readUInt32BE(0) === 0 ? null : { state: 'up', detail: 'demands authentication' };
}

/** Classes of errors of a server that turns everybody away: no resources, it starts or ends, it is broken. */
const turnedAway = /^(53|57|58|XX)/;

function errorAnswer(body: Buffer): KindAnswer {
  const fields = new Map(
    body
      .toString('latin1')
      .split('\0')
      .map((field): [string, string] => [field.slice(0, 1), field.slice(1)]),
  );
  const code = fields.get('C') ?? '';
  if (!/^[0-9A-Z]{5}$/.test(code)) throw wrongProtocol('an error of PostgreSQL', body);
  const detail = `${code} ${quoted(Buffer.from(fields.get('M') ?? '', 'latin1')).slice(1, -1)}`;
  return { state: turnedAway.test(code) ? 'refused' : 'up', detail };
}
