// The archives of a process that holds the database, as a command sees them. Calls are sent as they come and answered in their
// order. Where the connection ends, whatever was asked for and not answered may have been done, or not: `connection-lost`.

import type { ArchiveInfo, Cf } from '../model/archive.js';
import type { Cycle, Table } from '../model/cycle.js';
import type { Dump } from '../model/dump.js';
import type { EventQuery, LedgerEvent } from '../model/ledger-event.js';
import { patiently } from '../model/patience.js';
import type { MonthPercentiles } from '../model/percentile.js';
import type { PercentileQuery, RowsQuery, Series, SeriesQuery } from '../model/series.js';
import type { Archives, OpenArchives } from './archives.js';
import { type Connection, connectTo } from './connect.js';
import type { Forgotten } from './forget.js';
import { sendFrame } from './frame.js';
import type { Foreign, Merged } from './merge.js';
import { decodeAnswer, encodeCall } from './protocol.js';
import type { Rewound } from './rewind.js';
import { StoreError } from './store-error.js';

/** Milliseconds without an answer after which a server is given up: a rewind of a large database takes many seconds. */
const silenceMs = 120_000;

interface Waiting {
  readonly resolve: (frame: Buffer) => void;
  readonly reject: (error: unknown) => void;
}

/** Connects to the archives of a data folder's server; null where none listens. Throws as `connectTo` does. */
export async function connectArchives(dataDir: string, waitMs: number): Promise<RemoteArchives | null> {
  const connection = await connectTo(dataDir, waitMs);
  return connection === null ? null : new RemoteArchives(connection);
}

/** The archives, in another process. */
export class RemoteArchives implements OpenArchives {
  readonly #connection: Connection;
  readonly #waiting: Waiting[] = [];
  #end: StoreError | null = null;

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.socket.setTimeout(patiently(silenceMs), () => {
      if (this.#waiting.length > 0) this.#give(this.#silent());
    });
    void this.#receive();
  }

  latest(): Promise<Table> {
    return this.#call('latest');
  }

  append(cycle: Cycle, isDurable = true): Promise<void> {
    return this.#call('append', cycle, isDurable);
  }

  appendToExisting(cycle: Cycle): Promise<number> {
    return this.#call('appendToExisting', cycle);
  }

  patrol(): Promise<void> {
    return this.#call('patrol');
  }

  rewind(untilS: number): Promise<Rewound | null> {
    return this.#call('rewind', untilS);
  }

  sync(): Promise<void> {
    return this.#call('sync');
  }

  dump(name: string): Promise<Dump> {
    return this.#call('dump', name);
  }

  merge(foreign: Foreign): Promise<Merged> {
    return this.#call('merge', foreign);
  }

  forget(name: string): Promise<Forgotten | null> {
    return this.#call('forget', name);
  }

  list(): Promise<readonly ArchiveInfo[]> {
    return this.#call('list');
  }

  fetch(query: SeriesQuery): Promise<Series> {
    return this.#call('fetch', query);
  }

  fetchBoth(query: RowsQuery): Promise<Readonly<Record<Cf, Series>>> {
    return this.#call('fetchBoth', query);
  }

  percentiles(query: PercentileQuery): Promise<readonly MonthPercentiles[]> {
    return this.#call('percentiles', query);
  }

  events(query: EventQuery): Promise<readonly LedgerEvent[]> {
    return this.#call('events', query);
  }

  async close(): Promise<void> {
    this.#connection.socket.destroy();
  }

  /** The hello has shown that the other end is of this protocol, so an answer is what the method returns. */
  async #call<M extends keyof Archives>(method: M, ...args: Parameters<Archives[M]>): Promise<Answer<M>> {
    if (this.#end !== null) throw this.#end;
    const call = encodeCall(method, args);
    const answer = new Promise<Buffer>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    sendFrame(this.#connection.socket, call).catch(() => this.#give(this.#lost()));
    return decodeAnswer(await answer) as Answer<M>;
  }

  async #receive(): Promise<void> {
    try {
      for await (const frame of this.#connection.frames) this.#waiting.shift()?.resolve(frame);
    } catch {
      // How it ended makes no difference.
    }
    this.#give(this.#lost());
  }

  /** Gives up what waits for an answer, and whatever will. */
  #give(reason: StoreError): void {
    this.#end ??= reason;
    this.#connection.socket.destroy();
    for (const { reject } of this.#waiting.splice(0)) reject(this.#end);
  }

  #lost(): StoreError {
    const { pid } = this.#connection;
    return new StoreError('connection-lost', `lvs-stats serve (pid ${pid}) ended before it had answered: try again`);
  }

  #silent(): StoreError {
    const { pid } = this.#connection;
    return new StoreError(
      'busy',
      `lvs-stats serve (pid ${pid}) has not answered for ${patiently(silenceMs) / 1000} s: is it stopped, or the machine overloaded? ` +
        'Try again, or end it',
    );
  }
}

type Answer<M extends keyof Archives> = Awaited<ReturnType<Archives[M]>>;
