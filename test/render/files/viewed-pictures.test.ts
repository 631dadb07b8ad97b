// Which pictures count as viewed: by whom, for how long, and what a backup leaves.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fingerprintOf, noteView, viewTimeOf, writePicture } from '../../../src/render/files/picture-file.js';
import { ViewedPictures, viewedForMs } from '../../../src/render/files/viewed-pictures.js';
import { pngEnd } from '../../../src/render/png/png-chunk.js';

const hourMs = 3_600_000;
const dataS = 1_795_271_700;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-viewed-'));
  mkdirSync(join(folder, 'day'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function draw(name: string): string {
  const path = join(folder, 'day', `${name}-cps.png`);
  writePicture(path, Buffer.concat([Buffer.alloc(1000), pngEnd]), dataS);
  return path;
}

/** Gives a picture the access time of a reader, after the change that this is. */
function read(path: string, agoMs = 0): number {
  const timeMs = Math.ceil(Date.now() / 1000) * 1000 + 10 * 24 * hourMs - agoMs;
  utimesSync(path, timeMs / 1000, dataS);
  return timeMs;
}

/** The clock of these tests: ten days ahead, so that reads of the last days are later than all changes of files. */
const nowMs = (): number => Math.ceil(Date.now() / 1000) * 1000 + 10 * 24 * hourMs + 5000;

const viewedAt = (path: string, timeMs: number): boolean => new ViewedPictures(folder, timeMs).has(path);

describe('a picture', () => {
  test('that was just written has not been viewed, nor has one that is confirmed or checked by us', () => {
    const path = draw('192.0.2.1_80');
    expect(viewTimeOf(path)).toBe(null);
    fingerprintOf(path);
    expect(viewTimeOf(path)).toBe(null);
    utimesSync(path, dataS + 300, dataS + 300);
    expect(viewedAt(path, Date.now())).toBe(false);
  });

  test('that is written for a time to come has not been viewed', () => {
    const path = join(folder, 'day', 'all-cps.png');
    writePicture(path, Buffer.alloc(100), Math.floor(Date.now() / 1000) + 86_400);
    expect(viewTimeOf(path)).toBe(null);
  });

  test('that another program reads has been viewed, where the mount keeps access times', () => {
    const path = draw('192.0.2.1_80');
    execFileSync('sleep', ['0.02']);
    const before = statSync(path).atimeMs;
    execFileSync('cat', [path]);
    // Without them it is as if nobody had read it.
    const isKept = statSync(path).atimeMs !== before;
    expect(viewedAt(path, Date.now())).toBe(isKept);
  });

  test('that is handed out has been viewed, on any mount, and keeps the time of its rows', () => {
    const path = draw('192.0.2.1_80');
    const noted = Date.now();
    noteView(path, noted);
    expect(viewTimeOf(path)).toBeGreaterThanOrEqual(noted);
    expect(statSync(path).mtimeMs).toBe(dataS * 1000);
    const { ctimeMs } = statSync(path);
    noteView(path, noted + 60_000);
    expect(statSync(path).ctimeMs).toBe(ctimeMs);
    expect(viewedAt(path, noted + 2000)).toBe(true);
  });

  test('counts as viewed for a week, also when it is drawn anew', () => {
    const path = draw('192.0.2.1_80');
    const viewedMs = read(path);
    const viewed = new ViewedPictures(folder, nowMs());
    expect(viewed.has(path)).toBe(true);
    viewed.save();
    draw('192.0.2.1_80');
    expect(viewTimeOf(path)).toBe(null);
    expect(viewedAt(path, viewedMs + viewedForMs)).toBe(true);
    expect(viewedAt(path, viewedMs + viewedForMs + 1)).toBe(false);
  });

  test('that was viewed by a clock that was ahead counts for a week from now', () => {
    const path = draw('192.0.2.1_80');
    const viewedMs = read(path, -1000 * 24 * hourMs);
    const now = nowMs();
    new ViewedPictures(folder, now).save();
    draw('192.0.2.1_80');
    expect(viewedAt(path, now + viewedForMs)).toBe(true);
    expect(viewedAt(path, now + viewedForMs + 1)).toBe(false);
    expect(viewedMs).toBeGreaterThan(now + viewedForMs);
  });
});

describe('a backup', () => {
  const many = 150;
  const paths = () => Array.from({ length: many }, (_, i) => draw(`192.0.2.${i}_80`));

  test('views nothing, and leaves what was viewed before it and after it', () => {
    const all = paths();
    const [early = '', late = '', other = ''] = all;
    read(early, 30 * hourMs);
    new ViewedPictures(folder, nowMs()).save();
    // Fifty minutes, without a tenth of the pictures.
    for (const [i, path] of all.slice(0, 135).entries()) read(path, 5 * hourMs - i * 22_000);
    read(late, hourMs);
    const viewed = new ViewedPictures(folder, nowMs());
    expect(all.filter((path) => viewed.has(path))).toEqual([early, late]);
    viewed.save();
    // When others are drawn, too few reads of it are left to see that it was one; it is known already.
    for (const path of all.slice(20, 120)) writePicture(path, Buffer.alloc(10), dataS);
    const again = new ViewedPictures(folder, nowMs() + 1000);
    expect(all.filter((path) => again.has(path))).toEqual([early, late]);
    expect(again.has(other)).toBe(false);
  });

  test('that goes on is one, from its first picture to its last', () => {
    const all = paths();
    for (const path of all.slice(0, 130)) read(path, 3000);
    new ViewedPictures(folder, nowMs()).save();
    for (const path of all.slice(130)) read(path, 1000);
    const viewed = new ViewedPictures(folder, nowMs());
    expect(all.filter((path) => viewed.has(path))).toEqual([]);
  });

  test('is none where few pictures are: a wall may show all of them', () => {
    const all = paths().slice(0, 90);
    for (let i = 90; i < many; i += 1) rmSync(join(folder, 'day', `192.0.2.${i}_80-cps.png`));
    for (const path of all) read(path);
    const viewed = new ViewedPictures(folder, nowMs());
    expect(all.every((path) => viewed.has(path))).toBe(true);
  });

  test('is none where most pictures are read by nobody', () => {
    const all = paths();
    for (const path of all.slice(0, 110)) read(path);
    const viewed = new ViewedPictures(folder, nowMs());
    expect(all.filter((path) => viewed.has(path))).toHaveLength(110);
  });
});

describe('the record of views', () => {
  test.each([
    ['nothing', ''],
    ['half of it', '{"version":1,"viewed":{"day/'],
    ['another version', '{"version":2,"viewed":{"day/192.0.2.1_80-cps.png":1795271700000},"backups":[]}'],
    ['other types', '{"version":1,"viewed":{"day/192.0.2.1_80-cps.png":"x"},"backups":[]}'],
    ['a wrong stretch', '{"version":1,"viewed":{},"backups":[[1]]}'],
  ])('is begun anew when it has %s', (_, text) => {
    const path = draw('192.0.2.1_80');
    writeFileSync(join(folder, 'viewed-pictures.json'), text);
    read(path);
    const viewed = new ViewedPictures(folder, nowMs());
    expect(viewed.has(path)).toBe(true);
    viewed.save();
    expect(JSON.parse(readFileSync(join(folder, 'viewed-pictures.json'), 'utf8'))).toMatchObject({ version: 1 });
  });

  test('forgets pictures that are no longer there, and a missing folder has none', () => {
    const path = draw('192.0.2.1_80');
    read(path);
    new ViewedPictures(folder, nowMs()).save();
    rmSync(path);
    const viewed = new ViewedPictures(folder, nowMs());
    viewed.save();
    expect(readFileSync(join(folder, 'viewed-pictures.json'), 'utf8')).toBe('{"version":1,"viewed":{},"backups":[]}');
    expect(new ViewedPictures(join(folder, 'none'), nowMs()).has(path)).toBe(false);
  });
});
