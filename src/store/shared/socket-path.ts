// The location of a data folder's socket, and a path to it that is short enough: the address of a unix socket has 108 bytes with its
// terminator (sun_path in unix(7)), and a longer one is cut off or refused. On Linux an open folder has a short path, /proc/self/fd/N, so a
// data folder may be as deep as needed.

import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../store-error.js';

/** The socket's name in a data folder. */
const socketName = 'serve.sock';

/** Maximum bytes of an address: the smallest of any system, 104 with its terminator. */
const maxBytes = 103;

/** A path that the socket system calls accept for a file of a data folder. */
export interface SocketAddress {
  readonly path: string;
  /** Must be called when the path is no longer used. */
  release(): void;
}

/** The location of a data folder's socket. */
export function socketPath(dataDir: string): string {
  return join(dataDir, socketName);
}

/** A short path to a file in a data folder, by default the socket. Throws a `StoreError`, or what Node throws. */
export function socketAddress(dataDir: string, name = socketName): SocketAddress {
  const path = join(dataDir, name);
  if (Buffer.byteLength(path) <= maxBytes) return { path, release: () => {} };
  const folder = openSync(dataDir, 'r');
  const short = `/proc/self/fd/${folder}`;
  if (existsSync(short)) return { path: join(short, name), release: () => closeSync(folder) };
  closeSync(folder);
  throw new StoreError(
    'io',
    `the path of the socket ${path} is longer than the ${maxBytes} bytes that this system takes: choose a shorter one ` +
      'with --data DIR, for instance a symbolic link',
  );
}
