// Reads the table through the reader of `setup --reader`: a socket that systemd listens on, which answers each connection with both
// listings of ipvsadm, one after the other, and closes. The reader has the capability, this process has not.

import { connect } from 'node:net';
import { patiently } from '../../model/patience.js';
import type { Snapshot } from '../../model/snapshot.js';
import { changedSnapshot } from '../../model/table/column-snapshot.js';
import { CollectError } from '../collect-error.js';
import { usualLimits } from './ipvsadm.js';
import { parseListings, type RawListings, tableOf } from './join.js';
import { isModuleLoaded, moduleNotLoaded } from './proc/kernel.js';
import { readKernel } from './proc/read-kernel.js';

/** Reads once. Throws a `CollectError`; does not connect while the module is not loaded, since ipvsadm would load it. */
export async function readByReader(socket: string, procRoot: string, timeS: number): Promise<Snapshot> {
  if (!isModuleLoaded(procRoot)) throw moduleNotLoaded(`there is no ${procRoot}/net/ip_vs`);
  const raw = listingsOf(await received(socket), socket);
  const sources = { stats: `the counters from ${socket}`, table: `the table from ${socket}` };
  const table = tableOf(parseListings(raw, { sources }));
  return changedSnapshot(table, { timeS, host: null, kernel: readKernel(procRoot) });
}

const firstLine = 'IP Virtual Server version';

/** The two listings in the answer: each begins with the same line. */
function listingsOf(answer: Buffer, socket: string): RawListings {
  const second = answer.indexOf(`\n${firstLine}`);
  if (second < 0 || !answer.subarray(0, firstLine.length).equals(Buffer.from(firstLine))) {
    throw new CollectError(
      'no-header',
      `${socket} answered ${answer.length} bytes, without both listings: "systemctl status 'lvs-stats-reader@*'" and the journal say why`,
    );
  }
  return { statsText: answer.subarray(0, second + 1), tableText: answer.subarray(second + 1) };
}

function received(path: string): Promise<Buffer> {
  const { timeoutMs, outputBytes } = usualLimits;
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    const fail = (why: string): void => {
      socket.destroy();
      reject(new CollectError('failed', `cannot read the table from ${path}: ${why}`));
    };
    const socket = connect({ path, timeout: patiently(timeoutMs) });
    socket
      .on('data', (part: Buffer) => {
        parts.push(part);
        bytes += part.length;
        if (bytes > outputBytes) fail(`it sends more than ${outputBytes} bytes`);
      })
      .on('timeout', () => fail('it does not answer'))
      .on('error', ({ message }) => fail(message))
      .on('end', () => resolve(Buffer.concat(parts)));
  });
}
