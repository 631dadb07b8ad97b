// Loads the history of a simulated director into archives: in bulk up to some hours ago, then cycle by cycle.

import { createProgress } from '../cli/progress.js';
import type { Director } from '../demo/director.js';
import type { GrowthColumns } from '../demo/past/growth-columns.js';
import type { ServicePast } from '../demo/past/past.js';
import { directorJudge } from '../interpret/director/judge-director.js';
import { withFindings } from '../interpret/findings/find.js';
import { readUsualWeek } from '../interpret/findings/usual.js';
import { interpret, interpretReads } from '../interpret/interpret.js';
import { judgedRead } from '../interpret/judged-read.js';
import { linksJudge } from '../interpret/links/judge-links.js';
import type { About } from '../model/archive.js';
import { type Cycle, emptyState, type KnownState } from '../model/cycle.js';
import { isOfFinding, type LedgerEvent } from '../model/ledger-event.js';
import type { LinksReading } from '../model/links/counts.js';
import { directorName } from '../model/names/name.js';
import { aboutOfName } from '../model/names/parse-name.js';
import type { Snapshot } from '../model/snapshot.js';
import { readPeaks } from '../render/capacity/read-peaks.js';
import type { ArchiveHistory, Outcome, PastBaselines } from '../store/backfill.js';
import { dataSourcesOf, sourcesOf } from '../store/layout/directory.js';
import { packHistory } from '../store/rows/pack-history.js';
import { standardGrid } from '../store/rows/slot.js';
import type { Store } from '../store/store.js';
import type { PackedSection, Sums } from './demo-section.js';
import { type PackSection, packerHere } from './demo-threads.js';

/** Bulk loading stops at the end of a window of sealed readings: 8 hours. */
const windowS = 8 * 3600;

/** Services per section: some seconds of work. */
const sectionServices = 8;
/** Concurrent sections: one for each thread, and one that waits for it. */
const sectionsAtOnce = 4;

/** The end of the last whole window before a time. */
export function windowEndS(nowS: number): number {
  return nowS - (nowS % windowS);
}

/**
 * The limits of a history: loaded in bulk up to `endS`, cycle by cycle up to `nowS`. `pack` works in this thread by default; `signal` ends
 * the loading.
 */
export interface HistoryLimits {
  readonly endS: number;
  readonly nowS: number;
  readonly pack?: PackSection;
  /** Agents and links up to a time, as a cycle reads them; there are none by default. */
  readonly links?: (timeS: number, known: KnownState) => LinksReading;
  readonly signal?: AbortSignal | undefined;
}

/** Loads a history into an empty store, and returns its last table. */
export async function loadHistory(store: Store, director: Director, loading: HistoryLimits): Promise<KnownState> {
  const { endS, nowS, signal, pack = packerHere(director), links } = loading;
  const pasts: ServicePast[] = [];
  const services = director.characters.length;
  const sections = packedSections(services, (from, to) => pack({ from, to, endS }));
  await store.backfill({
    endS,
    histories: historiesOf(sections, { pasts, director, endS }),
    outcome: (baselines) => withRecentFindings(director.past(pasts, endS), { director, endS, baselines, signal }),
  });
  let table = await store.latest();
  const timesS = director.readingTimes(endS, nowS);
  const progress = createProgress('readings', timesS.length);
  for (const [i, timeS] of timesS.entries()) {
    signal?.throwIfAborted();
    const usual = await readUsualWeek((atS) => store.baselines(atS), timeS, table);
    const peaks = await readPeaks(store, table, timeS);
    const cycle = withFindings(table, interpretWithLinks(table, director.snapshotAt(timeS), links?.(timeS, table)), {
      usual,
      peaks,
    });
    await store.append(cycle, false);
    table = cycle.table;
    progress(i + 1);
  }
  return table;
}

/** Interprets a reading of the simulated director and its agents. */
export function interpretWithLinks(table: KnownState, snapshot: Snapshot, links: LinksReading | null = null): Cycle {
  const { timeS, host } = snapshot;
  const reads = [judgedRead(directorJudge, snapshot), judgedRead(linksJudge, links)];
  return interpretReads(table, { timeS, host, reads });
}

/** Seconds before the end of a bulk history in which findings are looked for: those in which its recent stories are. */
const findingsS = 10 * 86_400;

interface FindingsSearch {
  readonly director: Director;
  readonly endS: number;
  readonly baselines: PastBaselines;
  readonly signal: AbortSignal | undefined;
}

/**
 * An outcome with the findings of the last days: bulk history has no cycles, so these are made again, without storing them. They are judged
 * without peaks, since none of the planted stories is about capacity; the cycles that follow read them.
 */
async function withRecentFindings(past: Outcome, search: FindingsSearch): Promise<Outcome> {
  const { director, endS, baselines, signal } = search;
  let table = emptyState;
  const events: LedgerEvent[] = [];
  const timesS = director.readingTimes(endS - findingsS, endS);
  const progress = createProgress('findings', timesS.length);
  for (const [i, timeS] of timesS.entries()) {
    signal?.throwIfAborted();
    await baselines.keep(timeS);
    const usual = await readUsualWeek(baselines.read, timeS, table);
    const cycle = withFindings(table, interpret(table, director.snapshotAt(timeS)), { usual });
    for (const event of cycle.events) if (isOfFinding(event.kind)) events.push(event);
    table = cycle.table;
    progress(i + 1);
  }
  const { findings } = table;
  return {
    table: { ...past.table, ...(findings !== undefined && { findings }) },
    events: [...past.events, ...events].sort((a, b) => a.timeS - b.timeS),
  };
}

/** All sections in order, some of them concurrently; without a service there is one empty section. */
async function* packedSections(
  services: number,
  pack: (from: number, to: number) => Promise<PackedSection>,
): AsyncGenerator<PackedSection> {
  const underWay: Promise<PackedSection>[] = [];
  for (let from = 0; from === 0 || from < services; from += sectionServices) {
    const section = pack(from, Math.min(services, from + sectionServices));
    // The consumer of the section handles its error; until then it must not count as unhandled.
    section.catch(() => {});
    underWay.push(section);
    const [first] = underWay;
    if (underWay.length < sectionsAtOnce || first === undefined) continue;
    yield await first;
    underWay.shift();
  }
  for (const section of underWay) yield await section;
}

interface HistorySums {
  /** Collects the pasts of all services. */
  readonly pasts: ServicePast[];
  readonly director: Director;
  readonly endS: number;
}

/** The archives of all sections, then those of the director and its kernel, whose readings are sums over the sections. */
async function* historiesOf(
  sections: AsyncIterable<PackedSection>,
  { pasts, director, endS }: HistorySums,
): AsyncGenerator<ArchiveHistory> {
  const progress = createProgress('services', director.characters.length);
  let all: Sums | null = null;
  for await (const section of sections) {
    yield* section.histories;
    pasts.push(...section.pasts);
    all = all === null ? section.sums : added(all, section.sums);
    progress(pasts.length);
  }
  if (all === null || all.timesS.length === 0) return;
  const { timesS, sinceS, columns } = all;
  yield packed({ name: directorName, timesS, sinceS, columns }, { kind: 'director' }, endS);
  for (const own of director.kernelHistory(all)) {
    yield packed(own, aboutOfName(own.name), endS);
  }
}

function packed({ name, timesS, sinceS, columns }: GrowthColumns, about: About, endS: number): ArchiveHistory {
  const readings = packHistory(
    { timesS, sinceS, values: columns },
    endS,
    dataSourcesOf({ sources: sourcesOf(about) }, standardGrid),
  );
  return { name, about, lastS: null, goneS: null, readings };
}

/** Adds in place; sums of whole numbers do not depend on the order. */
function added(all: Sums, { columns, tally }: Sums): Sums {
  const others = [...columns, ...tally];
  for (const [i, column] of [...all.columns, ...all.tally].entries()) {
    const more = others[i] ?? column;
    for (let row = 0; row < column.length; row += 1) column[row] = (column[row] ?? 0) + (more[row] ?? 0);
  }
  return all;
}
