// The links of a server: it listens to agents, judges what they report, and keeps what is lost in a file. It runs beside cycles and the viewer.

import { print, say, sayDefect } from '../../cli/settings.js';
import { type ListenRequest, listenToAgents } from '../../links/listener/listen.js';
import { keyring } from '../../links/protocol/secrets.js';
import { keptText, restoreKept, writeKept } from '../../links/table/kept-links.js';
import { LiveTable } from '../../links/table/live-table.js';
import type { KnownState } from '../../model/cycle.js';
import type { Policy } from '../../model/policy/policy.js';
import { formatUrl } from '../../web/listen.js';
import { keptShortly } from '../live/kept-shortly.js';
import type { Serially } from '../live/serially.js';
import { type ShownLinks, watchLinks } from './watch-links.js';

/** The means of a server's links. */
export interface LinksGround {
  readonly dataDir: string;
  readonly secrets: readonly string[];
  readonly listen: Pick<ListenRequest, 'host' | 'port' | 'tls'>;
  readonly policy: () => Policy;
  /** The table as of the newest cycle. */
  readonly known: () => Promise<KnownState>;
  /** Writes files of the data folder while no cycle has other rights than the folder's owner. */
  readonly inTurn: Serially;
}

/** Links that agents of other hosts report. */
export interface ServedLinks extends ShownLinks {
  /** The port that agents report to. */
  readonly port: number;
}

/** Milliseconds between writes of the file. */
const keepMs = 600_000;

const nowS = (): number => Date.now() / 1000;

/** Starts to listen and to judge. Throws a `UserError` if it cannot listen. */
export async function serveLinks(request: LinksGround): Promise<ServedLinks> {
  // Each request of an agent, and each link of a view, asks for the policy, which looks at its file.
  const ground = { ...request, policy: keptShortly(request.policy) };
  const table = new LiveTable(
    () => ground.policy().topology,
    nowS(),
    () => ground.policy().links,
  );
  const problem = restoreKept(ground.dataDir, table, Math.floor(nowS()));
  if (problem !== null) say(problem, { level: 'error', code: 'bad-links' });
  const listener = await listenToAgents(
    { ...ground.listen, onDefect: sayDefect },
    {
      keysOf: keyring(ground.secrets),
      isRefused: (name) => ground.policy().refusedAgents.includes(name),
      accept: (name, report, atS) => table.accept(name, report, atS),
      listOf: (name) => table.listOf(name),
      nowS,
    },
  );
  const { host, tls } = ground.listen;
  const url = formatUrl({ host, port: listener.port });
  print(`agents report to ${tls === null ? url : url.replace(/^http:/, 'https:')}`);
  const file = new KeptFile(table, ground);
  const watch = await watchLinks(table, { ...ground, onNews: () => void file.keep() });
  const timer = setInterval(() => void file.keep(), keepMs);
  timer.unref();
  return {
    ...watch,
    port: listener.port,
    stop: async () => {
      clearInterval(timer);
      watch.end();
      await listener.close();
      await file.keep();
    },
  };
}

/** Writes the file, one write after the other. */
class KeptFile {
  readonly #table: LiveTable;
  readonly #ground: LinksGround;
  #kept = '';
  #writing = Promise.resolve();

  constructor(table: LiveTable, ground: LinksGround) {
    this.#table = table;
    this.#ground = ground;
  }

  /** Writes the file if it would change. */
  keep(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const text = keptText(this.#table);
    if (text === this.#kept) return;
    try {
      await this.#ground.inTurn(async () => writeKept(this.#ground.dataDir, text));
      this.#kept = text;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      say(`lost links are not kept: ${why}`, { level: 'error', code: 'links-not-kept' });
    }
  }
}
