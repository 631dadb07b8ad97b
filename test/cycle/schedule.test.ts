// The schedule of cycles, with the test's own clock and ticks, and with node-cron and a clock that is set.

import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { locateIpvsadm } from '../../src/collect/ipvs/locate-ipvsadm.js';
import { runCycle } from '../../src/cycle/cycle.js';
import { type Schedule, type ScheduleRequest, schedule } from '../../src/cycle/schedule.js';
import { setPatience } from '../../src/model/patience.js';
import { openKeeper } from '../../src/store/shared/keeper.js';
import { fakeCommand, ownFake } from '../commands/fakes.js';
import { scratch } from '../commands/program.js';
import { running } from '../commands/running.js';
import { until } from '../until.js';

const newFolder = scratch();

/** 12:01:00, a minute after a step. */
const noonS = 1_700_049_660;

interface ScheduleRun {
  readonly runs: number[];
  readonly failures: unknown[];
  readonly schedule: Schedule;
  readonly tick: () => Promise<void>;
}

/** A schedule whose clock stands still and whose ticks come from the test. */
function play(options: Partial<ScheduleRequest> & { atS?: number } = {}): ScheduleRun {
  const { atS = noonS } = options;
  const runs: number[] = [];
  const failures: unknown[] = [];
  let tick = async (): Promise<void> => {};
  const started = schedule({
    stepS: 300,
    run: async () => void runs.push(atS),
    onFailure: (error) => failures.push(error),
    newestS: async () => atS - 30,
    nowS: () => atS,
    ticker: (call) => {
      tick = call;
      return () => {
        tick = async () => {};
      };
    },
    ...options,
  });
  return { runs, failures, schedule: started, tick: () => tick() };
}

describe('a schedule', () => {
  test.each([
    ['nothing was ever read', null, noonS, 1],
    ['the newest reading is older than a step', noonS - 301, noonS, 1],
    ['the newest reading is of this step', noonS - 60, noonS, 0],
    ['the newest reading is old, but the next step is near', noonS - 301, noonS + 238.5, 0],
    ['the newest reading lies in the future', noonS + 3600, noonS, 0],
  ])('reads at once or waits for the next step if %s', async (_, newest, atS, count) => {
    const { runs } = play({ newestS: async () => newest, atS });
    await pause(0);
    expect(runs).toHaveLength(count);
  });

  test('never reads twice within a second', async () => {
    const { runs, tick } = play({ newestS: async () => null });
    await pause(0);
    await tick();
    expect(runs).toHaveLength(1);
  });

  test('never runs two cycles at once', async () => {
    let [end, running, most, atS] = [() => {}, 0, 0, noonS];
    const { tick } = play({
      nowS: () => atS,
      run: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => {
          end = resolve;
        });
        running -= 1;
      },
    });
    const first = tick();
    atS += 300;
    await tick();
    expect([running, most]).toEqual([1, 1]);
    end();
    await first;
    atS += 300;
    const third = tick();
    expect(running).toBe(1);
    end();
    await third;
  });

  test('reports a cycle that failed, and runs the next', async () => {
    let atS = noonS;
    const { tick, failures } = play({
      nowS: () => atS,
      run: async () => {
        throw new Error(`at ${atS}`);
      },
    });
    await tick();
    await tick();
    atS += 300;
    await tick();
    expect(failures).toEqual([new Error(`at ${noonS}`), new Error(`at ${noonS + 300}`)]);
  });

  test('reports that the newest reading cannot be looked up, and continues', async () => {
    const { tick, failures, runs } = play({ newestS: () => Promise.reject(new Error('damaged')) });
    await pause(0);
    await tick();
    expect([failures, runs]).toEqual([[new Error('damaged')], [noonS]]);
  });

  test('that is stopped waits for the current cycle, then reports and runs nothing more', async () => {
    let atS = noonS;
    const done: string[] = [];
    const {
      tick,
      failures,
      schedule: started,
    } = play({
      nowS: () => atS,
      run: async (signal) => {
        await once(signal, 'abort');
        done.push('aborted');
        throw new Error('ended');
      },
    });
    void tick();
    await started.stop();
    expect([done, failures]).toEqual([['aborted'], []]);
    atS += 300;
    await tick();
    expect(done).toHaveLength(1);
  });
});

describe('a schedule by the clock', () => {
  beforeEach(() => {
    vi.useFakeTimers({
      now: noonS * 1000,
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function byTheClock(stepS = 300): { runs: string[]; started: Schedule } {
    const runs: string[] = [];
    const started = schedule({
      run: async () => void runs.push(new Date().toISOString().slice(11, 19)),
      onFailure: () => {},
      newestS: async () => noonS,
      nowS: () => Date.now() / 1000,
      stepS,
    });
    return { runs, started };
  }

  test('runs a cycle at every step', async () => {
    const { runs, started } = byTheClock();
    await vi.advanceTimersByTimeAsync(15 * 60_000);
    expect(runs).toEqual(['12:05:00', '12:10:00', '12:15:00']);
    await started.stop();
    await vi.advanceTimersByTimeAsync(15 * 60_000);
    expect(runs).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([
    [60, ['12:02:00', '12:03:00', '12:04:00']],
    [3600, ['13:00:00', '14:00:00', '15:00:00']],
  ])('runs a cycle at every step of %d s', async (stepS, times) => {
    const { runs, started } = byTheClock(stepS);
    await vi.advanceTimersByTimeAsync(3 * stepS * 1000);
    expect(runs).toEqual(times);
    await started.stop();
  });

  test.each([
    ['back by a day', -86_400, '12:05:00'],
    ['forward by 50 years', 50 * 365 * 86_400, '12:05:00'],
  ])('resumes at the next step after the clock is set %s', async (_, byS, time) => {
    const { runs, started } = byTheClock();
    await vi.advanceTimersByTimeAsync(60_000);
    vi.setSystemTime(Date.now() + byS * 1000);
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(runs).toEqual([time]);
    await started.stop();
  });
});

describe('a schedule with a real director', () => {
  // No time limit must end anything here.
  beforeEach(() => setPatience('1000'));
  afterEach(() => setPatience(undefined));

  function cyclesOf(dataDir: string, ipvsadm: string, lend: Awaited<ReturnType<typeof openKeeper>>['lend']) {
    return async (signal: AbortSignal): Promise<void> => {
      await runCycle({
        dataDir,
        lend,
        owner: {
          asRoot: (use) => use(),
          asOwnerOf: (_, use) => use(),
          asOwner: (use) => use(),
          release: () => {},
        },
        ipvsadm: locateIpvsadm({ replacement: ipvsadm, path: process.env['PATH'] ?? '' }),
        procRoot: '/proc',
        nowS: () => Date.now() / 1000,
        haproxy: null,
        recordDir: null,
        acceptTime: false,
        signal,
      });
    };
  }

  test('stores cycles through the keeper of its process', async () => {
    const data = newFolder();
    const keeper = await openKeeper(data);
    const { tick, failures, schedule: started } = play({ run: cyclesOf(data, ownFake('busy-director'), keeper.lend) });
    await tick();
    expect(failures).toEqual([]);
    expect(await keeper.archives.list()).toHaveLength(7);
    await started.stop();
    await keeper.close();
  });

  test('kills a hanging ipvsadm when stopped, without a failed cycle', async () => {
    const data = newFolder();
    const keeper = await openKeeper(data);
    const mark = `${data}-mark`;
    const cycles = cyclesOf(data, fakeCommand('hangs', mark), keeper.lend);
    const { tick, failures, schedule: started } = play({ run: cycles });
    const ticked = tick();
    await until('ipvsadm runs', () => running(mark).length > 0);
    await started.stop();
    await ticked;
    await until('ipvsadm has ended', () => running(mark).length === 0);
    expect(failures).toEqual([]);
    expect(await keeper.archives.events({})).toEqual([]);
    await keeper.close();
  });
});
