// Folders for test sockets: a socket's address is at most 107 bytes, however deep the temporary folder lies.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Longest path of a temporary folder that leaves room below it, in bytes. */
const maxBytes = 50;

/** Creates a folder with a short path; the caller removes it. */
export function shortFolder(prefix: string): string {
  const short = Buffer.byteLength(tmpdir()) > maxBytes ? '/tmp' : tmpdir();
  return mkdtempSync(join(short, prefix));
}
