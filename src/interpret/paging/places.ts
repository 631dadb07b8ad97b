// Racks and data centres as causes. A rack is dead when nothing in it works any more, or when so many of its hosts died together that chance
// cannot explain it. Where all that died is of one service, the fault may be that service's.

import { pageIdentity } from '../../model/paging/page.js';
import type { Place } from '../../model/topology/place.js';
import type { DeadServer, Evidence } from './evidence.js';
import { identityOf } from './own-evidence.js';
import { groupBy } from './place.js';

/** Few enough to have died by chance. */
export const few = 3;

/** The measures by which racks are judged. */
export interface RackGround {
  /** The part of its hosts. */
  readonly rackPart: number;
  /** Hosts that die within this time die together, seconds. */
  readonly togetherS: number;
}

/** Judges racks and data centres. */
export class Places {
  readonly #evidence: Evidence;
  readonly #reported: ReadonlySet<string>;
  readonly #ground: RackGround;
  readonly #usable: ReadonlySet<string>;
  readonly #byRack: ReadonlyMap<string, readonly DeadServer[]>;
  readonly #carriers: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(evidence: Evidence, ground: RackGround) {
    this.#evidence = evidence;
    this.#reported = new Set(evidence.own.map(identityOf));
    this.#ground = ground;
    this.#usable = new Set([...evidence.usable.places].flatMap(keysOf));
    this.#byRack = groupBy(evidence.dead, ({ rack }) => rack);
    const carriers = new Map<string, Set<string>>();
    for (const { rack, host } of [...evidence.dead, ...evidence.usable.places, ...evidence.own.flatMap(placeOfHost)])
      if (rack !== null) carriers.set(rack, (carriers.get(rack) ?? new Set()).add(host));
    this.#carriers = carriers;
  }

  /** Whether nothing of a host works. */
  isDeadHost(host: string): boolean {
    return !this.#usable.has(`host/${host}`);
  }

  /** Whether a service has no usable real server. */
  isEmptied(service: string): boolean {
    return !this.#evidence.usable.services.has(service);
  }

  /** Whether somebody reports a place itself. */
  isReported(level: 'dc' | 'rack' | 'host', key: string): boolean {
    return this.#reported.has(pageIdentity(level, key));
  }

  /** Whether a data centre is the cause: nothing in it works, and more than one rack is dead, or host whose rack is not known. */
  isDeadDc(dc: string): boolean {
    if (this.isReported('dc', dc)) return true;
    if (this.#usable.has(`dc/${dc}`)) return false;
    const units = this.#evidence.dead.flatMap((one) =>
      one.dc === dc ? [one.rack === null ? `host/${one.host}` : `rack/${one.rack}`] : [],
    );
    return new Set(units).size > 1;
  }

  /** Whether a rack is the cause. */
  isDeadRack(rack: string): boolean {
    if (this.isReported('rack', rack)) return true;
    const dead = this.#byRack.get(rack) ?? [];
    const hosts = this.#deadHosts(rack, dead);
    const together = mostWithin([...hosts.values()], this.#ground.togetherS);
    const isWhole = !this.#usable.has(`rack/${rack}`);
    const carriers = this.#carriers.get(rack)?.size ?? 0;
    const areMany = isWhole
      ? hosts.size >= few || together > 1
      : together >= Math.max(few, this.#ground.rackPart * carriers);
    return areMany && !this.#isOfService(rack, dead, isWhole);
  }

  /** When each of its hosts died: with the last of its real servers, or as reported. */
  #deadHosts(rack: string, dead: readonly DeadServer[]): ReadonlyMap<string, number> {
    const hosts = groupBy(dead, ({ host }) => (this.isDeadHost(host) ? host : null));
    const died = new Map([...hosts].map(([host, own]) => [host, Math.max(...own.map(({ sinceS }) => sinceS))]));
    for (const own of this.#evidence.own)
      if (own.level === 'host' && own.place.rack === rack) died.set(own.place.host, own.finding.sinceS);
    return died;
  }

  /** Whether one service explains what died in a rack: it is all of that service, which is also dead elsewhere or altogether. */
  #isOfService(rack: string, dead: readonly DeadServer[], isWhole: boolean): boolean {
    const [service, ...others] = new Set(dead.map((one) => one.service));
    if (service === undefined || others.length > 0) return false;
    const elsewhere = this.#evidence.dead.filter((one) => one.service === service && one.rack !== rack);
    if (elsewhere.length === 0) return !isWhole && this.isEmptied(service);
    const isInDeadRacks = elsewhere.every((one) => one.rack !== null && !this.#usable.has(`rack/${one.rack}`));
    return !isWhole || this.isEmptied(service) || !isInDeadRacks;
  }
}

function keysOf({ host, rack, dc }: Place): readonly string[] {
  return [`host/${host}`, ...(rack === null ? [] : [`rack/${rack}`]), ...(dc === null ? [] : [`dc/${dc}`])];
}

function placeOfHost(own: Evidence['own'][number]): readonly Place[] {
  return own.level === 'host' ? [own.place] : [];
}

/** The most of these times that lie within a length of time. */
function mostWithin(timesS: readonly number[], lengthS: number): number {
  const sorted = timesS.toSorted((a, b) => a - b);
  let most = 0;
  for (let first = 0, last = 0; last < sorted.length; last += 1) {
    while ((sorted[last] ?? 0) - (sorted[first] ?? 0) > lengthS) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
