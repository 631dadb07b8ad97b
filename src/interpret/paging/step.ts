// The pager: from its state, the findings and the table come the state after them, and the messages to deliver. Whoever runs it keeps the state
// and the messages together before delivering, so that a restart neither repeats a page nor forgets one.
//
// A cause is held for the time of its level. Then its page goes out. When a wider cause explains it, a held one disappears into the list under
// the wider page, and one that is out is folded into it. A page that is out covers what its cause broke until that works again, or until a
// real server's hold has passed since the cause ended; what is still broken then is a cause of its own, and is not held again. Findings may pause
// in between: that a service has no usable real server is over at once when it has one, but that the others are drained shows a reading later.

import { type Finding, findingId, worstFirst } from '../../model/finding/finding.js';
import { findingLine } from '../../model/finding/finding-text.js';
import { nameWithin, serviceOf } from '../../model/names/name.js';
import {
  type Delivery,
  type KnownPage,
  type Page,
  type PageLevel,
  type PagingState,
  pageIdentity,
  pageLevels,
} from '../../model/paging/page.js';
import { pageTitle } from '../../model/paging/page-text.js';
import { type Holds, holdsOf, type PagingPolicy } from '../../model/policy/paging.js';
import { type Cause, causesOf } from './causes.js';
import { calmMembers, evidenceOf, type PagingFacts } from './evidence.js';

/** The circumstances of a step. */
export interface PagingGround {
  readonly policy: PagingPolicy;
  /** The step of the archives, seconds. */
  readonly stepS: number;
  readonly nowS: number;
}

/** The result of a step. */
export interface PagingStep {
  readonly state: PagingState;
  readonly deliveries: readonly Delivery[];
}

/** Makes a step. */
export function stepPaging(before: PagingState, facts: PagingFacts, { policy, stepS, nowS }: PagingGround): PagingStep {
  if (isCalm(before, facts)) return { state: { pages: [], members: calmMembers(facts.pools) }, deliveries: [] };
  const holds = holdsOf(policy, stepS);
  const known = new Map(before.pages.map((own) => [own.identity, own]));
  const isOver = ({ endingS }: KnownPage): boolean => endingS !== null && nowS - endingS >= holds.serverS;
  const covers = (identity: string): boolean => {
    const own = known.get(identity);
    return own !== undefined && own.stage === 'out' && !isOver(own);
  };
  const evidence = evidenceOf(facts, membersOf(before));
  const togetherS = 2 * holds.serverS;
  const causes = causesOf(evidence, { rackPart: policy.rackPart, togetherS, covers });
  const isPausing = (one: KnownPage): boolean =>
    one.stage === 'out' && !isOver(one) && serversOf(one).some((archive) => isOut(facts.pools, archive));
  const turn = new Turn({ known, causes, holds, nowS, isPausing });
  return { state: { pages: turn.pages(), members: evidence.members }, deliveries: turn.deliveries };
}

/** Whether nothing is wrong, and nothing was: then only the pools are remembered. */
function isCalm({ pages }: PagingState, { findings, own }: PagingFacts): boolean {
  return pages.length === 0 && own.length === 0 && findings.every(({ severity }) => severity === 'notice');
}

function serversOf({ servers }: KnownPage): readonly string[] {
  return servers === '' ? [] : servers.split(' ');
}

/** Whether a service has not got a real server in use that it had. */
function isOut(pools: PagingFacts['pools'], archive: string): boolean {
  const pool = pools.get(serviceOf(archive));
  return pool !== undefined && (pool.get(nameWithin(archive)) ?? 0) <= 0;
}

/** The members of services, with the real servers of pages, which may have left before their service was in trouble. */
function membersOf({ members, pages }: PagingState): PagingState['members'] {
  const all: Record<string, string> = { ...members };
  for (const archive of pages.flatMap(serversOf)) {
    const service = serviceOf(archive);
    const own = all[service];
    all[service] = own === undefined || own === '' ? nameWithin(archive) : `${own} ${nameWithin(archive)}`;
  }
  return all;
}

interface TurnGround {
  readonly known: ReadonlyMap<string, KnownPage>;
  readonly causes: readonly Cause[];
  readonly holds: Holds;
  readonly nowS: number;
  /** Whether a page that no finding is about any more is still about something. */
  readonly isPausing: (page: KnownPage) => boolean;
}

/** The pages of a step. */
class Turn {
  readonly deliveries: Delivery[] = [];
  readonly #ground: TurnGround;
  readonly #now: ReadonlySet<string>;

  constructor(ground: TurnGround) {
    this.#ground = ground;
    this.#now = new Set(ground.causes.map(({ identity }) => identity));
  }

  pages(): readonly KnownPage[] {
    const { causes, known } = this.#ground;
    // Widest first: a page goes out before others are folded into it.
    const own = causes.map((cause) => this.#pageOf(cause));
    const left = [...known.values()].filter(({ identity }) => !this.#now.has(identity));
    return [...own, ...left.flatMap((one) => this.#afterwards(one, own))];
  }

  /** The page of a cause. */
  #pageOf(cause: Cause): KnownPage {
    const { nowS, known } = this.#ground;
    const before = known.get(cause.identity);
    const sinceS = before?.sinceS ?? this.#releasedS(cause) ?? nowS;
    const page = pageFrom(cause, sinceS);
    const { identity, level } = cause;
    const servers = cause.servers.map(({ archive }) => archive).join(' ');
    const own = { identity, level, sinceS, page, servers, into: null };
    const isOut = before?.stage === 'out';
    if (!isOut && before?.stage !== 'listed' && nowS - sinceS < this.#holdS(level))
      return { ...own, stage: 'held', endingS: null };
    if (!isOut) this.deliveries.push({ kind: 'page', page });
    else if (isOther(before.page, page)) this.deliveries.push({ kind: 'update', page });
    const endingS = cause.isEnding ? (before?.endingS ?? nowS) : null;
    return { ...own, stage: 'out', endingS };
  }

  /** A page whose cause is no longer one of its own. */
  #afterwards(before: KnownPage, pages: readonly KnownPage[]): readonly KnownPage[] {
    if (before.stage === 'held') return [];
    const wider = pages.find((one, i) => one.stage === 'out' && absorbs(this.#ground.causes[i], before));
    if (before.stage === 'listed') return wider === undefined ? [] : [{ ...before, into: wider.page.id }];
    if (wider !== undefined) {
      this.deliveries.push({ kind: 'folded', page: before.page, into: wider.page.id });
      return [{ ...before, stage: 'listed', endingS: null, into: wider.page.id }];
    }
    const isPending = this.#ground.causes.some((cause) => absorbs(cause, before));
    if (isPending) return [before];
    if (this.#ground.isPausing(before)) return [{ ...before, endingS: before.endingS ?? this.#ground.nowS }];
    this.deliveries.push({ kind: 'resolved', page: before.page });
    return [];
  }

  /** When the page ended under which the findings of a cause were listed until now; null if there is none. */
  #releasedS({ findings }: Cause): number | null {
    const ids = new Set([...findings].map(findingId));
    for (const { identity, stage, endingS, page } of this.#ground.known.values()) {
      if (stage !== 'out' || endingS === null || this.#now.has(identity)) continue;
      if (page.alerts.some(({ id }) => ids.has(id))) return endingS;
    }
    return null;
  }

  #holdS(level: PageLevel): number {
    const { rackS, hostS, serviceS, serverS } = this.#ground.holds;
    return { dc: rackS, rack: rackS, host: hostS, service: serviceS, server: serverS, alone: serverS }[level];
  }
}

/** Whether a cause explains what a page was about. */
function absorbs(cause: Cause | undefined, { identity, level }: KnownPage): boolean {
  if (cause === undefined || !isWider(cause.level, level)) return false;
  if ([...cause.services].some((service) => pageIdentity('service', service) === identity)) return true;
  if (cause.servers.some((server) => identitiesOf(server).includes(identity))) return true;
  return [...cause.findings].some(({ kind, subject }) => pageIdentity('alone', `${kind}/${subject}`) === identity);
}

/** Whether causes of a level can explain those of another: a service, too, may turn out to be why a host seemed dead. */
function isWider(level: PageLevel, other: PageLevel): boolean {
  return pageLevels.indexOf(level) < pageLevels.indexOf(other) || (level === 'service' && other === 'host');
}

/** The causes that may explain a dead real server. */
function identitiesOf({ endpoint, service, host, rack, dc }: Cause['servers'][number]): readonly string[] {
  return [
    pageIdentity('server', endpoint),
    pageIdentity('service', service),
    pageIdentity('host', host),
    ...(rack === null ? [] : [pageIdentity('rack', rack)]),
    ...(dc === null ? [] : [pageIdentity('dc', dc)]),
  ];
}

function pageFrom({ identity, level, servers, services, findings }: Cause, sinceS: number): Page {
  const sorted = worstFirst([...findings]);
  const isPlace = level === 'rack' || level === 'dc';
  const own: Omit<Page, 'title'> = {
    id: `${identity}@${sinceS}`,
    identity,
    level,
    sinceS,
    severity: isPlace ? 'critical' : (sorted[0]?.severity ?? 'warning'),
    hosts: [...new Set(servers.map(({ host }) => host))].toSorted(),
    servers: servers.length,
    services: new Set([...services, ...servers.map(({ service }) => service)]).size,
    alerts: sorted.map(alertOf),
  };
  return { ...own, title: pageTitle(own) };
}

function alertOf(finding: Finding): Page['alerts'][number] {
  const { severity, sinceS } = finding;
  return { id: findingId(finding), severity, sinceS, text: findingLine(finding) };
}

/** Whether a page says other things than before. */
function isOther(before: Page, now: Page): boolean {
  const said = ({ severity, title, alerts }: Page): string =>
    JSON.stringify([severity, title, alerts.map(({ id }) => id)]);
  return said(before) !== said(now);
}
