// The judge of agents and links: what the live table counted since the last cycle becomes readings. An agent or a link that is silent is
// unknown, and gone once the table has forgotten it.

import type { About } from '../../model/archive.js';
import type { KnownArchive, KnownOther } from '../../model/cycle.js';
import {
  type AgentCounts,
  type LinkChange,
  type LinksReading,
  linksSource,
  type ProbeCounts,
  type Probes,
} from '../../model/links/counts.js';
import { agentArchive } from '../../model/names/link-name.js';
import { findingEvent } from '../findings/finding-event.js';
import type { JudgeInput, Judgement } from '../judge.js';
import { Draft, type ReadArchive } from '../other/draft.js';
import { otherJudge } from '../other/other-judge.js';

type LinksInput = JudgeInput<LinksReading, KnownOther>;

/** The judge of agents and links. */
export const linksJudge = otherJudge<LinksReading>({
  source: linksSource,
  judgeReading,
  left: 'agents no longer report to a server',
});

function judgeReading({ known, previous: { gone }, timeS }: LinksInput, reading: LinksReading): Judgement<KnownOther> {
  const draft = new Draft(gone, timeS);
  const archives = new Map<string, KnownArchive>();
  for (const one of readArchives(reading, known)) {
    archives.set(one.name, draft.keep(one, known.archives.get(one.name)));
  }
  for (const [name, own] of known.archives) {
    if (archives.has(name)) continue;
    if (own.absentS === null) archives.set(name, draft.miss(name, own));
    else draft.remove(name, own);
  }
  const { processMs, changes } = reading;
  const open = new Map(openBefore(known));
  for (const change of newChanges(known, reading)) {
    const key = `${change.finding.kind}/${change.finding.subject}`;
    // After a restart of the server, what is still wrong opens once more.
    if (change.isOpen !== open.has(key)) draft.add([eventOf(change, known.timeS ?? 0, timeS)]);
    if (change.isOpen) open.set(key, change.finding.sinceS);
    else open.delete(key);
  }
  const change = changes.at(-1)?.number ?? 0;
  const own = { processMs, change, ...Object.fromEntries([...open].map(([key, atS]) => [openPrefix + key, atS])) };
  return draft.outcome({ archives, timeS, failure: null, own });
}

const openPrefix = 'open ';

/** The findings that were open in the last cycle, by kind and subject. */
function openBefore({ own = {} }: KnownOther): readonly (readonly [string, number])[] {
  return Object.entries(own).flatMap(([key, value]) =>
    key.startsWith(openPrefix) ? [[key.slice(openPrefix.length), Number(value)] as const] : [],
  );
}

/** The changes that no earlier cycle has recorded. */
function newChanges({ own }: KnownOther, { processMs, changes }: LinksReading): readonly LinkChange[] {
  const last = own?.['processMs'] === processMs ? Number(own['change']) : 0;
  return changes.filter(({ number }) => number > last);
}

/** A change is an event of its own time, though never one before the last cycle: these are sealed. */
function eventOf({ finding, isOpen, timeS }: LinkChange, previousS: number, nowS: number) {
  const atS = Math.min(nowS, Math.max(previousS + 1, timeS));
  return findingEvent(finding, isOpen ? 'finding-opened' : 'finding-closed', atS);
}

function* readArchives({ agents, links }: LinksReading, known: KnownOther): Generator<ReadArchive> {
  for (const counts of agents) {
    const name = agentArchive(counts.agent);
    const before = known.archives.get(name);
    const about = aboutOf(counts, before?.about);
    const sums = valuesOf(before, counts, known.timeS);
    yield { name, about, values: agentValues(counts, sums, known.timeS), counters: countersOf(counts) };
  }
  for (const counts of links) {
    const name = counts.archive;
    const { rtt, loss } = valuesOf(known.archives.get(name), counts, known.timeS);
    const values = counts.isStale ? Float64Array.of(Number.NaN, Number.NaN) : Float64Array.of(rtt, loss);
    yield { name, about: linkAbout, values, counters: countersOf(counts) };
  }
}

/** The description of an agent: the known one if it is the same, which spares a comparison. */
function aboutOf({ role, dc }: AgentCounts, before: About | undefined): About {
  const own = { kind: 'agent', role: role ?? '', dc: dc ?? '' } as const;
  return before?.kind === 'agent' && before.role === own.role && before.dc === own.dc ? before : own;
}

const linkAbout = { kind: 'link' } as const;

function agentValues(counts: AgentCounts, { rtt, loss }: Values, sinceS: number | null): Float64Array {
  const { isSilent, links, lostLinks, peaks } = counts;
  if (isSilent) return new Float64Array(5).fill(Number.NaN);
  // Without a round since the last cycle, the newest one stands for it.
  const peak = peaks.find(({ timeS }) => sinceS === null || timeS > sinceS) ?? peaks.at(-1);
  return Float64Array.of(links, lostLinks, rtt, peak?.ms ?? Number.NaN, loss);
}

/** Mean round-trip time, ms, and the share of lost probes, percent; NaN if unknown. */
interface Values {
  readonly rtt: number;
  readonly loss: number;
}

function valuesOf(before: KnownArchive | undefined, counts: ProbeCounts, sinceS: number | null): Values {
  const growth = growthOf(before, counts, sinceS);
  const { probes, lost, rounds, rttUs } = growth.probes === 0 ? counts.newest : growth;
  return {
    rtt: rounds === 0 ? Number.NaN : rttUs / rounds / 1000,
    loss: probes === 0 ? Number.NaN : (100 * lost) / probes,
  };
}

/** The probes since the last cycle, at `sinceS`. A link may have been watched for long before it gets an archive. */
function growthOf(before: KnownArchive | undefined, counts: ProbeCounts, sinceS: number | null): Probes {
  if (before === undefined && sinceS !== null && counts.bornS <= sinceS) return counts.newest;
  const counted = before?.counters ?? [];
  // A missing counter is NaN, which equals no time.
  const probes = Number(counted[1]);
  if (Number(counted[0]) !== counts.bornS || probes > counts.probes) return counts;
  return {
    probes: counts.probes - probes,
    lost: counts.lost - Number(counted[2]),
    rounds: counts.rounds - Number(counted[3]),
    rttUs: counts.rttUs - Number(counted[4]),
  };
}

function countersOf({ bornS, probes, lost, rounds, rttUs }: ProbeCounts): readonly bigint[] {
  return [BigInt(bornS), BigInt(probes), BigInt(lost), BigInt(rounds), BigInt(rttUs)];
}
