// The answers of a server of each kind, as captured from the real ones (test/engines/peers), in the order of the conversation.

import { createHash } from 'node:crypto';
import type { ApplicationTarget, ProbeKind } from '../../../src/agent/peers/application.js';
import type { Line, Script } from './scripted-server.js';

/** An answer that can depend on what the client has said before. */
type Say = Uint8Array | string | ((heard: Buffer) => string);

/** The parts of a conversation: the server speaks each after it has heard the client; the first at once if it speaks first. */
export interface Conversation {
  readonly speaksFirst: boolean;
  /** Whether TLS begins within the conversation, before the part with this index. */
  readonly tlsBefore: number | null;
  readonly parts: readonly Say[];
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** The greeting of MariaDB 10.11, with or without the capability of TLS. */
export const greetingOf = (tls: boolean): Buffer =>
  Buffer.concat([
    hex('6400 0000 0a'),
    Buffer.from('5.5.5-10.11.19-MariaDB-0+deb12u1\0'),
    hex('04000000'),
    Buffer.from('d](IyG5q\0'),
    hex(`fe${tls ? 'ff' : 'f7'} 08 0200 ff81 15 000000000000 1d000000`),
    Buffer.from(']\\8B!{k(#tB.\0mysql_native_password\0'),
  ]);

/** A packet that says that a login was right. */
export const mysqlOk = hex('07000002 00 00 00 0200 0000');

const acceptOf = (heard: Buffer): string => {
  const key = /sec-websocket-key: (\S+)/i.exec(heard.toString('latin1'))?.[1] ?? '';
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
};

const startBody = Buffer.concat([
  hex('000a000a 00 09 00000000 00000005'),
  Buffer.from('PLAIN'),
  hex('00000005'),
  Buffer.from('en_US'),
]);

/** AMQP's Start. */
export const amqpStart = Buffer.concat([hex('01 0000 000000'), Buffer.from([startBody.length]), startBody, hex('ce')]);

/** The conversations by kind; plain TCP has none. */
export const conversations: Readonly<Record<Exclude<ProbeKind, 'tcp'>, Conversation>> = {
  http: {
    speaksFirst: false,
    tlsBefore: null,
    parts: ['HTTP/1.1 200 OK\r\nServer: nginx\r\nConnection: close\r\n\r\n'],
  },
  websocket: {
    speaksFirst: false,
    tlsBefore: null,
    parts: [
      (heard) =>
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptOf(heard)}\r\n\r\n`,
      hex('880203e8'),
    ],
  },
  redis: { speaksFirst: false, tlsBefore: null, parts: ['+PONG\r\n'] },
  mysql: { speaksFirst: true, tlsBefore: 1, parts: [greetingOf(true), mysqlOk] },
  postgresql: {
    speaksFirst: false,
    tlsBefore: 0,
    parts: [hex('52 00000017 0000000a 534352414d2d5348412d323536 00 00')],
  },
  amqp: { speaksFirst: false, tlsBefore: null, parts: [amqpStart] },
};

/** The login that a conversation needs: PostgreSQL is asked for less without one (answers.test.ts). */
export function loginFor(kind: ProbeKind): Pick<ApplicationTarget, 'login'> {
  return kind === 'postgresql' ? { login: { user: 'probe', password: '' } } : {};
}

/** The script of a conversation; in TLS where it has its place. */
export function rightScript(kind: ProbeKind, tls: boolean): Script {
  if (kind === 'tcp') return () => {};
  const conversation = conversations[kind];
  return async (line) => {
    for (const [i, part] of conversation.parts.entries()) {
      if (tls && conversation.tlsBefore === i) await startTls(kind, line);
      const heard = i === 0 && conversation.speaksFirst ? Buffer.alloc(0) : await line.hear();
      line.say(typeof part === 'function' ? part(heard) : part);
    }
    await line.hear();
    line.end();
  };
}

const mysqlTlsRequestBytes = 36;

async function startTls(kind: ProbeKind, line: Line): Promise<void> {
  const heard = await line.hear();
  if (kind === 'postgresql') line.say('S');
  line.secure(kind === 'mysql' ? heard.subarray(mysqlTlsRequestBytes) : undefined);
}
