// `collect` on a machine with a wrong clock, recovery with `rewind`, and the hours that a zone skips or repeats.

import { describe, expect, test } from 'vitest';
import { timeAxis } from '../../src/render/define/time-axis.js';
import { formatLocal } from '../../src/render/look/local-time.js';
import { type FetchedRows, fetchRows, listArchives, listEvents } from './answers.js';
import { printingInTurn } from './fakes.js';
import { clockAt, run, scratch } from './program.js';
import { evenPair, recordPair } from './recordings.js';

const newFolder = scratch();
const startS = 1_763_683_200;
const hourS = 3600;
const name = '192.0.2.1_80';

/** A machine that collects into its own folder, from counters that grow evenly. */
function machine() {
  const data = newFolder();
  const ipvsadm = printingInTurn(
    newFolder('pairs'),
    Array.from({ length: 20 }, (_, n) => evenPair(2, n + 1)),
  );
  const collect = (timeS: number, ...options: readonly string[]) =>
    run(['collect', '--data', data, '--ipvsadm', ipvsadm, '--no-pictures', ...options], { env: clockAt(timeS) });
  const rewind = (timeS: number) => run(['rewind', '--data', data], { env: clockAt(timeS) });
  const rows = (untilS: number) => fetchRows(data, name, '--start', `${startS}`, '--end', `${untilS - 1}`);
  return { data, collect, rewind, rows };
}

/** New connections a second, row by row. */
function rates({ rows }: FetchedRows): readonly (number | null | undefined)[] {
  return rows.map(([, , , conns]) => conns);
}

const worked = { status: 0, stderr: '' };

describe('collect, on a machine whose clock', () => {
  test.concurrent('is years ahead, refuses the reading and reports how to continue: each time for cron, once in the ledger', async () => {
    const { data, collect } = machine();
    await collect(startS);
    const aheadS = startS + 3650 * 86_400;
    for (const timeS of [aheadS, aheadS + 300]) {
      const ended = await collect(timeS);
      expect(ended).toMatchObject({ status: 1, stdout: '' });
      expect(ended.stderr).toMatch(
        /^lvs-stats: the clock says 2035-.*, over a day after the last reading \(2025-.*--accept-time if it is right\n$/,
      );
    }
    expect(await listArchives(data)).toMatchObject([{ last: startS }, { last: startS }, { last: startS }, {}, {}]);
    const failed = (await listEvents(data, 'all')).filter(({ kind }) => kind === 'cycle-failed');
    expect(failed).toMatchObject([{ to: 'clock-jumped', time: startS }]);
    expect(await collect(startS + 300)).toMatchObject(worked);
  });

  test.concurrent('was set back, refuses until the time of the last reading has passed, and changes nothing', async () => {
    const { data, collect, rows } = machine();
    for (const timeS of [startS, startS + 300]) expect(await collect(timeS)).toMatchObject(worked);
    const before = [await listArchives(data), await listEvents(data), await rows(startS + 300)];
    for (const timeS of [startS + 299, startS - 3650 * 86_400]) {
      const ended = await collect(timeS, '--accept-time');
      expect(ended).toMatchObject({ status: 1, stdout: '' });
      expect(ended.stderr).toContain('nothing was stored');
      expect(ended.stderr).toContain('"lvs-stats rewind", which drops the readings in the future\n');
    }
    expect([await listArchives(data), await listEvents(data), await rows(startS + 300)]).toEqual(before);
    expect(await collect(startS + 600)).toMatchObject(worked);
  });

  test.concurrent.for([
    ['an hour', hourS],
    ['ten years', 3650 * 86_400],
  ] as const)('was %s ahead for three cycles, resumes at once after a rewind', async ([, aheadS]) => {
    const { data, collect, rewind, rows } = machine();
    for (const n of [0, 1, 2]) expect(await collect(startS + 300 * n)).toMatchObject(worked);
    const before = await rows(startS + 600);
    expect(rates(before)).toEqual([1 / 300, 1 / 300]);
    for (const n of [3, 4, 5]) {
      expect(await collect(startS + aheadS + 300 * n, '--accept-time')).toMatchObject(worked);
    }
    const refused = await collect(startS + 300 * 6);
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toContain('"lvs-stats rewind", which drops the readings in the future');
    expect(await rewind(startS + 300 * 6 + 10)).toMatchObject({ status: 0 });
    expect(await rows(startS + 600)).toEqual(before);
    for (const n of [7, 8, 9]) expect(await collect(startS + 300 * n)).toMatchObject(worked);
    // The growth between the last good reading and the first after the rewind is unknown.
    const [first, second, ...rest] = rates(await rows(startS + 2700));
    expect([first, second]).toEqual(rates(before));
    expect(rest).toEqual([null, null, null, null, null, 1 / 300, 1 / 300]);
    const archives = await listArchives(data);
    expect(archives.map(({ state, first, last }) => [state, first, last])).toEqual(
      archives.map(() => ['live', startS, startS + 2700]),
    );
    const events = await listEvents(data);
    expect(events.filter(({ time }) => time > startS + 2700)).toEqual([]);
  });
});

/** Zones and the moments of their changes: by an hour, at midnight, by half an hour; forward and back. */
const changes = [
  ['Europe/Berlin', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['Asia/Tehran', '2022-03-21T20:30Z'],
  ['Asia/Tehran', '2022-09-21T19:30Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
] as const;

describe('a change to or from summer time', () => {
  test.concurrent.for(changes)('in %s at %s neither doubles nor loses a row', async ([zone, change]) => {
    const changeS = Date.parse(change) / 1000;
    const [data, dir] = [newFolder(), newFolder('recording')];
    for (let n = -14; n <= 14; n += 1) recordPair(dir, changeS + 300 * n, evenPair(1, n + 15));
    expect(await run(['replay', dir, '--data', data], { env: { TZ: zone } })).toMatchObject(worked);
    const span = ['--start', `${changeS - 14 * 300}`, '--end', `${changeS + 14 * 300 - 1}`];
    expect(rates(await fetchRows(data, name, ...span))).toEqual(Array.from({ length: 28 }, () => 1 / 300));
  });

  test.each(changes)('in %s at %s leaves each label of a picture at its time of day', (timeZone, change) => {
    const changeS = Date.parse(change) / 1000;
    const time = (atS: number) => new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'short' }).format(atS * 1000);
    for (const spanS of [3, 8, 24, 48].map((hours) => hours * hourS)) {
      for (const endS of [changeS + 600, changeS + spanS / 2, changeS + spanS - 600]) {
        const { lines, labels } = timeAxis({ startS: endS - spanS, endS, timeZone, widthPx: 694 });
        expect(labels.length).toBeGreaterThan(4);
        for (const { atS, text } of labels) expect([atS, text]).toEqual([atS, time(atS)]);
        const times = lines.map(({ atS }) => atS);
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
      }
    }
    expect(formatLocal(timeZone, changeS).slice(11, 16)).toBe(time(changeS));
  });
});
