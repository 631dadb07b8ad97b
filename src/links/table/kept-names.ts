// The names that agents resolved, with every address that a name had in the last day. They are for the map only, so a restart may forget them.

import type { NamedAddresses } from '../../model/links/report.js';

/** Seconds for which an address counts that a name no longer has. */
const keptS = 86_400;

/** The most addresses of all names, and of one: the newest ones count. */
const standardLimits = { inAll: 50_000, ofName: 64 };

/** Names by their text. */
export class KeptNames {
  readonly #limits: typeof standardLimits;
  /** By name and address, when it was last resolved, epoch seconds; the newest last. */
  readonly #names = new Map<string, Map<string, number>>();
  #count = 0;

  constructor(limits = standardLimits) {
    this.#limits = limits;
  }

  /** Takes those of a report. Further ones are dropped while there are too many. */
  take(reported: readonly NamedAddresses[], nowS: number): void {
    if (reported.length > 0 && this.#count >= this.#limits.inAll) this.#expire(nowS);
    for (const { name, addresses } of reported) for (const address of addresses) this.#see(name, address, nowS);
  }

  #see(name: string, address: string, nowS: number): void {
    const own = this.#names.get(name) ?? new Map<string, number>();
    if (own.delete(address)) this.#count -= 1;
    if (this.#count >= this.#limits.inAll) return;
    own.set(address, nowS);
    this.#count += 1;
    this.#names.set(name, own);
    const [oldest = ''] = own.size > this.#limits.ofName ? own.keys() : [];
    if (own.delete(oldest)) this.#count -= 1;
  }

  /** Names with more than one address in the last day, by name. */
  changing(nowS: number): readonly NamedAddresses[] {
    this.#expire(nowS);
    const several = [...this.#names].filter(([, own]) => own.size > 1);
    return several
      .map(([name, own]) => ({ name, addresses: [...own.keys()].sort() }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #expire(nowS: number): void {
    for (const [name, own] of this.#names) {
      for (const [address, seenS] of own) {
        if (nowS - seenS <= keptS) break;
        own.delete(address);
        this.#count -= 1;
      }
      if (own.size === 0) this.#names.delete(name);
    }
  }
}
