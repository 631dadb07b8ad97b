// The series of some directors in a test of the rules: hosts with real servers that work, and what dies after a few scrapes.

import { labels } from '../metrics/exposition.js';
import type { RuleTimes } from './times.js';

/** Where a host stands; '' where the topology does not say. */
export interface Place {
  readonly host: string;
  readonly rack: string;
  readonly dc: string;
}

/** Scrapes before anything dies. */
const calmScrapes = 2;

/** Directors that all see the same. */
export class World {
  /** When what dies is first scraped, seconds. */
  readonly deathS: number;
  readonly #directors: readonly string[];
  readonly #usable = new Map<string, { readonly place: Place; before: number; after: number }>();
  readonly #services = new Map<string, number>();
  readonly #troubled = new Set<string>();
  readonly #dead: Readonly<Record<string, string>>[] = [];
  readonly #failed = new Map<string, number>();
  readonly #findings: Readonly<Record<string, string>>[] = [];
  readonly #scrapes: number;
  readonly #returns = new Map<string, number>();
  #gap: { readonly from: number; readonly until: number } | null = null;

  constructor({ scrapeS, serverS, stepS, apartS }: RuleTimes, directors: 1 | 2) {
    this.deathS = calmScrapes * scrapeS;
    this.#directors = ['lb1', 'lb2'].slice(0, directors);
    this.#scrapes = calmScrapes + Math.ceil((2 * serverS + 2 * stepS + 6 * apartS) / scrapeS);
  }

  /** Real servers of services that work on a host. */
  use(place: Place, services: readonly string[]): this {
    this.#count(place, services.length, services.length);
    for (const service of services) this.#services.set(service, (this.#services.get(service) ?? 0) + 1);
    return this;
  }

  /** Real servers of services that die on a host. */
  kill(place: Place, services: readonly string[]): this {
    this.#count(place, services.length, 0);
    for (const service of services) this.#die(place, service, 'warning');
    return this;
  }

  /** The only real server of a service dies on a host. */
  fail(place: Place, service: string): this {
    this.#count(place, 1, 0);
    this.#die(place, service, 'critical');
    this.#failed.set(service, 0);
    return this;
  }

  /** A finding opens. */
  find(finding: Readonly<Record<string, string>>): this {
    this.#findings.push(finding);
    return this;
  }

  /** The real servers that died on a host work again, a number of scrapes after the death. */
  revive({ host }: Place, scrapes: number): this {
    this.#returns.set(host, calmScrapes + scrapes);
    return this;
  }

  /** The directors do not answer from a number of scrapes after the death on, for some of them, or for good. */
  silent(from: number, scrapes: number | null): this {
    const first = calmScrapes + from;
    this.#gap = { from: first, until: scrapes === null ? this.#scrapes : first + scrapes };
    return this;
  }

  /** The series, and their values in promtool's notation. */
  series(): readonly (readonly [series: string, values: string])[] {
    return this.#directors.flatMap((instance) => {
      const own = { job: 'lvs', instance };
      const all = (name: string, values: Readonly<Record<string, string>>): string =>
        `${name}{${labels({ ...own, ...values })}}`;
      const gauge = (name: string, values: Readonly<Record<string, string>>, before: number | null, after: number) =>
        [all(name, values), this.#values(before, after, { returns: this.#returns.get(values['host'] ?? '') })] as const;
      return [
        [all('up', {}), this.#values(1, 1, { silence: '0' })] as const,
        gauge('lvs_cycle_failing', {}, 0, 0),
        ...[...this.#usable.values()].map(({ place, before, after }) =>
          gauge('lvs_host_usable_real_servers', { ...place }, before, after),
        ),
        ...this.#dead.map((one) => gauge('lvs_real_server_down_timestamp_seconds', one, null, this.deathS)),
        ...[...this.#troubled].map((service) =>
          gauge('lvs_virtual_server_usable_real_servers', { service }, null, this.#services.get(service) ?? 0),
        ),
        ...[...this.#failed.keys()].map((service) =>
          gauge('lvs_virtual_server_down_timestamp_seconds', { service, severity: 'critical' }, null, this.deathS),
        ),
        ...this.#findings.map((finding) => gauge('lvs_finding', finding, null, 1)),
      ];
    });
  }

  #count(place: Place, before: number, after: number): void {
    const own = this.#usable.get(place.host) ?? { place, before: 0, after: 0 };
    own.before += before;
    own.after += after;
    this.#usable.set(place.host, own);
  }

  #die(place: Place, service: string, severity: string): void {
    this.#troubled.add(service);
    this.#dead.push({ service, server: `${place.host}_8080`, ...place, severity });
  }

  /** One value a scrape; in a gap `silence`, or the mark that Prometheus writes for series that a scrape lacks. */
  #values(
    before: number | null,
    after: number,
    {
      silence = 'stale',
      returns = this.#scrapes,
    }: { readonly silence?: string; readonly returns?: number | undefined },
  ): string {
    const all = Array.from({ length: this.#scrapes }, (_, scrape) => {
      if (this.#gap !== null && scrape >= this.#gap.from && scrape < this.#gap.until) return silence;
      if (before === null) return scrape < calmScrapes ? '_' : scrape < returns ? String(after) : 'stale';
      return String(scrape < calmScrapes || scrape >= returns ? before : after);
    });
    return runs(all);
  }
}

/** Repeated values as promtool writes them: `1x4` is a value and four repetitions. */
function runs(values: readonly string[]): string {
  const texts: string[] = [];
  for (let first = 0; first < values.length; ) {
    const value = values[first] ?? '';
    let end = first;
    while (values[end] === value) end += 1;
    const count = end - first;
    if (value === 'stale') texts.push(...Array<string>(count).fill(value));
    else if (value === '_') texts.push(`_x${count}`);
    else texts.push(count === 1 ? value : `${value}x${count - 1}`);
    first = end;
  }
  return texts.join(' ');
}
