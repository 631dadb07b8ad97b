// Follows the directors of an engine: the newest row and the open findings of each, and whether the engine answers.

import { PassingError } from '../../engine/connection/http.js';
import { type QueryGround, querySamples } from '../../engine/query/query.js';
import { selector } from '../../engine/query/selector.js';
import type { EngineSource } from '../../engine/read/engine-source.js';
import { readFindings } from '../../engine/read/read-findings.js';
import { metricsByDataSource } from '../../engine/series/metric-names.js';
import { newestReadingS } from '../../model/archive.js';
import { directorName } from '../../model/names/name.js';
import { standardRetention } from '../../model/retention.js';
import type { CollectorState } from '../../web/site.js';

/** A director that is followed. */
export interface FollowedDirector {
  readonly director: string;
  readonly source: Pick<EngineSource, 'list'>;
}

/** The engine, and its name in messages. */
export interface FollowGround extends QueryGround {
  readonly engine: string;
  readonly nowS: () => number;
}

/** The state of some directors in an engine. */
export class EngineFollower {
  readonly #ground: FollowGround;
  readonly #directors: readonly FollowedDirector[];
  readonly #states = new Map<string, CollectorState>();
  readonly #seenS = new Map<string, number>();
  #failure: CollectorState['failure'] = null;
  #others: readonly string[] = [];

  constructor(directors: readonly FollowedDirector[], ground: FollowGround) {
    this.#directors = directors;
    this.#ground = ground;
  }

  /** The state of a director; that of no reading until it has been read. */
  current(director: string): CollectorState {
    const state = this.#states.get(director) ?? { retention: standardRetention, lastS: null, failure: null };
    return { ...state, failure: this.#failure };
  }

  /** Why the engine cannot be read, since when; null while it can. */
  get failure(): CollectorState['failure'] {
    return this.#failure;
  }

  /** Directors with rows of the last hours that are not followed. */
  get others(): readonly string[] {
    return this.#others;
  }

  /** Reads a director again with the next poll, whether or not it has newer rows: its pages are not prepared. */
  again(director: string): void {
    this.#seenS.delete(director);
  }

  /** Asks for newer rows, and reads the directors that have some. Returns their names. */
  async poll(): Promise<readonly string[]> {
    try {
      const newest = await this.#newestRows();
      this.#others = [...newest.keys()].filter((name) => !this.#directors.some(({ director }) => director === name));
      const changed = this.#directors.filter(({ director }) => {
        const rowS = newest.get(director);
        return !this.#states.has(director) || (rowS !== undefined && rowS !== this.#seenS.get(director));
      });
      for (const one of changed) await this.#read(one, newest.get(one.director) ?? 0);
      this.#failure = null;
      return changed.map(({ director }) => director);
    } catch (error) {
      if (!(error instanceof PassingError)) throw error;
      const sinceS = this.#failure?.sinceS ?? Math.floor(this.#ground.nowS());
      this.#failure = { sinceS, text: `${this.#ground.engine} ${error.message}`, isOfEngine: true };
      return [];
    }
  }

  async #read({ director, source }: FollowedDirector, rowS: number): Promise<void> {
    const archives = await source.list();
    const newestS = newestReadingS(archives);
    const retention = archives[0]?.retention ?? standardRetention;
    const findings = await readFindings({ director, newestS }, this.#ground);
    this.#states.set(director, { retention, lastS: archives.length === 0 ? null : newestS, failure: null, findings });
    this.#seenS.set(director, rowS);
  }

  /** The end of the newest row of each director in the last hours. */
  async #newestRows(): Promise<ReadonlyMap<string, number>> {
    const metric = metricsByDataSource.get('Conns') ?? '';
    const rows = selector({ __name__: metric, archive: directorName, cf: '' });
    const found = await querySamples(`${rows}[${recentS}s]`, Math.floor(this.#ground.nowS()) + aheadS, this.#ground);
    const newest = new Map<string, number>();
    for (const { labels, samples } of found) {
      const director = String(labels['director']);
      for (const [timeS] of samples) newest.set(director, Math.max(newest.get(director) ?? 0, timeS));
    }
    return newest;
  }
}

/** Seconds that are searched for newer rows, and by which a director's clock may be ahead. */
const [recentS, aheadS] = [3 * 3600, 3600];
