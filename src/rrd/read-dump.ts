// Reads a file as an archive: a .rrd through `rrdtool dump`, or the XML that this wrote, compressed or not. The only file that runs
// rrdtool; the other one that runs programs is collect/ipvs/ipvsadm.ts.

import { closeSync, createReadStream, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { execa } from 'execa';
import { openRegular } from '../files/read-file.js';
import type { Dump } from '../model/dump.js';
import { patiently } from '../model/patience.js';
import { DumpParser } from './parse-dump.js';
import { RrdError } from './rrd-error.js';

/** Milliseconds allowed for `rrdtool dump`: a file of 100 MB takes some seconds. */
const timeoutMs = 120_000;

/** Reads a file. Throws an `RrdError`. */
export async function readDump(path: string): Promise<Dump> {
  const { fd, head } = beginningOf(path);
  if (head.toString('latin1', 0, 4) === 'RRD\0') {
    closeSync(fd);
    return readRrd(path);
  }
  const file = createReadStream(path, { fd, start: 0 });
  if (head[0] !== 0x1f || head[1] !== 0x8b) return parse(path, file.setEncoding('latin1'));
  const gunzip = createGunzip().setEncoding('latin1');
  pipeline(file, gunzip, () => {});
  return parse(path, gunzip);
}

/** Opens a file and reads its first bytes. It is then read again from the start, so it cannot be a pipe. */
function beginningOf(path: string): { readonly fd: number; readonly head: Buffer } {
  try {
    const fd = openRegular(path);
    const head = Buffer.alloc(4);
    return { fd, head: head.subarray(0, readSync(fd, head, 0, head.length, 0)) };
  } catch (error) {
    throw cannotRead(path, error);
  }
}

async function parse(path: string, text: AsyncIterable<string>): Promise<Dump> {
  const parser = new DumpParser(path);
  try {
    for await (const part of text) parser.push(part);
  } catch (error) {
    throw error instanceof RrdError ? error : cannotRead(path, error);
  }
  return parser.finish();
}

/** Without a shell, and with a path that cannot be taken for an option. */
async function readRrd(path: string): Promise<Dump> {
  const child = execa('rrdtool', ['dump', resolve(path)], {
    buffer: false,
    reject: false,
    stdin: 'ignore',
    stderr: 'pipe',
    env: { LC_ALL: 'C' },
    timeout: patiently(timeoutMs),
  });
  let said = '';
  child.stderr.setEncoding('latin1').on('data', (text: string) => {
    if (said.length < 1000) said += text;
  });
  const parser = new DumpParser(`the dump of ${path}`);
  child.stdout.setEncoding('latin1');
  let problem: unknown = null;
  try {
    for await (const part of child.stdout) parser.push(String(part));
  } catch (error) {
    problem = error;
    child.kill('SIGKILL');
  }
  const { failed, code, timedOut } = await child;
  if (problem instanceof RrdError) throw problem;
  if (code === 'ENOENT') throw withoutRrdtool(path);
  if (failed || problem !== null) {
    const text = timedOut ? `it took over ${patiently(timeoutMs) / 1000} s` : said.trim().slice(0, 300);
    throw new RrdError(
      'rrdtool-failed',
      `rrdtool cannot dump ${path} (${text}): is it complete, and from this kind of machine?`,
    );
  }
  return parser.finish();
}

function withoutRrdtool(path: string): RrdError {
  return new RrdError(
    'no-rrdtool',
    `${path} is a .rrd, which only rrdtool can read: install rrdtool, or run "rrdtool dump FILE > FILE.xml" ` +
      'on the kind of machine that made the file, and import the XML',
  );
}

function cannotRead(path: string, error: unknown): RrdError {
  const text = error instanceof Error ? error.message : String(error);
  return new RrdError('cannot-read', `cannot read ${path}: ${text}`, { cause: error });
}
