// Where the socket of a data folder lies, and a way to it that is short enough: the address of a unix socket has 108 bytes with
// its end (sun_path in unix(7)), and a longer one is cut off or refused. A folder that is open has a short path on Linux,
// /proc/self/fd/N, so a data folder may lie as deep as it likes.

import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../store-error.js';

/** The socket's name in a data folder. */
const socketName = 'serve.sock';

/** Bytes that an address may have: the fewest of any system, 104 with its end. */
const mostBytes = 103;

/** A path under which a file of a data folder can be reached by the system's calls for sockets. */
export interface SocketAddress {
  readonly path: string;
  /** Has to be called when the path is used no more. */
  release(): void;
}

/** Where the socket of a data folder lies. */
export function socketPath(dataDir: string): string {
  return join(dataDir, socketName);
}

/** A short path to a file in a data folder, the socket unless told otherwise. Throws a `StoreError`, or what Node throws. */
export function socketAddress(dataDir: string, name = socketName): SocketAddress {
  const path = join(dataDir, name);
  if (Buffer.byteLength(path) <= mostBytes) return { path, release: () => {} };
  const folder = openSync(dataDir, 'r');
  const short = `/proc/self/fd/${folder}`;
  if (existsSync(short)) return { path: join(short, name), release: () => closeSync(folder) };
  closeSync(folder);
  throw new StoreError(
    'io',
    `the path of the socket ${path} is longer than the ${mostBytes} bytes that this system takes: choose a shorter one ` +
      'with --data DIR, for instance a symbolic link',
  );
}
