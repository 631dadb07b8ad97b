// Who can change a file besides root, by its mode and owner and those of the folders above it.

import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writerBesideRoot } from '../../src/files/writer.js';

describe.skipIf(process.getuid?.() !== 0)('(needs root) a file of root', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lvs-stats-writer-'));
    file = join(folder, 'file');
    writeFileSync(file, '');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  test('belongs to root alone, in a sticky folder too', () => {
    expect(writerBesideRoot(file)).toBeNull();
    chmodSync(folder, 0o1777);
    expect(writerBesideRoot(file)).toBeNull();
  });

  test.each<readonly [what: string, change: () => void, writer: string]>([
    ['another owner', () => chownSync(file, 1234, 0), 'user 1234'],
    ['a group that may write', () => chownSync(file, 0, 1234), 'group 1234'],
    ['a mode for everybody', () => chmodSync(file, 0o602), 'everybody'],
    ['a folder of another owner', () => chownSync(folder, 1234, 0), 'user 1234'],
    ['a folder for everybody', () => chmodSync(folder, 0o777), 'everybody'],
  ])('%s is another writer', (_, change, writer) => {
    chmodSync(file, 0o664);
    change();
    expect(writerBesideRoot(file)).toBe(writer);
  });

  test('a link from the folder of another user leads to what that user chooses', () => {
    const theirs = join(folder, 'theirs');
    mkdirSync(theirs);
    symlinkSync(file, join(theirs, 'link'));
    chownSync(theirs, 1234, 1234);
    expect(writerBesideRoot(join(theirs, 'link'))).toBe('user 1234');
  });
});
