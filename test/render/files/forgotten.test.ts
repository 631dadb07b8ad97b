// Which pictures are removed together with their archives.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { removeForgotten, removePictures } from '../../../src/render/files/forgotten.js';
import { picturePath, writePicture } from '../../../src/render/files/picture-file.js';

const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-forgotten-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const nowS = 1_763_700_000;
const longPastS = nowS - 101 * 86_400;

test.each([
  ['of an existing archive stays', '192.0.2.1_80', longPastS, true],
  ['of a removed archive goes', '192.0.2.2_80', longPastS, false],
  ['of a removed real server goes', '192.0.2.1_80/10.0.0.9_80', longPastS, false],
  ['of an existing real server stays', '192.0.2.1_80/10.0.0.1_80', longPastS, true],
  ['of an unknown archive stays while its rows are recent', '192.0.2.3_80', nowS - 99 * 86_400, true],
])('a picture %s', (_, name, dataS, stays) => {
  const paths = ['day', 'year'].map((period) => picturePath(join(folder, period), name, 'cps'));
  for (const path of paths) writePicture(path, new Uint8Array(8), dataS);
  removeForgotten(folder, new Set(['all', '192.0.2.1_80', '192.0.2.1_80/10.0.0.1_80']), nowS);
  expect(paths.map((path) => existsSync(path))).toEqual([stays, stays]);
});

test('a missing folder of pictures is no error', () => {
  expect(() => removeForgotten(join(folder, 'none'), new Set(), nowS)).not.toThrow();
});

test('forgetting a service removes its pictures at once, with those of its real servers and the stacks it was in', () => {
  const place = join(folder, 'at-once');
  const day = join(place, 'day');
  const paths = ['192.0.2.1_80', '192.0.2.1_80/10.0.0.1_80', 'all', '192.0.2.11_80', 'all/total'].map((name) =>
    picturePath(day, name, 'cps'),
  );
  for (const path of paths) writePicture(path, new Uint8Array(8), nowS);
  removePictures(place, '192.0.2.1_80');
  expect(paths.map((path) => existsSync(path))).toEqual([false, false, false, true, true]);
});

test('forgetting an agent removes the pictures of its links, and of no other agent', () => {
  const place = join(folder, 'agent');
  const paths = ['agent_web1', 'link_web1/10.0.0.1', 'link_web10/10.0.0.1'].map((name) =>
    picturePath(join(place, 'day'), name, 'loss'),
  );
  for (const path of paths) writePicture(path, new Uint8Array(8), nowS);
  removePictures(place, 'agent_web1');
  expect(paths.map((path) => existsSync(path))).toEqual([false, false, true]);
});
