// Cycles with rrdtool and rrdcached, on one set of files: an update of each file. A peer that is not installed returns null.

import { fdatasync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { busyCounters, startS } from './busy-table.js';
import { Rrdcached } from './rrdcached.js';
import { createCommand, Rrdtool } from './rrdtool.js';
import { timedMs } from './timed.js';

/** The available peers, and a folder for their files. */
interface Place {
  readonly folder: string;
  readonly hasRrdtool: boolean;
  readonly hasRrdcached: boolean;
}

/** The peers of a cycle. */
export class RrdCycle {
  readonly #files: readonly string[];
  readonly #rrdtool: Rrdtool | null;
  readonly #rrdcached: Rrdcached | null;

  private constructor(files: readonly string[], rrdtool: Rrdtool | null, rrdcached: Rrdcached | null) {
    this.#files = files;
    this.#rrdtool = rrdtool;
    this.#rrdcached = rrdcached;
  }

  /** Starts the available peers; rrdcached needs the files that rrdtool creates. */
  static async start(services: number, { folder, hasRrdtool, hasRrdcached }: Place): Promise<RrdCycle> {
    const files = Array.from({ length: services }, (_, i) => join(folder, `${i}.rrd`));
    const rrdcached = hasRrdtool && hasRrdcached ? await Rrdcached.start(folder) : null;
    return new RrdCycle(files, hasRrdtool ? new Rrdtool() : null, rrdcached);
  }

  /** Creates a part of the files; returns the milliseconds. */
  async create({ part, of }: { part: number; of: number }): Promise<number | null> {
    const rrdtool = this.#rrdtool;
    if (rrdtool === null) return null;
    const commands = this.#files.filter((_, i) => i % of === part).map((file) => createCommand(file, startS));
    return timedMs(() => rrdtool.run(commands));
  }

  /** Gives a cycle to rrdtool; returns the milliseconds until all files have it, in the kernel's memory. */
  async update(timeS: number): Promise<number | null> {
    const rrdtool = this.#rrdtool;
    if (rrdtool === null) return null;
    const commands = this.#updates(timeS).map((update) => `update ${update}`);
    return timedMs(() => rrdtool.run(commands));
  }

  /** Gives a cycle to rrdcached and flushes it; returns the milliseconds of both. */
  async flush(timeS: number): Promise<number | null> {
    const rrdcached = this.#rrdcached;
    if (rrdcached === null) return null;
    const updates = this.#updates(timeS);
    return timedMs(async () => {
      await rrdcached.update(updates);
      await rrdcached.flush(this.#files);
    });
  }

  /** Syncs the written files to disk; returns the milliseconds. */
  async sync(): Promise<number> {
    const handles: FileHandle[] = [];
    try {
      for (const file of this.#files) handles.push(await open(file));
      const syncOne = promisify(fdatasync);
      return await timedMs(() => Promise.all(handles.map(({ fd }) => syncOne(fd))));
    } finally {
      for (const handle of handles) await handle.close();
    }
  }

  /** Ends the peers. */
  async close(): Promise<void> {
    this.#rrdtool?.close();
    await this.#rrdcached?.close();
  }

  /** `FILE TIME:VALUE:…` of every file. */
  #updates(timeS: number): string[] {
    return this.#files.map((file, i) => `${file} ${[timeS, 0, 0, ...busyCounters(i, timeS)].join(':')}`);
  }
}
