// Lends the archives to readers for a moment at a time: those of a data folder or, with `--from`, those of a director in an engine. When the data
// folder is not writable, it says so once.

import { connectEngine, PassingError } from '../engine/connection/http.js';
import { createEngineSource } from '../engine/read/engine-source.js';
import { engineFailed } from '../engine/read/remembered-source.js';
import type { ReportSource } from '../report/stretches.js';
import type { ArchiveReader } from '../store/archives.js';
import { withArchives } from '../store/open.js';
import { type EnginePlace, enginePlaceOf, type FromOptions } from './options/from-options.js';
import { workAsOwner } from './owner.js';
import { say } from './settings.js';

/** Lends the readable archives for a moment. */
export type LendToRead = <T>(use: (source: ReportSource) => Promise<T>) => Promise<T>;

/** Lends the archives of a data folder. */
export function lendOf(dataDir: string): <T>(use: (archives: ArchiveReader) => Promise<T>) => Promise<T> {
  let isReported = false;
  const tell = (text: string): void => {
    if (!isReported) say(text);
    isReported = true;
  };
  return (use) => withArchives(dataDir, use, tell);
}

/** Lends what the options name. With a data folder, this process takes the rights of its owner. Throws a `UserError`. */
export function lendFrom(options: FromOptions & { readonly data: string }): LendToRead {
  const place = enginePlaceOf(options, process.env);
  if (place !== null) return lendEngine(place);
  workAsOwner(options.data);
  return lendOf(options.data);
}

/** Lends the archives of a director in an engine. A connection lasts as long as a loan. */
export function lendEngine({ address, director }: EnginePlace): LendToRead {
  const { name, baseUrl } = address;
  const connection = connectEngine(address, { signal: new AbortController().signal });
  const nowS = (): number => Date.now() / 1000;
  const source = createEngineSource({ baseUrl, send: connection.send, director, engine: name, nowS });
  return async (use) => {
    try {
      return await use(source);
    } catch (error) {
      throw error instanceof PassingError ? engineFailed(name, error) : error;
    } finally {
      connection.close();
    }
  };
}
