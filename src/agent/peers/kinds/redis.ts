// Redis and what speaks its protocol (Valkey, KeyDB, Sentinel): PING. Redis logs nothing of it, with or without a password.
// https://redis.io/docs/latest/develop/reference/protocol-spec/

import { type Dialogue, type KindAnswer, quoted, wrongProtocol } from './dialogue.js';

/** The dialogue of Redis. */
export const redis: Dialogue = {
  speaksFirst: false,
  startsTls: false,
  run: async (wire) => {
    wire.send('*1\r\n$4\r\nPING\r\n');
    return answerOf(await wire.read(parseLine));
  },
};

/** Errors of a server that turns everybody away: it loads its data, lost its master, cannot write, or has no room for clients. */
const turnedAway = /^-(LOADING|MASTERDOWN|BUSY|MISCONF|CLUSTERDOWN|OOM|ERR max number of clients)\b/;

function answerOf(line: Buffer): KindAnswer {
  const text = line.toString('latin1');
  if (text === '+PONG') return { state: 'up', detail: 'PONG' };
  if (!text.startsWith('-')) throw wrongProtocol('the answer to PING', line);
  // -NOAUTH, -NOPERM, -DENIED and the like: whoever asks for a password lives.
  return { state: turnedAway.test(text) ? 'refused' : 'up', detail: quoted(line.subarray(1)).slice(1, -1) };
}

const signs: readonly string[] = ['+', '-'];

function parseLine(bytes: Buffer): { readonly value: Buffer; readonly used: number } | null {
  if (bytes.length > 0 && !signs.includes(String.fromCharCode(bytes[0] ?? 0)))
    throw wrongProtocol('the answer to PING', bytes);
  const end = bytes.indexOf('\r\n');
  return end < 0 ? null : { value: bytes.subarray(0, end), used: end + 2 };
}
