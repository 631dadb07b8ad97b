// The table through the socket of a reader, which here answers with captures.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readByReader } from '../../../src/collect/ipvs/read-reader.js';

const fixtures = join(import.meta.dirname, '../../fixtures');
const procRoot = join(fixtures, 'proc/traffic');
const capture = (name: string) => readFileSync(join(fixtures, 'ipvs/sequence', name), 'latin1');
const [stats, table] = [capture('003-traffic-stats-exact.txt'), capture('004-traffic-list.txt')];

let folder: string;
let server: Server | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-reader-'));
});
afterEach(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Answers each connection with a text, and closes it. */
async function reader(text: string): Promise<string> {
  const path = join(folder, 'reader.sock');
  server = createServer((socket) => socket.end(text, 'latin1'));
  await new Promise<void>((resolve) => server?.listen(path, resolve));
  return path;
}

describe('the reader', () => {
  test('gives both listings and the counters of the kernel', async () => {
    const snapshot = await readByReader(await reader(`${stats}${table}`), procRoot, 1_700_000_000);
    expect(snapshot.services.length).toBeGreaterThan(3);
    expect(snapshot.services.some(({ realServers }) => realServers.some(({ weight }) => weight > 0))).toBe(true);
    expect(snapshot.services.some(({ counters }) => counters.conns > 0n)).toBe(true);
    expect(snapshot.kernel?.totals).not.toBeNull();
  });

  test.each<readonly [title: string, text: string, says: string]>([
    ['nothing', '', 'answered 0 bytes, without both listings'],
    ['one listing', stats, 'without both listings'],
    ['another text', 'Permission denied\n', 'without both listings'],
    ['a listing that is cut off', `${stats}${table.slice(0, -20)}`, ''],
  ])('that answers with %s is an error', async (_, text, says) => {
    const reading = readByReader(await reader(text), procRoot, 1_700_000_000);
    await expect(reading).rejects.toThrow(expect.objectContaining({ message: expect.stringContaining(says) }));
  });

  test('that is not there is an error', async () => {
    await expect(readByReader(join(folder, 'none'), procRoot, 0)).rejects.toMatchObject({ code: 'failed' });
  });

  test('is not asked while the module is not loaded: ipvsadm would load it', async () => {
    const path = await reader(`${stats}${table}`);
    await expect(readByReader(path, folder, 0)).rejects.toMatchObject({ code: 'module-not-loaded' });
  });
});
