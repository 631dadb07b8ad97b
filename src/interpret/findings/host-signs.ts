// Signs of hosts: the same fault of real servers at one address, in however many services, is one sign, because it has one cause.

import { type FindingNumbers, hostSubject } from '../../model/finding/finding.js';
import { nameWithin, parseRealServerName, serviceOf } from '../../model/names/name.js';
import type { KnownOfKind, Sign } from './reducer.js';

/** Collects the signs of one observation. */
export class HostSigns {
  readonly #known: KnownOfKind;
  readonly #byHost = new Map<string, string[]>();
  readonly #notes = new Map<string, FindingNumbers>();

  constructor(known: KnownOfKind) {
    this.#known = known;
  }

  /** Adds a real server of a service, by its name within it. */
  add(service: string, server: string): void {
    const subject = subjectOf(server);
    const archives = this.#byHost.get(subject) ?? [];
    archives.push(`${service}/${server}`);
    this.#byHost.set(subject, archives);
  }

  /** Adds numbers to the sign of an archive; once noted, they stay with its finding. */
  note(archive: string, numbers: FindingNumbers): void {
    this.#notes.set(subjectOf(nameWithin(archive)), numbers);
  }

  /** The signs, by host. */
  get found(): ReadonlyMap<string, Sign> {
    return new Map(
      [...this.#byHost].map(([subject, all]): [string, Sign] => {
        const noted = { ...this.#known.get(subject)?.numbers, ...this.#notes.get(subject) };
        return [subject, { archives: all, numbers: { ...noted, services: new Set(all.map(serviceOf)).size } }];
      }),
    );
  }
}

function subjectOf(server: string): string {
  return hostSubject(parseRealServerName(server)?.address ?? server);
}
