// A viewer of a simulated director for tests: real archives with some weeks behind them, listening on the loopback interface.
// Its clock stands, and moves only on request.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readingOf } from '../../src/cycle/live/live-table.js';
import { readDown } from '../../src/cycle/live/read-down.js';
import { demoHosts } from '../../src/demo/demo-hosts.js';
import { createDirector, type Director } from '../../src/demo/director.js';
import { windowEndS } from '../../src/demonstration/demo-history.js';
import { directorJudge } from '../../src/interpret/director/judge-director.js';
import { withFindings } from '../../src/interpret/findings/find.js';
import { haproxyJudge } from '../../src/interpret/haproxy/judge-haproxy.js';
import { interpretReads } from '../../src/interpret/interpret.js';
import { judgedRead } from '../../src/interpret/judged-read.js';
import { linksJudge } from '../../src/interpret/links/judge-links.js';
import type { LiveReader } from '../../src/metrics/live.js';
import type { KnownState } from '../../src/model/cycle.js';
import type { Finding } from '../../src/model/finding/finding.js';
import type { LinksReading } from '../../src/model/links/counts.js';
import type { RunSql } from '../../src/model/links/sql-result.js';
import { type LinksSource, type LinksView, wholeTable } from '../../src/model/links/view.js';
import { serviceName } from '../../src/model/names/name.js';
import { noPolicyFile, type PolicyState } from '../../src/model/policy/policy.js';
import { standardRetention } from '../../src/model/retention.js';
import type { HaproxyReading, KernelReading, ServiceReading } from '../../src/model/snapshot.js';
import { noTopology } from '../../src/model/topology/topology.js';
import { drawBytes, drawPictures } from '../../src/render/files/picture-job.js';
import { readHosts } from '../../src/render/look/host-names.js';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/store.js';
import { formatUrl, listen } from '../../src/web/listen.js';
import type { ServedMap } from '../../src/web/map/served-map.js';
import type { Verifier } from '../../src/web/passwords.js';
import type { CollectorState } from '../../src/web/site.js';
import { createViewer } from '../../src/web/viewer.js';
import { groupsOfRows, partOf } from '../links/naive.js';
import { placeHistory } from './viewer-data.js';

/** Of a service that was just added. */
const noCounters = { conns: 0n, inPkts: 0n, outPkts: 0n, inBytes: 0n, outBytes: 0n };

const root = resolve(import.meta.dirname, '../..');

/** A kernel with three processors, of which the last counts as much as the two others do. */
export function kernelOfThree(timeS: number): KernelReading {
  const counters = (share: bigint) => {
    const conns = BigInt(timeS - 1_795_000_000) * share;
    return { conns, inPkts: 10n * conns, outPkts: 10n * conns, inBytes: 900n * conns, outBytes: conns };
  };
  return {
    totals: counters(4n),
    ratesPerS: null,
    laterTotals: null,
    processors: new Map([1n, 1n, 2n].map((share, number) => [number, counters(share)])),
    tableSize: 4096,
    tableEntries: 8192,
    isEstimating: true,
    syncDaemons: 'master sync daemon (mcast=eth0, syncid=7)',
  };
}

/** The options of a test's viewer. */
export interface ViewerOptions {
  readonly services?: number;
  /** Days of history; none: an empty store. */
  readonly days?: number;
  readonly basePath?: string;
  readonly verifier?: Verifier;
  /** The name of the director. */
  readonly director?: string;
  /** Names that it answers to, besides addresses and those of the loopback interface; and proxies that were declared. */
  readonly hostNames?: readonly string[];
  readonly proxies?: readonly string[];
  readonly areMetricsOpen?: boolean;
  /** Reads the table for metrics; the director's at the time of the clock by default. */
  readonly live?: LiveReader;
  readonly policy?: PolicyState;
  /** Runs queries of the table of agents; there is none by default. */
  readonly sql?: RunSql;
  /** The live table of links; no agents report by default. */
  readonly links?: () => LinksView;
  /** Findings of links; those of the live table by default. */
  readonly linkFindings?: () => readonly Finding[];
  /** The map; there is none by default. */
  readonly map?: ServedMap;
  /** Lines added to the file of host names. */
  readonly hosts?: string;
  /** The kernel's other counters at each further cycle. */
  readonly kernelAt?: (timeS: number) => KernelReading;
  /** HAProxy's reading at each further cycle; omitted if HAProxy is not read. */
  readonly haproxy?: HaproxyReading;
  /** The counts of agents until each further cycle; omitted if none report. */
  readonly agentsAt?: (timeS: number) => LinksReading;
}

/** A viewer that listens. */
export interface TestViewer {
  /** Without a slash at its end. */
  readonly url: string;
  readonly store: Store;
  readonly director: Director;
  readonly dataDir: string;
  readonly clock: { nowS: number };
  /** How the collecting goes; replaced as a test wants it. */
  collecting: CollectorState;
  /** Errors that were the program's own. */
  readonly errors: unknown[];
  /** Adds a service to the table from the next reading on; the result is its name. */
  addService(address: string, port: number): Promise<string>;
  /** Stores the next reading of the simulated director, five minutes after the last, and moves the clock there. */
  cycle(): Promise<void>;
  close(): Promise<void>;
}

/** A live table that never changes between two questions. */
function linksSource(view: () => LinksView): LinksSource {
  return {
    view: (part = wholeTable) => partOf(view(), part),
    each: () => view().links,
    groups: (axis) => groupsOfRows(view().links, axis),
  };
}

/** Starts a viewer. */
export async function startViewer(options: ViewerOptions = {}): Promise<TestViewer> {
  const { services = 12, days = 3, basePath = '', verifier = null, hosts = '', hostNames = [], proxies = [] } = options;
  const dataDir = mkdtempSync(join(tmpdir(), 'lvs-stats-web-'));
  // Saturday 2026-11-21 14:36 UTC.
  const nowS = 1_795_271_760;
  const endS = windowEndS(nowS);
  const director = createDirector({ seed: 3, services, epochS: endS - Math.max(1, days) * 86_400, endS: nowS });
  const hostsPath = join(dataDir, 'hosts');
  writeFileSync(hostsPath, `${demoHosts(director)}${hosts}`);
  if (days > 0) await placeHistory(dataDir, { director, key: `${services}-services-${days}-days`, endS, nowS });
  const store = await openStore(dataDir);
  let table: KnownState | null = days === 0 ? null : await store.latest();
  const errors: unknown[] = [];
  const added: ServiceReading[] = [];
  const clock = { nowS };
  const viewer: { collecting: CollectorState } = {
    collecting: {
      retention: standardRetention,
      lastS: table?.timeS ?? null,
      failure: null,
      findings: table?.findings,
    },
  };
  const { app, prepare } = createViewer(
    {
      source: store,
      known: () => store.latest(),
      collecting: () => viewer.collecting,
      nowS: () => clock.nowS,
      policy: () => options.policy ?? noPolicyFile,
      looks: () => ({ timeZone: 'UTC', theme: 'light', pixelRatio: 1, hosts: readHosts(hostsPath), note: null }),
      director: options.director ?? 'lb1.example.com',
      version: '0.0.0',
      basePath,
      viewsFolder: join(root, 'views'),
      assetsFolder: join(root, 'dist', 'public'),
      picturesFolder: join(dataDir, 'graphs'),
      firstSeen: new Map(),
      metrics: {
        live: options.live ?? (async () => ({ reading: readingOf(director.snapshotAt(clock.nowS)), isFailing: false })),
        down: (known, findings) => readDown(store, { known, findings, topology: noTopology }),
        tookS: () => new Map(),
        own: () => ({ cycleS: null, databaseBytes: 1000, pictures: 0, cpuS: 1, residentBytes: 1 }),
      },
      sql: options.sql ?? null,
      links: options.links === undefined ? null : linksSource(options.links),
      linksToward:
        options.links === undefined
          ? null
          : (isWanted) =>
              (options.links?.().links ?? [])
                .filter(({ to }) => isWanted(to))
                .map(({ agent, to, lostS, verdict }) => ({ agent, to, lostS, isStale: verdict === 'stale' })),
      linkFindings:
        options.linkFindings ?? (options.links === undefined ? null : () => options.links?.().findings ?? []),
      map: options.map ?? null,
      freeBytes: () => 2 ** 40,
      drawnSince: () => ({ drawnSinceMs: 0, wholeSinceMs: 0 }),
      drawFiles: drawPictures,
      drawPng: drawBytes,
      report: (error) => errors.push(error),
    },
    { verifier, ownNames: ['lb1.example.com'], hostNames, proxies, areMetricsOpen: options.areMetricsOpen ?? false },
  );
  const listening = await listen(app, { host: '127.0.0.1', port: 0 });
  return Object.assign(viewer, {
    url: `${formatUrl(listening.address)}${basePath}`,
    store,
    director,
    dataDir,
    clock,
    errors,
    addService: async (address: string, port: number) => {
      const id = { kind: 'address', protocol: 'tcp', address, port } as const;
      added.push({ id, scheduler: 'wlc', flags: '', counters: noCounters, realServers: [] });
      return serviceName(id);
    },
    cycle: async () => {
      clock.nowS += 300;
      const snapshot = director.snapshotAt(clock.nowS - 60);
      const services = [...snapshot.services, ...added];
      const kernel = options.kernelAt === undefined ? {} : { kernel: options.kernelAt(snapshot.timeS) };
      const { timeS, host } = snapshot;
      const reading = { ...snapshot, services, ...kernel };
      const latest = table ?? (await store.latest());
      const reads = [
        judgedRead(directorJudge, reading),
        judgedRead(haproxyJudge, options.haproxy ?? null),
        judgedRead(linksJudge, options.agentsAt?.(timeS) ?? null),
      ];
      const read = interpretReads(latest, { timeS, host, reads });
      const cycle = withFindings(latest, read);
      await store.append(cycle, false);
      table = cycle.table;
      const { syncDaemons } = table.director.kernel;
      const { findings } = table;
      viewer.collecting = { retention: standardRetention, lastS: cycle.timeS, failure: null, syncDaemons, findings };
      await prepare();
    },
    close: async () => {
      await listening.stop(1000);
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  });
}
