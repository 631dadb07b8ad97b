// One simulated service at work: its name, its time in the table, and its values there at any time. Its curves are prepared on
// first use; caching them does not affect results.

import { realServerName, serviceName } from '../../model/names/name.js';
import type { Counters, RealServerReading, ServiceReading } from '../../model/snapshot.js';
import { type Life, livesOf } from '../past/tally.js';
import { type Calendar, isWithin, type Span } from '../traffic/calendar.js';
import { noiseKey } from '../traffic/noise.js';
import { type Phase, phaseAt, phasesOf } from '../traffic/phase.js';
import type { Character } from './character.js';
import { createRealServerCounts, type RealServerCounts } from './real-server-counts.js';
import { columnCount, createServiceCounts, restartsOf, type ServiceCounts } from './service-counts.js';

/** A service of the simulated director. */
export interface SimulatedService {
  readonly name: string;
  readonly character: Character;
  /** Names of its real servers' archives, by position. */
  readonly realServerNames: readonly string[];
  /** Its spans in the table, oldest first; the same for each of its real servers. */
  readonly spans: readonly Span[];
  readonly realServerSpans: readonly (readonly Span[])[];
  /** Moments at which more than numbers changes, oldest first. */
  readonly turnsS: readonly number[];
  numbers(): Numbers;
  /** Its reading in the table; null while it is not there. */
  readingAt(timeS: number): ServiceReading | null;
}

/** Its prepared numbers. */
export interface Numbers {
  readonly service: ServiceCounts;
  readonly realServers: RealServerCounts;
  readonly lives: readonly Life[];
}

/** Puts a character to work. */
export function simulateService(character: Character, calendar: Calendar, directorSeed: number): SimulatedService {
  const name = serviceName(character.id);
  const seed = noiseKey(directorSeed, name);
  const restarts = restartsOf(character, calendar);
  const phases = phasesOf(character, restarts);
  const spans = presentSpans(character, restarts[0]?.atS ?? calendar.epochS);
  let prepared: Numbers | null = null;

  function numbers(): Numbers {
    if (prepared !== null) return prepared;
    const service = createServiceCounts(character, calendar, seed);
    const countersAt = (timeS: number): readonly number[] =>
      rowAt(service, timeS)
        .slice(2)
        .map(([value = 0]) => value);
    const lives = livesOf({ spans, bootsS: calendar.bootsS, restartsS: restarts.map(({ atS }) => atS), countersAt });
    prepared = { service, realServers: createRealServerCounts(character, service, seed), lives };
    return prepared;
  }

  function readingAt(timeS: number): ServiceReading | null {
    if (!spans.some((span) => isWithin(span, timeS))) return null;
    const { service, realServers } = numbers();
    const timesS = Float64Array.of(timeS);
    const columns = rowAt(service, timeS);
    const phase = phaseAt(phases, timeS);
    const readings: RealServerReading[] = [];
    for (const [i, { id }] of character.realServers.entries()) {
      const weight = phase?.weights[i] ?? null;
      if (weight === null) continue;
      const own = emptyColumns(1);
      realServers.fill(i, { timesS, columns }, own);
      const [activeConn = 0, inActConn = 0] = own.map((column) => column[0] ?? 0);
      readings.push({ id, counters: countersOf(own), forwarding: character.forwarding, weight, activeConn, inActConn });
    }
    const { id, scheduler, flags } = character;
    return { id, counters: countersOf(columns), scheduler, flags, realServers: readings };
  }

  const edges = spans.flatMap(({ fromS, toS }) => [fromS, toS]).filter(Number.isFinite);
  return {
    name,
    character,
    realServerNames: character.realServers.map(({ id }) => `${name}/${realServerName(id)}`),
    spans,
    realServerSpans: character.realServers.map((_, i) => intersect(weightedSpans(phases, i), spans)),
    turnsS: [...new Set([...phases.map(({ fromS }) => fromS), ...edges])].sort((a, b) => a - b),
    numbers,
    readingAt,
  };
}

/** The seven columns of a service, with the row of one time. */
function rowAt(service: ServiceCounts, timeS: number): readonly Float64Array[] {
  const columns = emptyColumns(1);
  service.fill(Float64Array.of(timeS), columns);
  return columns;
}

/** The phases in which a real server has a weight. */
function weightedSpans(phases: readonly Phase[], realServer: number): readonly Span[] {
  return phases.flatMap(({ fromS, weights }, p) => {
    const toS = phases[p + 1]?.fromS ?? Number.POSITIVE_INFINITY;
    return (weights[realServer] ?? null) === null ? [] : [{ fromS, toS }];
  });
}

/** Columns of that many rows: seven by default. */
export function emptyColumns(rows: number, count = columnCount): readonly Float64Array[] {
  return Array.from({ length: count }, () => new Float64Array(rows));
}

function countersOf(columns: readonly Float64Array[]): Counters {
  const at = (i: number): bigint => BigInt(columns[i]?.[0] ?? 0);
  return { conns: at(2), inPkts: at(3), outPkts: at(4), inBytes: at(5), outBytes: at(6) };
}

function presentSpans({ story }: Character, originS: number): readonly Span[] {
  const starts = [Number.NEGATIVE_INFINITY, ...story.absences.map(({ toS }) => toS)];
  const ends = [...story.absences.map(({ fromS }) => fromS), Number.POSITIVE_INFINITY];
  const spans = starts.map((fromS, i) => ({
    fromS: Math.max(originS, fromS),
    toS: ends[i] ?? Number.POSITIVE_INFINITY,
  }));
  return spans.filter(({ fromS, toS }) => toS > fromS);
}

/** The overlaps of both lists' spans; adjacent ones merge. */
function intersect(some: readonly Span[], others: readonly Span[]): readonly Span[] {
  const common: Span[] = [];
  for (const a of some) {
    for (const b of others) {
      const fromS = Math.max(a.fromS, b.fromS);
      const toS = Math.min(a.toS, b.toS);
      const last = common.at(-1);
      if (toS <= fromS) continue;
      if (last?.toS === fromS && !others.some((span) => span.fromS === fromS)) {
        common[common.length - 1] = { fromS: last.fromS, toS };
      } else common.push({ fromS, toS });
    }
  }
  return common;
}
