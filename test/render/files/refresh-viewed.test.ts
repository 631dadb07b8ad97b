// A refresh that draws only what somebody looks at: a month of cycles, new archives, and views that come and go.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ArchiveInfo } from '../../../src/model/archive.js';
import { graphTypes, stackTypes } from '../../../src/render/define/graph-request.js';
import { dataTimeOf, noteView, writePicture } from '../../../src/render/files/picture-file.js';
import { refreshPictures } from '../../../src/render/files/refresh.js';
import type { RefreshTally } from '../../../src/render/files/refresh-tally.js';
import { ViewedPictures, viewedForMs } from '../../../src/render/files/viewed-pictures.js';
import { archiveOf, lastS, refreshOf, sourceOf } from '../sample-archives.js';

const dayS = 86_400;
let folder: string;
let drawn: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-viewed-'));
  drawn = [];
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Refreshes the pictures of a day with a stroke instead of a drawing. */
async function refresh(archives: readonly ArchiveInfo[], nowMs = Date.now()): Promise<RefreshTally> {
  const viewed = new ViewedPictures(folder, nowMs);
  viewed.save();
  drawn = [];
  return refreshPictures({
    ...refreshOf(folder, sourceOf(archives)),
    draw: async (jobs) =>
      jobs.map(({ path, dataS }) => {
        writePicture(path, Buffer.alloc(100), dataS);
        drawn.push(path);
        return 'drawn';
      }),
    viewed,
  });
}

const services = Array.from({ length: 30 }, (_, i) => `192.0.2.${i + 1}_80`);
const pathOf = (name: string, type = 'traffic'): string => join(folder, 'day', `${name}-${type}.png`);
const archivesAt = (timeS: number): readonly ArchiveInfo[] =>
  ['all', ...services].map((name) => archiveOf(name, { firstS: lastS - 100 * dayS, lastS: timeS }));

test('in a month of cycles nothing that somebody looks at is old, and nothing else is drawn', async () => {
  const looked = services.slice(0, 20);
  for (const name of services) writePicture(pathOf(name), Buffer.alloc(10), lastS - dayS);
  for (const name of looked) noteView(pathOf(name), Date.now());
  for (let cycle = 0; cycle < 90; cycle += 1) {
    const timeS = lastS + (cycle * dayS) / 3;
    await refresh(archivesAt(timeS));
    const newestS = timeS - (timeS % 300);
    expect(looked.map((name) => dataTimeOf(pathOf(name)))).toEqual(looked.map(() => newestS));
    expect(drawn).toHaveLength(stackTypes.length + looked.length);
    // Half of them look again, the others do only on some days.
    for (const [i, name] of looked.entries()) if (i % 2 === 0 || cycle % 20 === 0) noteView(pathOf(name), Date.now());
  }
  for (const name of services.slice(20)) expect(dataTimeOf(pathOf(name))).toBe(lastS - dayS);
});

test('a picture that nobody has looked at for a week waits until somebody does', async () => {
  const [one = ''] = services;
  writePicture(pathOf(one), Buffer.alloc(10), lastS - dayS);
  noteView(pathOf(one), Date.now());
  await refresh(archivesAt(lastS));
  expect(drawn).toContain(pathOf(one));
  const laterMs = Date.now() + viewedForMs + 60_000;
  await refresh(archivesAt(lastS + 300), laterMs);
  expect(drawn).toHaveLength(stackTypes.length);
  noteView(pathOf(one), laterMs);
  await refresh(archivesAt(lastS + 600), laterMs + 1000);
  expect(drawn).toContain(pathOf(one));
});

test('all pictures of a new archive are drawn once, so that each can be looked at', async () => {
  const fresh = archiveOf('198.51.100.1_443', { firstS: lastS - 3600, lastS });
  await refresh([...archivesAt(lastS), fresh]);
  expect(drawn).toHaveLength(stackTypes.length + graphTypes.length);
  const path = pathOf(fresh.name);
  const { ino } = statSync(path);
  await refresh([...archivesAt(lastS + 300), { ...fresh, lastS: lastS + 300 }]);
  expect(drawn).toHaveLength(stackTypes.length);
  expect(statSync(path).ino).toBe(ino);
});
