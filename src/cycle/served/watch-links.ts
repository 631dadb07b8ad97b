// Watches a live table: judges it every few seconds, and shows it to pages, cycles and pagers.

import { sayDefect } from '../../cli/settings.js';
import { linkFindings } from '../../interpret/links/link-findings.js';
import type { OwnEvidence } from '../../interpret/paging/own-evidence.js';
import { linkGroups } from '../../links/table/link-groups.js';
import { linksToward } from '../../links/table/links-toward.js';
import { fleetOf } from '../../links/table/live-fleet.js';
import type { LiveTable } from '../../links/table/live-table.js';
import { everyLink, liveRows } from '../../links/table/live-view.js';
import type { KnownState } from '../../model/cycle.js';
import { type Finding, hostOfSubject } from '../../model/finding/finding.js';
import { peerOfSubject } from '../../model/finding/link-text.js';
import type { LinkChange } from '../../model/links/counts.js';
import type { LinksToward } from '../../model/links/reach.js';
import { parseTarget } from '../../model/links/target.js';
import type { LinkRow, LinksSource } from '../../model/links/view.js';
import type { FleetView } from '../../model/map/fleet.js';
import { serviceOf } from '../../model/names/name.js';
import type { Policy } from '../../model/policy/policy.js';
import { poolsOf } from '../../model/table/pools.js';
import { placeOfServer } from '../../model/topology/place.js';
import { hostNamed, hostOfAddress, rackOf, type Topology } from '../../model/topology/topology.js';
import { countsOf, type ReadCounts } from './link-counts.js';

/** The part of links that pages need. */
export interface WatchedLinks {
  readonly findings: readonly Finding[];
  /** The findings that say that a host is dead, with its place. */
  readonly evidence: readonly OwnEvidence[];
}

/** Links that are watched. */
export interface LinksWatch extends LinksSource {
  /** The counts for a cycle, given the table as of the newest one. */
  readonly counts: ReadCounts;
  readonly toward: LinksToward;
  /** The agents with their connections, for the map. */
  readonly fleet: () => FleetView;
  readonly watched: () => WatchedLinks;
  /** Calls `listener` at each judgement with findings, and when the last one has closed. */
  readonly onChange: (listener: () => void) => void;
  /** Stops judging. */
  readonly end: () => void;
}

/** Links that a viewer shows until it stops. */
export interface ShownLinks extends LinksWatch {
  readonly stop: () => Promise<void>;
}

/** The ground of judgements. */
export interface WatchGround {
  readonly policy: () => Policy;
  /** The table as of the newest cycle. */
  readonly known: () => Promise<KnownState>;
  /** Called when findings have opened or closed. */
  readonly onNews?: () => void;
}

/** Milliseconds between judgements. */
const judgeMs = 5000;

/** Changes that are kept for the next cycles. */
const mostChanges = 1000;

const nowS = (): number => Date.now() / 1000;

/** Begins to judge a live table. */
export async function watchLinks(table: LiveTable, ground: WatchGround): Promise<LinksWatch> {
  const judging = new Judging(table, ground);
  await judging.judge();
  const timer = setInterval(() => void judging.judge(), judgeMs);
  timer.unref();
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
    each: () => judging.withEachHurts(everyLink(table, Math.floor(nowS()))),
    groups: (axis) => linkGroups(table, Math.floor(nowS()), axis),
    counts: countsOf({ table, changes: () => judging.changes, nowS }),
    toward: (isWanted) => linksToward(table, isWanted, nowS()),
    fleet: () => fleetOf(table, Math.floor(nowS())),
    end: () => clearInterval(timer),
  };
}

/** The judgement that is in force. */
class Judging {
  watched: WatchedLinks = { findings: [], evidence: [] };
  onChange: () => void = () => {};
  readonly #table: LiveTable;
  readonly #ground: WatchGround;
  /** Openings and closings, oldest first. */
  changes: readonly LinkChange[] = [];
  /** The findings that are open. When they began stays: an estimate that a later report improves must not make another finding of one. */
  #open: ReadonlyMap<string, Finding> = new Map();
  /** The archives of the real servers on a host, as of the newest judgement; null while nothing is lost. */
  #serversOn: ((host: string) => readonly string[]) | null = null;

  constructor(table: LiveTable, ground: WatchGround) {
    this.#table = table;
    this.#ground = ground;
  }

  async judge(): Promise<void> {
    try {
      // An agent that is refused must not keep open what it reported before.
      for (const name of this.#ground.policy().refusedAgents) this.#table.forget(name);
      const judged = this.#table.judge(Math.floor(nowS()));
      const isCalm = judged.lost === 0 && judged.silent.length === 0 && judged.peers.length === 0;
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

  *withEachHurts(links: Iterable<LinkRow>): Generator<LinkRow> {
    for (const link of links) yield this.withHurts(link);
  }

  #conclude(found: readonly Finding[]): void {
    const keyOf = ({ kind, subject }: Finding): string => `${kind}/${subject}`;
    const findings = found.map((one) => ({ ...one, sinceS: this.#open.get(keyOf(one))?.sinceS ?? one.sinceS }));
    const now = new Map(findings.map((one) => [keyOf(one), one]));
    const opened = [...now].filter(([key]) => !this.#open.has(key)).map(([, own]) => own);
    const closed = [...this.#open].filter(([key]) => !now.has(key)).map(([, own]) => own);
    this.#open = now;
    this.#record(opened, closed);
    if (opened.length > 0 || closed.length > 0) this.#ground.onNews?.();
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

/** A host that most of its observers lose, or that two agents of its pool name, is dead, whatever the table says. */
function evidenceOf(finding: Finding, topology: Topology): readonly OwnEvidence[] {
  const host = deadHostOf(finding);
  if (host === null) return [];
  const known = hostNamed(topology, host);
  const place = { host, rack: known === null ? null : rackOf(known), dc: known?.dc ?? null };
  return [{ level: 'host', place, finding }];
}

function deadHostOf({ kind, severity, subject }: Finding): string | null {
  if (kind === 'link-lost') return hostOfSubject(subject);
  const peer = kind === 'peer-down' && severity === 'critical' ? peerOfSubject(subject) : null;
  return peer?.svc === '' ? peer.member : null;
}
