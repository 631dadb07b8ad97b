// Folders for sockets of tests: the address of a socket is 107 bytes at the most, however deep the folder for temporary files lies.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bytes that a folder for temporary files may have, so that there is room below it. */
const maxBytes = 50;

/** Makes a folder whose path is short. Whoever makes it removes it. */
export function shortFolder(prefix: string): string {
  const short = Buffer.byteLength(tmpdir()) > maxBytes ? '/tmp' : tmpdir();
  return mkdtempSync(join(short, prefix));
}
