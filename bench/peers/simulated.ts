// Pools that no machine at hand can run, up to 5,000 members: the same state machine in a simulated network. When faults are named, how many messages that
// takes, and what an agent needs for so many members.

import { encode } from '@msgpack/msgpack';
import { readFrames } from '../../src/agent/serf/frames.js';
import { parseMembers } from '../../src/agent/serf/messages.js';
import { initialState, type PeersPolicy } from '../../src/peers/state.js';
import { step } from '../../src/peers/step.js';
import { randomFrom } from '../../test/random.js';
import type { BenchContext } from '../bench.js';
import { type Comparison, type Findings, msOf } from '../comparison.js';
import { formatQuantity } from '../quantity-text.js';
import { simulatedOptions } from './peers-options.js';
import { type Messages, openSimulatedPool, type SimulatedPool } from './simulated-pool.js';

/** The figures of a size. */
interface SimulatedFigures {
  readonly size: number;
  readonly killedMs: Observers;
  readonly hungMs: Observers;
  readonly deadMs: Observers;
  /** In a minute without faults, and in the time from the first fault until all were named. */
  readonly atRest: Messages;
  readonly faulty: Messages & { readonly lastedS: number };
  readonly falseVerdicts: number;
  /** Processor time of an agent every five seconds: for a round, and for the list of members from Serf. */
  readonly roundMs: number;
  readonly listMs: number;
  readonly listBytes: number;
}

/** When the first and the second observer named a fault. */
interface Observers {
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/** Faults of each kind, and the longest time until all are named, s. */
const [faultsEach, limitS] = [3, 180];

/** Measures each size. */
export function measureSimulatedPeers(_context: BenchContext): Promise<Findings> {
  return measureSizes(simulatedOptions(process.env));
}

async function measureSizes({ sizes, seed }: { sizes: readonly number[]; seed: number }): Promise<Findings> {
  const all: SimulatedFigures[] = [];
  for (const size of sizes) {
    const figures = { ...simulate(size, randomFrom(seed * 1_000_003 + size)), ...(await costsOf(size)) };
    all.push(figures);
    process.stderr.write(`bench: ${size} simulated members: ${JSON.stringify(figures)}\n`);
  }
  return { comparisons: all.flatMap(rows), notes: all.flatMap(notes) };
}

type Simulated = Omit<SimulatedFigures, 'roundMs' | 'listMs' | 'listBytes'>;

function simulate(size: number, random: () => number): Simulated {
  const pool = openSimulatedPool(size, random);
  const { time, messages, verdicts } = pool;
  // The first round is not whole.
  time.runUntil(5000);
  const before = { ...messages };
  time.runUntil(20_000);
  const quarter = minus(messages, before);
  const atRest = { probes: 4 * quarter.probes, questions: 4 * quarter.questions, polls: 4 * quarter.polls };
  const start = { ...messages };
  const startMs = time.nowMs();
  const faults = makeFaults(pool, size, random);
  const isOver = (): boolean => faults.every(({ subject }) => observersOf(pool, subject).length >= 2);
  while (!isOver()) {
    if (time.nowMs() - startMs > limitS * 1000) throw new Error(`${size} simulated members: not all faults were named`);
    time.runUntil(time.nowMs() + 1000);
  }
  const faulty = { ...minus(messages, start), lastedS: (time.nowMs() - startMs) / 1000 };
  const timesOf = (kind: string): Observers => {
    const each = faults.filter((one) => one.kind === kind);
    const at = (place: number): readonly number[] =>
      each.map(({ subject, atMs }) => (observersOf(pool, subject)[place] ?? Number.NaN) - atMs);
    return { first: at(0), second: at(1) };
  };
  const subjects = new Set(faults.map(({ subject }) => subject));
  return {
    ...{ size, killedMs: timesOf('killed'), hungMs: timesOf('hung'), deadMs: timesOf('dead'), atRest, faulty },
    falseVerdicts: verdicts.filter(({ subject }) => !subjects.has(subject)).length,
  };
}

interface Fault {
  readonly kind: 'killed' | 'hung' | 'dead';
  readonly subject: string;
  readonly atMs: number;
}

/** Faults at random times of two rounds, each of another member. */
function makeFaults(pool: SimulatedPool, size: number, random: () => number): readonly Fault[] {
  const shuffled = Array.from({ length: size }, (_, i) => ({ name: `n${i + 1}`, at: random() })).sort(
    (a, b) => a.at - b.at,
  );
  return (['killed', 'hung', 'dead'] as const).flatMap((kind, k) =>
    shuffled.slice(k * faultsEach, (k + 1) * faultsEach).map(({ name }) => {
      const delayMs = 10_000 * random();
      pool.time.after(delayMs, () => {
        if (kind === 'dead') pool.kill(name);
        else pool.breakService(name, kind);
      });
      return { kind, subject: kind === 'dead' ? name : `${name} redis/6379`, atMs: pool.time.nowMs() + delayMs };
    }),
  );
}

/** When each observer named a subject for the first time, ms. */
function observersOf({ verdicts }: SimulatedPool, subject: string): readonly number[] {
  const first = new Map<string, number>();
  for (const { agent, subject: one, atMs } of verdicts)
    if (one === subject && !first.has(agent)) first.set(agent, atMs);
  return [...first.values()].sort((a, b) => a - b);
}

function minus(a: Messages, b: Messages): Messages {
  return { probes: a.probes - b.probes, questions: a.questions - b.questions, polls: a.polls - b.polls };
}

/** The costs of an agent every five seconds: the mean of some rounds. */
async function costsOf(size: number): Promise<Pick<SimulatedFigures, 'roundMs' | 'listMs' | 'listBytes'>> {
  const tags = { svc: 'redis/6379', role: 'db', 'lvs-stats': '1' };
  const records = Array.from({ length: size }, (_, i) => {
    const protocols = {
      ProtocolMin: 1,
      ProtocolMax: 5,
      ProtocolCur: 2,
      DelegateMin: 2,
      DelegateMax: 5,
      DelegateCur: 4,
    };
    const address = Buffer.of(10, 77, i >> 8, i & 255);
    return { Name: `n${i + 1}`, Addr: address, Port: 7946, Tags: tags, Status: 'alive', ...protocols };
  });
  const bytes = encode({ Members: records });
  const policy: PeersPolicy = { ...{ self: 'n1', asked: 3, askTimeoutMs: 4000, pollTimeoutMs: 2000, holdMs: 30_000 } };
  let state = { ...initialState, hasQuorum: true };
  const rounds = 20;
  const spent = { round: 0, list: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const beginMs = processorMs();
    for await (const frame of readFrames(inParts(bytes))) {
      if (frame.type !== 'body') continue;
      const { members } = parseMembers(frame.body);
      state = { ...step(state, { type: 'members', members, nowMs: 5000 * round }, policy).state, hasQuorum: true };
    }
    const readMs = processorMs();
    state = { ...step(state, { type: 'tick', round, nowMs: 5000 * round + 1 }, policy).state, probing: new Map() };
    spent.list += readMs - beginMs;
    spent.round += processorMs() - readMs;
  }
  return { roundMs: spent.round / rounds, listMs: spent.list / rounds, listBytes: bytes.length };
}

/** As a socket gives them. */
async function* inParts(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 2 ** 16) yield bytes.subarray(at, at + 2 ** 16);
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function rows({ size, killedMs, hungMs, deadMs, roundMs, listMs }: SimulatedFigures): readonly Comparison[] {
  const row = (what: string, values: readonly number[], target = {}): Comparison => ({
    ...{ work: `${size} simulated peers: ${what}`, ours: msOf(values), peer: null, theirs: null, ...target },
  });
  const inTime = { target: { text: '10 s', atMost: 10_000 } };
  return [
    row('a killed application, first observer', killedMs.first),
    row('a killed application, second observer', killedMs.second, inTime),
    row('a hung application, second observer', hungMs.second),
    row('a dead host, first observer', deadMs.first),
    row('a dead host, second observer', deadMs.second),
    row('processor time of an agent for a round', [roundMs]),
    row('processor time of an agent for the list of members', [listMs]),
  ];
}

function notes({ size, atRest, faulty, falseVerdicts, listBytes }: SimulatedFigures): readonly string[] {
  const each = (count: number): string => (count / size).toFixed(1);
  return [
    `${size} simulated peers: without faults each made ${each(atRest.probes)} probes a minute, ${atRest.questions} questions and ${atRest.polls} polls were made in the whole pool. With ${faultsEach} faults of each of three kinds, until all were named (${faulty.lastedS.toFixed(0)} s): ${each(faulty.probes)} probes each, ${faulty.questions} questions and ${faulty.polls} polls in the whole pool; ${falseVerdicts} verdicts about anything else. The list of members has ${formatQuantity(listBytes, 'bytes')}.`,
  ];
}
