// Signs of hosts: the same fault of real servers at one address, in however many services, is one sign, because it has one cause.

import { type FindingNumbers, hostSubject, maxArchives } from '../../model/finding/finding.js';
import { parseRealServerName } from '../../model/names/name.js';
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
    this.#notes.set(subjectOf(archive.slice(archive.indexOf('/') + 1)), numbers);
  }

  /** The signs, by host. */
  get found(): ReadonlyMap<string, Sign> {
    return new Map(
      [...this.#byHost].map(([subject, all]): [string, Sign] => {
        const noted = { ...this.#known.get(subject)?.numbers, ...this.#notes.get(subject) };
        return [subject, { archives: all.slice(0, maxArchives), numbers: { ...noted, archives: all.length } }];
      }),
    );
  }
}

function subjectOf(server: string): string {
  return hostSubject(parseRealServerName(server)?.address ?? server);
}
