// MariaDB, MySQL and their proxies: the handshake up to the answer to a login, right or wrong. Never less: a client that leaves after the greeting
// counts as a broken handshake (Host_errors::m_handshake), and the hundredth blocks its host, with all that runs there. A login that is denied does
// not count, but is a line in the server's log; for none, the server has the user `lvs_stats`, without rights, or a login is given.
// https://mariadb.com/kb/en/connection/

import { createHash } from 'node:crypto';
import type { ApplicationTarget } from '../application.js';
import type { Wire } from '../wire/wire.js';
import {
  type Dialogue,
  defaultUser,
  type KindAnswer,
  type Login,
  ProbeEnd,
  quoted,
  wrongProtocol,
} from './dialogue.js';
import { type Greeting, isError, type Packet, packetOf, parseGreeting, parsePacket } from './mysql-packet.js';

/** The dialogue of MySQL. */
export const mysql: Dialogue = { speaksFirst: true, startsTls: true, run: completeMysql };

/** Whether a server's first bytes are those of MySQL: a greeting, or an error instead of one. */
export function looksLikeMysql(bytes: Uint8Array): boolean {
  const [low = 0, middle = 0, high = 0, sequence, kind] = bytes;
  return low + middle > 0 && high === 0 && middle < 4 && sequence === 0 && (kind === 10 || kind === 255);
}

const clientCan = { longPassword: 1, protocol41: 0x200, tls: 0x800, secureConnection: 0x8000, pluginAuth: 0x80000 };

/** Most rounds of a login. */
const mostRounds = 8;

/** Goes through a login and leaves in order. */
export async function completeMysql(wire: Wire, { tls, kind, login }: ApplicationTarget): Promise<KindAnswer> {
  const first = await wire.read(parsePacket);
  if (isError(first)) return errorAnswer(first, undefined);
  const greeting = parseGreeting(first);
  const offersTls = (greeting.capabilities & clientCan.tls) !== 0;
  const isOwn = kind === 'mysql';
  const usesTls = tls && isOwn && offersTls;
  // Where the tag asks for TLS in vain, nothing of the password passes.
  const given = !isOwn || (tls && !usesTls) ? undefined : login;
  const session: Session = { wire, greeting, login: given, usesTls };
  if (usesTls) {
    wire.send(packetOf(first.sequence + 1, clientHead(session)));
    await wire.secure();
  }
  const answer = await logIn(session, first.sequence + (usesTls ? 2 : 1));
  if (tls && isOwn && !offersTls) throw new ProbeEnd('wrong-protocol', `${greeting.version} offers no TLS`);
  return answer.state === 'up' ? { ...answer, detail: `${greeting.version}: ${answer.detail}` } : answer;
}

interface Session {
  readonly wire: Wire;
  readonly greeting: Greeting;
  readonly login: Login | undefined;
  readonly usesTls: boolean;
}

async function logIn(session: Session, sequence: number): Promise<KindAnswer> {
  const { wire, greeting, login } = session;
  const { user, password } = login ?? { user: defaultUser, password: '' };
  const token = tokenOf(greeting.plugin, password, greeting.nonce);
  const names = [Buffer.from(`${user.replaceAll('\0', '')}\0`), Buffer.from([token.length]), token];
  wire.send(packetOf(sequence, Buffer.concat([clientHead(session), ...names, Buffer.from(`${greeting.plugin}\0`)])));
  for (let round = 0; round < mostRounds; round++) {
    const packet = await wire.read(parsePacket);
    if (isError(packet)) return errorAnswer(packet, login);
    if (packet.body[0] === 0) {
      wire.send(packetOf(0, Buffer.from([quit])));
      return { state: 'up', detail: 'logged in' };
    }
    const reply = replyTo(packet, password, session.usesTls);
    if (reply !== null) wire.send(packetOf(packet.sequence + 1, reply));
  }
  throw new ProbeEnd('wrong-protocol', `no end of the login after ${mostRounds} rounds`);
}

const quit = 1;

/** The fixed part of the client's answer, which by itself asks for TLS. */
function clientHead({ greeting, usesTls }: Session): Buffer {
  const { tls, longPassword, protocol41, secureConnection, pluginAuth } = clientCan;
  const wanted = longPassword | protocol41 | secureConnection | (greeting.capabilities & pluginAuth);
  const head = Buffer.alloc(32);
  head.writeUInt32LE(wanted | (usesTls ? tls : 0), 0);
  head.writeUInt32LE(2 ** 24, 4);
  head[8] = 45; // utf8mb4
  return head;
}

/** The answer to a packet within a login; null if the server goes on by itself. */
function replyTo({ body }: Packet, password: string, usesTls: boolean): Buffer | null {
  if (body[0] === 0xfe) {
    const end = body.indexOf(0, 1);
    if (end < 0) return Buffer.alloc(0);
    return tokenOf(body.toString('latin1', 1, end), password, body.subarray(end + 1, end + 21));
  }
  if (body[0] !== 1) throw wrongProtocol('an answer to a login', body);
  // caching_sha2_password: 3 is "known", 4 asks for the password itself. Without TLS, an empty one ends the login in order.
  if (body[1] === 3) return null;
  return Buffer.from(body[1] === 4 && usesTls ? `${password}\0` : '\0');
}

/** The proof of a password that a plugin asks for; empty for an empty password, and for plugins that ask for something else. */
function tokenOf(plugin: string, password: string, nonce: Buffer): Buffer {
  if (password === '') return Buffer.alloc(0);
  if (plugin === 'mysql_native_password') {
    const once = hash('sha1', Buffer.from(password));
    return xor(once, hash('sha1', nonce, hash('sha1', once)));
  }
  if (plugin !== 'caching_sha2_password') return Buffer.alloc(0);
  const once = hash('sha256', Buffer.from(password));
  return xor(once, hash('sha256', hash('sha256', once), nonce));
}

function hash(algorithm: string, ...parts: readonly Buffer[]): Buffer {
  return createHash(algorithm).update(Buffer.concat(parts)).digest();
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)));
}

/** Errors of a server that turns everybody away: too many connections (also of a user), it ends, the host is blocked, no memory or threads. */
const turnedAway: readonly number[] = [1037, 1040, 1041, 1053, 1129, 1135, 1203, 1226];

/** Errors of a login: access denied, a password that has expired or is locked. */
const denied: readonly number[] = [1044, 1045, 1698, 1820, 1862, 3118, 4151];

function errorAnswer({ body }: Packet, login: Login | undefined): KindAnswer {
  if (body.length < 3) throw wrongProtocol('an error of MySQL', body);
  const code = body.readUInt16LE(1);
  const text = body.subarray(body[3] === 0x23 ? 9 : 3);
  const isRefused = turnedAway.includes(code) || (login !== undefined && denied.includes(code));
  return { state: isRefused ? 'refused' : 'up', detail: `${code} ${quoted(text).slice(1, -1)}` };
}
