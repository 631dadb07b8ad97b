// The causes of what is wrong, the fewest and widest: data centre, rack, host, service, real server. Each explains the dead real servers that no
// wider one explains, and the findings that follow from them.
//
// The causes are computed from the evidence of the moment alone. Only a page that is out stays the cause of what it broke until that works
// again or has had its time (`covers`), so that a rack that comes back host by host does not page for each of those that are late.

import type { Finding } from '../../model/finding/finding.js';
import { serviceOf } from '../../model/names/name.js';
import { type PageLevel, pageIdentity } from '../../model/paging/page.js';
import type { DeadServer, Evidence } from './evidence.js';
import { identityOf, type OwnEvidence } from './own-evidence.js';
import { groupBy } from './place.js';
import { few, Places, type RackGround } from './places.js';

/** A cause. */
export interface Cause {
  readonly level: PageLevel;
  readonly identity: string;
  readonly servers: readonly DeadServer[];
  /** Services that fail as a whole because of it. */
  readonly services: ReadonlySet<string>;
  readonly findings: ReadonlySet<Finding>;
  /** The cause itself is over, but not all that it broke. */
  readonly isEnding: boolean;
}

/** The measures of causes. */
export interface CauseGround extends RackGround {
  /** Whether the page of an identity is out and still covers what its cause broke. */
  readonly covers: (identity: string) => boolean;
}

/** The causes of all evidence, the widest first. */
export function causesOf(evidence: Evidence, ground: CauseGround): readonly Cause[] {
  const draft = new Draft(evidence, ground);
  const { places } = draft;
  draft.explain(
    'dc',
    ({ dc }) => dc,
    (dc) => places.isDeadDc(dc),
  );
  draft.explain(
    'rack',
    ({ rack }) => rack,
    (rack) => places.isDeadRack(rack),
  );
  draft.explain(
    'host',
    ({ host }) => host,
    (host, dead) => isHostCause(places, host, dead),
  );
  draft.explainServices();
  draft.explain(
    'host',
    ({ host }) => host,
    (host, dead) => places.isDeadHost(host) && countOf(dead, 'endpoint') > 1,
  );
  draft.explain(
    'server',
    ({ endpoint }) => endpoint,
    () => true,
  );
  draft.explainOthers();
  return draft.causes;
}

/** A host is the cause if nothing of it works and several services say so, or if many of its ports died at once. */
function isHostCause(places: Places, host: string, dead: readonly DeadServer[]): boolean {
  if (places.isReported('host', host)) return true;
  if (countOf(dead, 'service') < 2) return false;
  return places.isDeadHost(host) || countOf(dead, 'endpoint') > few;
}

function countOf(dead: readonly DeadServer[], key: 'service' | 'endpoint'): number {
  return new Set(dead.map((one) => one[key])).size;
}

function rackOfHost(own: OwnEvidence): readonly string[] {
  return own.level === 'host' && own.place.rack !== null ? [own.place.rack] : [];
}

interface DraftCause extends Cause {
  readonly services: Set<string>;
  readonly findings: Set<Finding>;
}

/** Causes in the making. */
class Draft {
  readonly causes: DraftCause[] = [];
  readonly places: Places;
  readonly #evidence: Evidence;
  readonly #ground: CauseGround;
  readonly #left: Set<DeadServer>;

  constructor(evidence: Evidence, ground: CauseGround) {
    this.places = new Places(evidence, ground);
    this.#evidence = evidence;
    this.#ground = ground;
    this.#left = new Set(evidence.dead);
  }

  /** Explains what is left by causes of a level. */
  explain(
    level: 'dc' | 'rack' | 'host' | 'server',
    keyOf: (server: DeadServer) => string | null,
    isCause: (key: string, dead: readonly DeadServer[]) => boolean,
  ): void {
    const groups = groupBy(this.#left, keyOf);
    // A rack may be known by reports of hosts that carry no real server.
    const reported = level === 'rack' ? this.#evidence.own.flatMap(rackOfHost) : [];
    for (const key of new Set([...groups.keys(), ...reported])) {
      const dead = groups.get(key) ?? [];
      const identity = pageIdentity(level, key);
      const isNow = isCause(key, dead);
      if (isNow || (dead.length > 0 && this.#ground.covers(identity)))
        this.#add({ level, identity, servers: dead, isEnding: !isNow });
    }
    for (const own of this.#evidence.own) if (own.level === level) this.#report(own);
  }

  /** A reported place may carry no real server, and may stand in a wider one that is the cause. */
  #report(own: OwnEvidence): void {
    const identity = identityOf(own);
    const wider = own.level === 'host' ? [`rack/${own.place.rack}`, `dc/${own.place.dc}`] : [`dc/${own.place.dc}`];
    const known = this.causes.find((one) => one.identity === identity || wider.includes(one.identity));
    (known ?? this.#add({ level: own.level, identity, servers: [], isEnding: false })).findings.add(own.finding);
  }

  /** Explains services that lost more than wider causes explain. */
  explainServices(): void {
    const groups = groupBy(this.#left, ({ service }) => service);
    const explained = groupBy(
      this.causes.flatMap((cause) => cause.servers.map(({ service }) => ({ service, cause }))),
      ({ service }) => service,
    );
    for (const service of new Set([...groups.keys(), ...this.#evidence.services.keys()])) {
      const [dead, wider] = [groups.get(service) ?? [], explained.get(service) ?? []];
      const findings = this.#evidence.services.get(service) ?? [];
      const identity = pageIdentity('service', service);
      const isWhole = findings.length > 0 || this.places.isEmptied(service);
      const isOut = dead.length > 0 && this.#ground.covers(identity);
      const isOwn = isOut || wider.length === 0 || dead.length > 1;
      const isNow = isOwn && (isWhole || dead.length > few);
      if (isNow || isOut) {
        const cause = this.#add({ level: 'service', identity, servers: dead, isEnding: !isNow });
        cause.services.add(service);
        for (const finding of findings) cause.findings.add(finding);
      } else {
        const widest = wider[0]?.cause;
        if (findings.length > 0) widest?.services.add(service);
        for (const finding of findings) widest?.findings.add(finding);
      }
    }
  }

  /** Other findings follow from the widest cause that broke most of their services, or stand alone. */
  explainOthers(): void {
    const touched = this.causes.map(
      (cause) => new Set([...cause.services, ...cause.servers.map(({ service }) => service)]),
    );
    for (const finding of this.#evidence.others) {
      const services = [...new Set(finding.archives.map(serviceOf))];
      const at = touched.findIndex(
        (own) => 2 * services.filter((one) => own.has(one)).length >= Math.max(1, services.length),
      );
      const { kind, subject } = finding;
      const cause =
        this.causes[at] ??
        this.#add({
          level: 'alone',
          identity: pageIdentity('alone', `${kind}/${subject}`),
          servers: [],
          isEnding: false,
        });
      cause.findings.add(finding);
    }
  }

  #add(own: Pick<Cause, 'level' | 'identity' | 'servers' | 'isEnding'>): DraftCause {
    const findings = new Set(own.servers.flatMap((one) => one.findings));
    const cause: DraftCause = { ...own, findings, services: new Set() };
    this.causes.push(cause);
    for (const server of own.servers) this.#left.delete(server);
    return cause;
  }
}
