// Reads the connections of this network namespace from /proc/net/tcp6 and tcp, as a stream: on a busy proxy these have 15 MB.

import { createReadStream } from 'node:fs';
import { endianness } from 'node:os';
import { join } from 'node:path';
import type { PeerConnections } from '../../model/links/report.js';
import { ConnectionCounts } from './parse-tcp.js';

/** Connections of a host; `problem` says what is missing from them, null if nothing is. */
export interface ReadConnections {
  readonly connections: readonly PeerConnections[];
  readonly problem: { readonly key: string; readonly text: string } | null;
}

/** Most lines that are read from both files: about as many milliseconds as thousands of lines. */
const mostLines = 100_000;

/** Most counts in a report. */
const mostReported = 5000;

/** Reads the connections below `procRoot`. */
export async function readConnections(procRoot: string): Promise<ReadConnections> {
  const counts = new ConnectionCounts(endianness() === 'LE');
  let left: number;
  try {
    left = await readTcpLines(procRoot, mostLines, (line) => counts.addLine(line));
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { connections: [], problem: { key: 'unread', text: `connections are not reported: ${text}` } };
  }
  const isCut = left <= 0 || counts.isOverflown;
  const text = `this host has more connections than are read (${mostLines} lines): the counts are too small`;
  return { connections: counts.busiest(mostReported), problem: isCut ? { key: 'cut', text } : null };
}

/**
 * Reads at most `most` lines of both files, and returns how many more might have been read; 0 if there are too many. Between two parts of 64 KiB the
 * process does its other work. Throws what Node throws.
 */
export async function readTcpLines(procRoot: string, most: number, onLine: (line: string) => void): Promise<number> {
  let left = most;
  // Sockets that accept both families are in tcp6, with their listeners.
  for (const file of ['tcp6', 'tcp']) left = await readLines(join(procRoot, 'net', file), left, onLine);
  return left;
}

/** Reads the lines of a file, and returns how many more may be read. */
async function readLines(path: string, most: number, onLine: (line: string) => void): Promise<number> {
  let [left, rest] = [most, ''];
  try {
    for await (const chunk of createReadStream(path, { encoding: 'latin1', highWaterMark: 2 ** 16 })) {
      const text = rest + String(chunk);
      let from = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
        if (left <= 0) return 0;
        onLine(text.slice(from, end));
        left -= 1;
        from = end + 1;
      }
      rest = text.slice(from);
    }
  } catch (error) {
    // A kernel without IPv6 has no tcp6.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  return left;
}
