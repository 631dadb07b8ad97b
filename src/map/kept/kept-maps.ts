// The maps of the last day: one file an hour in `maps` of the data folder, compressed, named by its time and its number of lost links
// (`1795270800-2.json.gz`), and renamed into place. docs/format.md has the form.

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { readBounded } from '../../files/read-file.js';
import { writeWhole } from '../../files/whole-file.js';
import { graphText, type KeptGraph, parseGraph } from './graph-record.js';

/** A map that is kept. */
export interface KeptMapAbout {
  /** Epoch seconds. */
  readonly timeS: number;
  /** Its lost links. */
  readonly lost: number;
}

/** Maps that are kept, and for how long. */
const mostKept = 24;
const longestS = 25 * 3600;

/** Bytes of a map's text, and of its file. */
const mostTextBytes = 2 ** 25;
const mostFileBytes = 2 ** 24;

/** The folder of the maps. */
export function mapsFolder(dataDir: string): string {
  return join(dataDir, 'maps');
}

function pathOf(dataDir: string, { timeS, lost }: KeptMapAbout): string {
  return join(mapsFolder(dataDir), `${timeS}-${lost}.json.gz`);
}

/** The maps that are kept, oldest first, also those that are too old. Throws what Node throws, except if there is no folder yet. */
export function listMaps(dataDir: string): readonly KeptMapAbout[] {
  let names: readonly string[];
  try {
    const entries = readdirSync(mapsFolder(dataDir), { withFileTypes: true });
    names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  const found = names.flatMap((name) => {
    const [, time, lost] = /^(\d{1,10})-(\d{1,10})\.json\.gz$/.exec(name) ?? [];
    return time === undefined || lost === undefined ? [] : [{ timeS: Number(time), lost: Number(lost) }];
  });
  return found.sort((a, b) => a.timeS - b.timeS);
}

/** Writes a map, and removes those that are too old or too many. Throws an `Error` for one that is too large, or what Node throws. */
export async function keepMap(dataDir: string, kept: KeptGraph): Promise<KeptMapAbout> {
  const text = graphText(kept);
  if (text.length > mostTextBytes) throw new Error(`it has over ${mostTextBytes / 2 ** 20} MiB`);
  const about = { timeS: kept.timeS, lost: kept.graph.lost.reduce((sum, own) => sum + own, 0) };
  // Beside the event loop: tens of milliseconds at 5,000 nodes.
  const packed = await promisify(gzip)(text);
  mkdirSync(mapsFolder(dataDir), { recursive: true, mode: 0o750 });
  writeWhole(pathOf(dataDir, about), packed, { mode: 0o640 });
  const all = listMaps(dataDir);
  const stale = all.filter(({ timeS }, i) => i < all.length - mostKept || isOutside(timeS, kept.timeS));
  for (const old of stale) rmSync(pathOf(dataDir, old), { force: true });
  return about;
}

/** Whether a map is not of the day before a time: it is too old, or of a clock that was ahead. */
export function isOutside(timeS: number, nowS: number): boolean {
  return timeS < nowS - longestS || timeS > nowS + 3600;
}

/** A map that is kept. Throws an `Error` that says what is wrong with its file. */
export function readMap(dataDir: string, about: KeptMapAbout): Promise<KeptGraph> {
  return reading(dataDir, about, (text) => {
    const kept = parseGraph(text.toString());
    if (kept.timeS !== about.timeS) throw new Error(`it is of ${kept.timeS}, not of ${about.timeS}`);
    return kept;
  });
}

/** Reads a map's file as far as to see damage of its bytes. Throws as `readMap`. */
export function checkMap(dataDir: string, about: KeptMapAbout): Promise<void> {
  return reading(dataDir, about, () => {});
}

async function reading<T>(dataDir: string, about: KeptMapAbout, use: (text: Buffer) => T): Promise<T> {
  const path = pathOf(dataDir, about);
  try {
    const packed = readBounded(path, mostFileBytes);
    return use(await promisify(gunzip)(packed, { maxOutputLength: 4 * mostTextBytes }));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${path} cannot be read: ${why}`, { cause: error });
  }
}
