import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { prepareFolder } from '../../../src/render/files/picture-file.js';

const dir = mkdtempSync(join(tmpdir(), 'lvs-stats-folder-'));
afterAll(() => rmSync(dir, { recursive: true }));

describe('a folder for pictures', () => {
  test('is created with its parents, and then left as it is', () => {
    const folder = join(dir, 'a', 'b', 'c');
    prepareFolder(folder);
    writeFileSync(join(folder, 'kept'), '');
    prepareFolder(folder);
    expect(statSync(folder).isDirectory() && existsSync(join(folder, 'kept'))).toBe(true);
  });

  test('is rejected if a file is in the way', () => {
    writeFileSync(join(dir, 'file'), '');
    for (const folder of [join(dir, 'file'), join(dir, 'file', 'below')])
      expect(() => prepareFolder(folder)).toThrow(/^cannot write .*file.* \(.*\): is the folder writable/);
  });

  test.skipIf(!existsSync('/proc/self'))('is rejected at once if the system does not allow folders', () => {
    expect(() => prepareFolder('/proc/none/pictures')).toThrow(/^cannot write \/proc\/none\/pictures \(/);
  });
});
