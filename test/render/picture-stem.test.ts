// Picture files of archives with long names: valid in a file system, and distinct for each archive.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { removeForgotten, removePictures } from '../../src/render/files/forgotten.js';
import { picturePath, pictureStem } from '../../src/render/files/picture-file.js';

const long = `haproxy_be_${'%3A'.repeat(200)}`;
const [first, second] = [`${long}/${'%2D'.repeat(199)}a`, `${long}/${'%2D'.repeat(199)}b`];

test("a short name is the file's name", () => {
  expect(pictureStem('192.0.2.1_80/10.0.0.5_8080')).toBe('192.0.2.1_80/10.0.0.5_8080');
  expect(pictureStem(`haproxy_be_${'x'.repeat(169)}`)).toBe(`haproxy_be_${'x'.repeat(169)}`);
});

test('a long name is shortened to a unique one, in the folder of its proxy', () => {
  expect(pictureStem(first)).not.toBe(pictureStem(second));
  expect(dirname(pictureStem(first))).toBe(pictureStem(long));
  const file = basename(picturePath('/graphs', second, 'responses'));
  // With the suffix of an unfinished picture.
  expect(Buffer.byteLength(`${file}.t99.4194304.part`)).toBeLessThan(255);
});

test('the pictures of a long name stay and go with their archive', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-stem-'));
  const day = join(folder, 'day');
  const files = [long, first, second, 'all'].map((name) => picturePath(day, name, 'sps'));
  for (const file of files) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
  }
  const count = (): number =>
    readdirSync(day, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).length;
  const laterS = Date.now() / 1000 + 200 * 86_400;
  removeForgotten(folder, new Set([long, first, second, 'all']), laterS);
  expect(count()).toBe(4);
  removeForgotten(folder, new Set([long, second, 'all']), laterS);
  expect(count()).toBe(3);
  removePictures(folder, long);
  expect(count()).toBe(0);
  rmSync(folder, { recursive: true });
});
