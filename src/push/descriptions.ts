// The descriptions of archives, the percentiles of their months, and the open findings: sent when something changes, and once a day. They carry the time of the
// newest reading.

import { createHash } from 'node:crypto';
import { describeArchive } from '../engine/series/description-series.js';
import { describeFindings } from '../engine/series/finding-series.js';
import { describeMonth } from '../engine/series/month-series.js';
import type { Sample } from '../engine/series/sample.js';
import { type ArchiveInfo, newestReadingS } from '../model/archive.js';
import { findingId } from '../model/finding/finding.js';
import { trafficColumns } from '../model/kinds/registry.js';
import { formatRetention } from '../model/retention.js';
import { monthStartS } from '../model/time/month.js';
import type { Described } from './cursor/cursor.js';
import { floorTo } from './plan/levels.js';
import type { LendSource } from './sender.js';

const dayS = 86_400;

/** Months are sent for so long after their end: the archives have them after some days. */
const monthsS = 40 * dayS;

/** The place of the findings among the texts of archives; no archive has this name. */
const findingsKey = ' findings';

/** The descriptions that a receiver has, as far as this process sent them. */
export class Descriptions {
  readonly #director: string;
  #known: ReadonlyMap<string, string> | null = null;

  constructor(director: string) {
    this.#director = director;
  }

  /** Forgets what was sent, since the receiver may have lost it. */
  forget(): void {
    this.#known = null;
  }

  /**
   * The samples to send, and what the cursor notes once they are sent; null if there is nothing new. `noted` is what it notes so far. Throws what reading
   * the archives throws.
   */
  async next(
    all: readonly ArchiveInfo[],
    noted: Described | null,
    lend: LendSource,
  ): Promise<{ readonly samples: readonly Sample[]; readonly described: Described; readonly sent: () => void } | null> {
    const timeS = newestReadingS(all);
    const findings = (await lend((source) => source.latest())).findings ?? [];
    const known = new Map(all.map((info) => [info.name, textOf(info, timeS)]));
    known.set(findingsKey, JSON.stringify(findings.flatMap((own) => (own.openS === null ? [] : [findingId(own)]))));
    const described = { dayS: floorTo(timeS, dayS), digest: digestOf(known) };
    const isSame = noted?.dayS === described.dayS && noted.digest === described.digest;
    if (isSame && this.#known === null) this.#known = known;
    if (isSame) return null;
    const before = noted?.dayS === described.dayS ? this.#known : null;
    const changed = all.filter(({ name }) => before?.get(name) !== known.get(name));
    const samples = changed.flatMap((info) => describeArchive(info, this.#director, timeS));
    if (before?.get(findingsKey) !== known.get(findingsKey))
      samples.push(...describeFindings(findings, this.#director, timeS));
    if (noted?.dayS !== described.dayS) samples.push(...(await this.#months(all, noted, { timeS, lend })));
    return { samples, described, sent: () => (this.#known = known) };
  }

  /** The months of all archives, or those that ended lately if others were sent. */
  async #months(
    all: readonly ArchiveInfo[],
    noted: Described | null,
    { timeS, lend }: { readonly timeS: number; readonly lend: LendSource },
  ): Promise<readonly Sample[]> {
    const sinceS = noted === null ? 0 : noted.dayS - monthsS;
    const samples: Sample[] = [];
    for (const { name: archive, dataSources, firstS } of all) {
      if (trafficColumns(dataSources) === null) continue;
      const span = { name: archive, startS: Math.max(sinceS, firstS), endS: Math.max(timeS, firstS) };
      const months = await lend((source) => source.percentiles(span));
      const ended = months.filter(({ month }) => monthStartS(month + 1) > sinceS);
      samples.push(...ended.flatMap((one) => describeMonth(one, { archive, director: this.#director, timeS })));
    }
    return samples;
  }
}

/** Everything in the description of an archive, but the time of the newest reading of one that has it. */
function textOf({ about, retention, firstS, lastS, goneS, events }: ArchiveInfo, newestS: number): string {
  return JSON.stringify([about, formatRetention(retention), firstS, lastS < newestS ? lastS : null, goneS, events]);
}

function digestOf(texts: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const part of texts) hash.update(JSON.stringify(part));
  return hash.digest('hex').slice(0, 16);
}
