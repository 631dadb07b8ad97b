// Cycles on the minute hand: one at every step (00:00, 00:05, … where it is five minutes) for as long as a server runs, never two at once. What fails is
// told and left to the next step, as with cron. https://nodecron.com/scheduling-options

import { setTimeout as pause } from 'node:timers/promises';
import { type ScheduledTask, schedule as scheduleCron } from 'node-cron';
import { endGroups } from '../collect/ipvs/process-group.js';

/** What is run at every step, and what is told of it. */
export interface ScheduleRequest {
  /** Runs a cycle. The signal is aborted when the schedule is stopped meanwhile; what is thrown after that is not told. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Is told what `run` threw. Must not throw. */
  readonly onFailure: (error: unknown) => void;
  /** Time of the newest reading; null where there is none. */
  readonly newestS: () => Promise<number | null>;
  /** The clock, epoch seconds. */
  readonly nowS: () => number;
  /** Seconds between two cycles. */
  readonly stepS: number;
  /** Calls at every step; node-cron unless a test has steps of its own. */
  readonly ticker?: Ticker;
}

/** Calls `tick` at every step until its result is called. */
export type Ticker = (tick: () => Promise<void>, stepS: number) => () => void;

/** Cycles that are run. */
export interface Schedule {
  /** Runs no more, ends an ipvsadm that is running, and waits some seconds at the most for a cycle that is under way. */
  stop(): Promise<void>;
}

/** Seconds before a step in which a cycle at once would only come in its way. */
const shortlyS = 2;

/** Milliseconds that a cycle has to be stored when the schedule is stopped. */
const graceMs = 2000;

/** Milliseconds between two looks for an ipvsadm that the cycle under way has begun since. */
const endAgainMs = 100;

/** A tick that is late by less of a step is not missed: a server that is busy drawing is. */
const latestPart = 1 / 2;

/**
 * Runs a cycle at every step from now on, and one at once where the newest reading is older than a step, so that whoever starts
 * a server sees something.
 */
export function schedule({ run, onFailure, newestS, nowS, stepS, ticker = everyStep }: ScheduleRequest): Schedule {
  const stopping = new AbortController();
  let running: Promise<void> | null = null;
  let lastRunS = Number.NEGATIVE_INFINITY;
  const cycle = async (): Promise<void> => {
    try {
      await run(stopping.signal);
    } catch (error) {
      if (!stopping.signal.aborted) onFailure(error);
    }
  };
  const runOnce = async (): Promise<void> => {
    const second = Math.floor(nowS());
    if (running !== null || second === lastRunS || stopping.signal.aborted) return;
    lastRunS = second;
    running = cycle().finally(() => {
      running = null;
    });
    await running;
  };
  const runAtOnce = async (): Promise<void> => {
    try {
      const [newest, now] = [await newestS(), nowS()];
      const isDue = newest === null || now - newest >= stepS;
      if (isDue && stepS - (now % stepS) > shortlyS) await runOnce();
    } catch (error) {
      if (!stopping.signal.aborted) onFailure(error);
    }
  };
  const end = ticker(runOnce, stepS);
  void runAtOnce();
  return {
    stop: async () => {
      end();
      stopping.abort();
      endGroups();
      if (running === null) return;
      const again = setInterval(endGroups, endAgainMs);
      await Promise.race([running, pause(graceMs, null, { ref: false })]);
      clearInterval(again);
    },
  };
}

/** Milliseconds between two looks at the clock, and by how much it may differ from what went by between them. */
const [lookMs, stepOfClockMs] = [5000, 1000];

/**
 * Ticks of node-cron. Steps are multiples of their length since the epoch: in UTC, which has no summer time, they are these minutes.
 * node-cron waits for a time of the clock and goes through all that were missed, so where somebody sets the clock it is begun anew:
 * set back by a day it would wait for a day, and set forward from 1970 reckon for minutes.
 */
const everyStep: Ticker = (tick, stepS) => {
  let task = createTask(tick, stepS);
  let aheadMs = Date.now() - performance.now();
  const watch = setInterval(() => {
    const nowAheadMs = Date.now() - performance.now();
    if (Math.abs(nowAheadMs - aheadMs) > stepOfClockMs) {
      void task.destroy();
      task = createTask(tick, stepS);
    }
    aheadMs = nowAheadMs;
  }, lookMs);
  return () => {
    clearInterval(watch);
    void task.destroy();
  };
};

function createTask(tick: () => Promise<void>, stepS: number): ScheduledTask {
  return scheduleCron(stepS === 3600 ? '0 * * * *' : `*/${stepS / 60} * * * *`, tick, {
    name: 'collect',
    timezone: 'UTC',
    noOverlap: true,
    missedExecutionTolerance: latestPart * stepS * 1000,
    suppressMissedWarning: true,
    logger: silent,
  });
}

/** Standard output is for results, and what fails is told by `onFailure`. */
const silent = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} };
