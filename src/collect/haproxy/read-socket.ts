// The CLI of a stats socket, over a socket in the file system or TCP: one line of commands, answered by one process, which then closes the
// connection. Each answer ends with an empty line (management guide, 9.3 "Unix Socket commands").

import { createConnection, type NetConnectOpts } from 'node:net';
import { CollectError } from '../collect-error.js';
import { type HaproxyLimits, readFailed, timedOut, tooMuch } from './failure.js';
import { notStatistics } from './not-statistics.js';

/** A stats socket, and its name in messages. */
export interface SocketRequest {
  readonly to: NetConnectOpts;
  readonly name: string;
  readonly limits: HaproxyLimits;
}

const question = 'show info;show stat\n';

/** Requests process information and statistics, and returns both answers. Throws a `CollectError`. */
export async function readHaproxySocket({ to, name, limits }: SocketRequest): Promise<Buffer> {
  const socket = createConnection(to);
  const chunks: Buffer[] = [];
  let [size, isLate] = [0, false];
  const late = setTimeout(() => {
    isLate = true;
    socket.destroy(timedOut(name, limits));
  }, limits.timeoutMs);
  try {
    socket.write(question);
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limits.bytes) throw tooMuch(name, limits);
      chunks.push(chunk);
      // The master's socket stays open after its refusal.
      if (isRefusal(chunks)) throw notStatistics(beginningOf(chunks), name);
    }
  } catch (error) {
    if (isLate && isUnderstood(chunks)) throw notStatistics(beginningOf(chunks), name);
    throw error instanceof CollectError ? error : readFailed(name, error);
  } finally {
    clearTimeout(late);
    socket.destroy();
  }
  return wholeAnswer(Buffer.concat(chunks), name);
}

function wholeAnswer(answer: Buffer, name: string): Buffer {
  if (answer.length === 0) {
    throw new CollectError(
      'reported-nothing',
      `HAProxy reported nothing: ${name} closed the connection without an answer; is it being reloaded, or are there too many connections (maxconn)?`,
    );
  }
  if (answer.subarray(-2).equals(Buffer.from('\n\n'))) return answer;
  const text = answer.toString('latin1');
  if (!/^(Name: |# pxname,)/.test(text)) throw notStatistics(text, name);
  throw new CollectError(
    'cut-off',
    `HAProxy closed its socket ${name} in the middle of its answer: was it just reloaded?`,
  );
}

/** Is it a complete answer that no statistics follow? */
function isRefusal(chunks: readonly Buffer[]): boolean {
  return isUnderstood(chunks) && beginningOf(chunks).includes('\n\n');
}

function isUnderstood(chunks: readonly Buffer[]): boolean {
  return /^(Unknown command|Permission denied)/i.test(chunks[0]?.toString('latin1', 0, 32) ?? '');
}

/** Enough of an answer to identify it. */
function beginningOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks.slice(0, 8)).toString('latin1');
}
