// The standing pictures that somebody has viewed in the last days: those that another program, such as a web server, has read, and those that
// `serve` and `picture` handed out. A view is an access time later than the time of the last change (inode(7)). What we write has none, and
// our own reads leave it alone, so each view is one of somebody else. Drawing a picture anew loses its view, so `viewed-pictures.json` beside the
// pictures keeps it. A backup reads everything: the views of a time in which nearly all pictures were read count for nothing.

import { join, relative } from 'node:path';
import { readBounded } from '../../files/read-file.js';
import { writeWhole } from '../../files/whole-file.js';
import { picturesBelow } from './forgotten.js';
import { viewTimeOf } from './picture-file.js';

const hourMs = 3_600_000;

/** How long a view counts. */
export const viewedForMs = 7 * 24 * hourMs;

/** A backup reads at least so many pictures, and this share of all, within this time. */
const backup = { pictures: 100, share: 0.8, withinMs: 2 * hourMs } as const;

/** Raise this with every change of the format; an older file is then as if it were missing. */
const version = 1;

/** Far more than a hundred thousand pictures take. */
const maxBytes = 2 ** 25;

/** A stretch of time, epoch milliseconds, both ends included. */
type Stretch = readonly [fromMs: number, toMs: number];

/** The file: views by the path of the picture below the folder, epoch milliseconds, and the stretches in which a backup read them. */
interface ViewRecord {
  readonly version: number;
  readonly viewed: Readonly<Record<string, number>>;
  readonly backups: readonly Stretch[];
}

const nothing: ViewRecord = { version, viewed: {}, backups: [] };

/** The pictures of a folder that were viewed in the seven days before a time. */
export class ViewedPictures {
  readonly #folder: string;
  readonly #viewed = new Map<string, number>();
  readonly #backups: readonly Stretch[];

  /** Looks at every picture below the folder; `nowMs` is the clock, epoch milliseconds. */
  constructor(folder: string, nowMs: number) {
    this.#folder = folder;
    const record = readRecord(folder);
    const views = new Map<string, readonly number[]>();
    let count = 0;
    for (const path of picturesBelow(folder)) {
      count += 1;
      const name = relative(folder, path);
      // A clock that was ahead has left times to come: they count as of now.
      const times = [viewTimeOf(path), record.viewed[name] ?? null].flatMap((timeMs) =>
        timeMs === null || timeMs < nowMs - viewedForMs ? [] : [Math.min(timeMs, nowMs)],
      );
      if (times.length > 0) views.set(name, times);
    }
    const kept = record.backups.filter(([, toMs]) => toMs >= nowMs - viewedForMs && toMs <= nowMs);
    const found = backupAmong(
      [...views.values()].flatMap((times) => times.slice(0, 1)),
      count,
    );
    this.#backups = found === null ? kept : [...kept.filter((one) => !isWithin(one, found)), found];
    for (const [name, times] of views) {
      const own = times.filter((timeMs) => !this.#backups.some((stretch) => isWithin([timeMs, timeMs], stretch)));
      if (own.length > 0) this.#viewed.set(name, Math.max(...own));
    }
  }

  /** Has somebody viewed this picture? */
  has(path: string): boolean {
    return this.#viewed.has(relative(this.#folder, path));
  }

  /** Keeps the views on disk, since drawing loses them. Without it pictures wait until they are viewed again, so an error is no failure. */
  save(): void {
    const record: ViewRecord = { version, viewed: Object.fromEntries(this.#viewed), backups: this.#backups };
    const text = JSON.stringify(record);
    if (text === JSON.stringify(readRecord(this.#folder))) return;
    try {
      writeWhole(recordPath(this.#folder), text);
    } catch {}
  }
}

/** The longest stretch of at most two hours that holds the views of a backup, of `count` pictures; null if there is none. */
function backupAmong(timesMs: readonly number[], count: number): Stretch | null {
  const least = Math.max(backup.pictures, backup.share * count);
  const sorted = Float64Array.from(timesMs).sort();
  let from = 0;
  for (const [to, toMs] of sorted.entries()) {
    while (toMs - (sorted[from] ?? toMs) > backup.withinMs) from += 1;
    if (to - from + 1 < least) continue;
    const fromMs = sorted[from] ?? toMs;
    const lastMs = sorted.findLast((timeMs) => timeMs - fromMs <= backup.withinMs) ?? toMs;
    return [fromMs, lastMs];
  }
  return null;
}

function isWithin([fromMs, toMs]: Stretch, [outerFromMs, outerToMs]: Stretch): boolean {
  return fromMs >= outerFromMs && toMs <= outerToMs;
}

function recordPath(folder: string): string {
  return join(folder, 'viewed-pictures.json');
}

/** The record; an empty one where there is none, or none that can be used. */
function readRecord(folder: string): ViewRecord {
  try {
    const record: unknown = JSON.parse(readBounded(recordPath(folder), maxBytes).toString());
    return isRecord(record) ? record : nothing;
  } catch {
    return nothing;
  }
}

function isRecord(value: unknown): value is ViewRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { version: writtenAs, viewed, backups } = value as Partial<Record<keyof ViewRecord, unknown>>;
  return (
    writtenAs === version &&
    typeof viewed === 'object' &&
    viewed !== null &&
    Object.values(viewed).every((timeMs) => typeof timeMs === 'number') &&
    Array.isArray(backups) &&
    backups.every((stretch) => Array.isArray(stretch) && stretch.length === 2 && stretch.every(Number.isFinite))
  );
}
