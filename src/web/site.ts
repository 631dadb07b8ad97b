// What the viewer works with, whoever keeps the archives: they are handed in where the program is wired.

import type { LeftOut } from '../model/note.js';
import type { Retention } from '../model/retention.js';
import type { SeriesSource } from '../model/series.js';
import type { DrawnSince } from '../render/files/picture-file.js';
import type { GraphToDraw } from '../render/files/picture-job.js';
import type { Looks } from '../render/files/picture-set.js';
import type { DrawAll } from '../render/files/standing-picture.js';

/** How the collecting goes. */
export interface Collecting {
  /** What the archives keep, which says how often there is a reading. */
  readonly retention: Retention;
  /** Time of the newest cycle with readings; null before the first. */
  readonly lastS: number | null;
  /** Since when cycles have failed, and why the last one did; null while they do not. */
  readonly failure: { readonly sinceS: number; readonly text: string } | null;
  /** Since when the kernel's counters are frozen, and what shows it; null, or missing, while they run. */
  readonly frozen?: { readonly sinceS: number; readonly reason: string } | null;
  /** Entries that the newest cycle left out; missing when it left out none. */
  readonly leftOut?: LeftOut | undefined;
  /** What synchronises connections with other directors, as in `KernelReading`; null, or missing, where it is not known. */
  readonly syncDaemons?: string | null;
  /** Another text whenever readings may have been replaced by others of the same times; the viewer's own to say. */
  readonly generation?: string;
}

/** What the viewer works with. */
export interface Site {
  readonly source: SeriesSource;
  /** As of this moment; it changes with every cycle. */
  readonly collecting: () => Collecting;
  readonly nowS: () => number;
  /** How pictures look, with the host names of this moment. */
  readonly looks: () => Looks;
  /** Whose numbers these are: the name of a director. */
  readonly director: string;
  readonly version: string;
  /** The prefix of all addresses, such as `/lvs`; empty where there is none. */
  readonly basePath: string;
  /** Folders of this package: the templates, and what a browser loads. */
  readonly viewsFolder: string;
  readonly assetsFolder: string;
  /** The folder of the standing pictures, and since when those are right. */
  readonly picturesFolder: string;
  readonly drawnSince: () => DrawnSince;
  /** Is there room on the disk for pictures? */
  readonly hasRoom: () => boolean;
  /** Draw in threads: into files, and into memory. */
  readonly drawFiles: DrawAll;
  readonly drawPng: (graph: GraphToDraw) => Promise<Uint8Array>;
  /** Tells of an error that is the program's own. */
  readonly report: (error: unknown) => void;
}
