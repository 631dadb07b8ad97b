// Runs a cycle at every step of the clock (00:00, 00:05, … when it is five minutes) for as long as a server runs, never two at once. A
// failure is reported and left to the next step, as with cron. https://nodecron.com/scheduling-options

import { setTimeout as pause } from 'node:timers/promises';
import { type ScheduledTask, schedule as scheduleCron } from 'node-cron';
import { endGroups } from '../collect/process/process-group.js';

/** The work of every step, and its reports. */
export interface ScheduleRequest {
  /** Runs a cycle. The signal is aborted when the schedule stops meanwhile; later errors are not reported. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Called with the error that `run` threw. Must not throw. */
  readonly onFailure: (error: unknown) => void;
  /** Time of the newest reading; null when there is none. */
  readonly newestS: () => Promise<number | null>;
  /** The clock, epoch seconds. */
  readonly nowS: () => number;
  /** Seconds between two cycles. */
  readonly stepS: number;
  /** Calls at every step; node-cron, except in tests with steps of their own. */
  readonly ticker?: Ticker;
}

/** Calls `tick` at every step until the returned function is called. */
export type Ticker = (tick: () => Promise<void>, stepS: number) => () => void;

/** A running schedule. */
export interface Schedule {
  /** Stops the schedule, ends a running ipvsadm, and waits at most some seconds for a running cycle. */
  stop(): Promise<void>;
}

/** Seconds before a step in which an immediate cycle would only get in its way. */
const shortlyS = 2;

/** Milliseconds for a cycle to be stored after the schedule stops. */
const graceMs = 2000;

/** Milliseconds between two checks for an ipvsadm that the running cycle has started since. */
const endAgainMs = 100;

/** A tick that is late by a smaller part of a step is not missed: a server busy drawing is late, too. */
const latestPart = 1 / 2;

/**
 * Runs a cycle at every step from now on. When the newest reading is older than a step, one runs at once, so that a new server has
 * something to show.
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

/** Milliseconds between two looks at the clock, and the largest difference from the elapsed time. */
const [lookMs, stepOfClockMs] = [5000, 1000];

/**
 * Ticks of node-cron. Steps are multiples of their length since the epoch; in UTC, which has no summer time, they fall on these minutes.
 * node-cron waits for a clock time and iterates over all missed ones, so it is restarted whenever the clock is set: set back by a day, it
 * would wait for a day; set forward from 1970, it would compute for minutes.
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

/** Standard output is for results; `onFailure` reports failures. */
const silent = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} };
