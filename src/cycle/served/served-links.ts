// The links of a server: it listens to agents, judges what they report, and keeps what is lost in a file. It runs beside cycles and the viewer.

import { print, say, sayDefect } from '../../cli/settings.js';
import { linkFindings } from '../../interpret/links/link-findings.js';
import type { OwnEvidence } from '../../interpret/paging/own-evidence.js';
import { type AgentListener, type ListenRequest, listenToAgents } from '../../links/listener/listen.js';
import { keyring } from '../../links/protocol/secrets.js';
import { keptText, restoreKept, writeKept } from '../../links/table/kept-links.js';
import { linksToward } from '../../links/table/links-toward.js';
import { LiveTable } from '../../links/table/live-table.js';
import { liveRows } from '../../links/table/live-view.js';
import type { KnownState } from '../../model/cycle.js';
import { type Finding, hostOfSubject } from '../../model/finding/finding.js';
import type { LinkChange } from '../../model/links/counts.js';
import type { LinksToward } from '../../model/links/reach.js';
import { parseTarget } from '../../model/links/target.js';
import type { LinkRow, LinksPart, LinksView } from '../../model/links/view.js';
import { serviceOf } from '../../model/names/name.js';
import type { Policy } from '../../model/policy/policy.js';
import { poolsOf } from '../../model/table/pools.js';
import { placeOfServer } from '../../model/topology/place.js';
import { hostNamed, hostOfAddress, rackOf, type Topology } from '../../model/topology/topology.js';
import { formatUrl } from '../../web/listen.js';
import { keptShortly } from '../live/kept-shortly.js';
import type { Serially } from '../live/serially.js';
import { countsOf, type ReadCounts } from './link-counts.js';

/** The part of links that pages need. */
export interface WatchedLinks {
  readonly findings: readonly Finding[];
  /** The findings that say that a host is dead, with its place. */
  readonly evidence: readonly OwnEvidence[];
}

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

/** Links that are watched. */
export interface ServedLinks {
  /** The live table, or a part of it. */
  readonly view: (part?: LinksPart) => LinksView;
  /** What has been counted, given the table as of the newest cycle. */
  readonly counts: ReadCounts;
  readonly toward: LinksToward;
  readonly watched: () => WatchedLinks;
  /** Calls `listener` at each judgement with findings, and when the last one has closed. */
  readonly onChange: (listener: () => void) => void;
  readonly stop: () => Promise<void>;
}

/** Milliseconds between judgements, and between writes of the file. */
const judgeMs = 5000;
const keepMs = 600_000;

/** Changes that are kept for the next cycles. */
const mostChanges = 1000;

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
  const judging = new Judging(table, ground);
  await judging.judge();
  const file = new KeptFile(table, ground);
  judging.onNews = () => void file.keep();
  const timers = [setInterval(() => void judging.judge(), judgeMs), setInterval(() => void file.keep(), keepMs)];
  for (const timer of timers) timer.unref();
  return {
    watched: () => judging.watched,
    onChange: (listener) => {
      judging.onChange = listener;
    },
    view: (part) => {
      const atS = Math.floor(nowS());
      const rows = liveRows(table, atS, part);
      const links = rows.links.map((link) => judging.withHurts(link));
      return { timeS: atS, ...rows, links, findings: judging.watched.findings };
    },
    counts: countsOf({ table, changes: () => judging.changes, nowS }),
    toward: (isWanted) => linksToward(table, isWanted, nowS()),
    stop: () => stop(timers, listener, file),
  };
}

async function stop(timers: readonly NodeJS.Timeout[], listener: AgentListener, file: KeptFile): Promise<void> {
  for (const timer of timers) clearInterval(timer);
  await listener.close();
  await file.keep();
}

/** The judgement that is in force. */
class Judging {
  watched: WatchedLinks = { findings: [], evidence: [] };
  onChange: () => void = () => {};
  /** Findings have opened or closed. */
  onNews: () => void = () => {};
  readonly #table: LiveTable;
  readonly #ground: LinksGround;
  /** Openings and closings, oldest first. */
  changes: readonly LinkChange[] = [];
  /** The findings that are open. When they began stays: an estimate that a later report improves must not make another finding of one. */
  #open: ReadonlyMap<string, Finding> = new Map();
  /** The archives of the real servers on a host, as of the newest judgement; null while nothing is lost. */
  #serversOn: ((host: string) => readonly string[]) | null = null;

  constructor(table: LiveTable, ground: LinksGround) {
    this.#table = table;
    this.#ground = ground;
  }

  async judge(): Promise<void> {
    try {
      const judged = this.#table.judge(Math.floor(nowS()));
      const isCalm = judged.lost === 0 && judged.silent.length === 0;
      this.#serversOn = isCalm ? null : serversByHost(await this.#ground.known(), this.#ground.policy().topology);
      this.#conclude(linkFindings(judged, this.#serversOn ?? (() => [])));
    } catch (error) {
      sayDefect(error);
    }
  }

  /** A link; with the services that it hurts if it is lost. */
  withHurts(link: LinkRow): LinkRow {
    if (link.lostS === null || this.#serversOn === null) return link;
    const servers = this.#serversOn(hostOfTarget(link.to, this.#ground.policy().topology));
    return { ...link, hurts: [...new Set(servers.map(serviceOf))] };
  }

  #conclude(found: readonly Finding[]): void {
    const keyOf = ({ kind, subject }: Finding): string => `${kind}/${subject}`;
    const findings = found.map((one) => ({ ...one, sinceS: this.#open.get(keyOf(one))?.sinceS ?? one.sinceS }));
    const now = new Map(findings.map((one) => [keyOf(one), one]));
    const opened = [...now].filter(([key]) => !this.#open.has(key)).map(([, own]) => own);
    const closed = [...this.#open].filter(([key]) => !now.has(key)).map(([, own]) => own);
    this.#open = now;
    this.#record(opened, closed);
    if (opened.length > 0 || closed.length > 0) this.onNews();
    const hadFindings = this.watched.findings.length > 0;
    this.watched = { findings, evidence: findings.flatMap((one) => evidenceOf(one, this.#ground.policy().topology)) };
    // Pages are held for some time, which passes without a change.
    if (findings.length > 0 || hadFindings) this.onChange();
  }

  #record(opened: readonly Finding[], closed: readonly Finding[]): void {
    const timeS = Math.floor(nowS());
    const all = [
      ...closed.map((finding) => ({ finding, isOpen: false })),
      ...opened.map((finding) => ({ finding, isOpen: true })),
    ];
    const last = this.changes.at(-1)?.number ?? 0;
    const added = all.map((one, i): LinkChange => ({ ...one, number: last + 1 + i, timeS }));
    this.changes = [...this.changes, ...added].slice(-mostChanges);
  }
}

/** The archives of real servers by their host's name, or its address where the topology lacks it. */
function serversByHost(known: KnownState, topology: Topology): (host: string) => readonly string[] {
  const found = new Map<string, string[]>();
  for (const [service, pool] of poolsOf(known)) {
    for (const name of pool.keys()) {
      const { host } = placeOfServer(topology, name).place;
      const own = found.get(host);
      if (own === undefined) found.set(host, [`${service}/${name}`]);
      else own.push(`${service}/${name}`);
    }
  }
  return (host) => found.get(host) ?? [];
}

/** The name of a target's host, or its address where the topology lacks it. */
function hostOfTarget(to: string, topology: Topology): string {
  const address = parseTarget(to)?.address ?? to;
  return hostOfAddress(topology, address)?.host ?? address;
}

/** A host that most of its observers lose is dead, whatever the table says. */
function evidenceOf(finding: Finding, topology: Topology): readonly OwnEvidence[] {
  const host = finding.kind === 'link-lost' ? hostOfSubject(finding.subject) : null;
  if (host === null) return [];
  const known = hostNamed(topology, host);
  const place = { host, rack: known === null ? null : rackOf(known), dc: known?.dc ?? null };
  return [{ level: 'host', place, finding }];
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
