// Collectors within one second: the same reading is stored once, and anything the stored one lacks is reported and kept.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isOvertaken } from '../../src/cycle/overtaken.js';
import type { SourcesRead } from '../../src/cycle/sources/read-sources.js';
import { outcomeOf, type SourceResult } from '../../src/cycle/sources/source.js';
import { directorJudge } from '../../src/interpret/director/judge-director.js';
import { haproxyJudge } from '../../src/interpret/haproxy/judge-haproxy.js';
import { judgedRead } from '../../src/interpret/judged-read.js';
import { emptyState, type Failure, type KnownState } from '../../src/model/cycle.js';
import type { HaproxyReading, Snapshot } from '../../src/model/snapshot.js';
import { UserError } from '../../src/model/user-error.js';
import { listArchives, listEvents } from '../commands/answers.js';
import { fakeCommand, printingStep } from '../commands/fakes.js';
import { clockAt, run, scratch } from '../commands/program.js';

const newFolder = scratch();
const nowS = 1_700_000_100;
const working = printingStep('sequence/003-traffic');
const statistics = `# pxname,svname,scur,stot,bin,bout,status,type,mode
web,FRONTEND,1,2,3,4,OPEN,0,http
`;

/** A data folder, and collectors whose clock stands still. */
function inOneSecond() {
  const data = newFolder();
  const collect = (ipvsadm: string, ...options: readonly string[]) =>
    run(['collect', '--data', data, '--ipvsadm', ipvsadm, '--no-pictures', ...options], { env: clockAt(nowS) });
  return { data, collect };
}

describe('within the second of a stored reading, a collector', () => {
  test.concurrent('that reads the same reports that it was overtaken, and succeeds', async () => {
    const { data, collect } = inOneSecond();
    const runs = await Promise.all([1, 2, 3].map(() => collect(working)));
    expect(runs.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(runs.filter(({ stdout, stderr }) => stdout !== '' && stderr === '')).toHaveLength(1);
    const overtaken = /another collector has stored the reading of .*: nothing left/;
    expect(runs.filter(({ stdout, stderr }) => stdout === '' && overtaken.test(stderr))).toHaveLength(2);
    expect(await listArchives(data)).toHaveLength(12);
  });

  test.concurrent('whose reading fails reports and counts the failure', async () => {
    const { data, collect } = inOneSecond();
    expect(await collect(working)).toMatchObject({ status: 0, stderr: '' });
    for (let n = 0; n < 2; n += 1) {
      expect(await collect(fakeCommand('fails'))).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringContaining('failed with exit status'),
      });
    }
    const events = await listEvents(data, 'all');
    expect(events).toMatchObject([{ kind: 'cycle-failed', to: 'failed', time: nowS }]);
  });

  test.concurrent('that also reads HAProxy waits for the next second and stores it', async () => {
    const data = newFolder();
    const file = join(newFolder('haproxy'), 'stats.csv');
    writeFileSync(file, statistics);
    const args = ['collect', '--data', data, '--ipvsadm', working, '--no-pictures'];
    expect(await run(args)).toMatchObject({ status: 0, stderr: '' });
    expect(await run([...args, '--haproxy', file])).toMatchObject({ status: 0, stderr: '' });
    expect((await listArchives(data)).map(({ name }) => name)).toContain('haproxy_fe_web');
    expect(await run([...args, '--haproxy', `${file}.none`])).toMatchObject({ status: 1 });
    expect((await listEvents(data, 'all')).map(({ kind }) => kind)).toContain('haproxy-failed');
  });

  test.concurrent('that also reads HAProxy while the clock stands still reports that nothing was stored', async () => {
    const { collect } = inOneSecond();
    const file = join(newFolder('haproxy'), 'stats.csv');
    writeFileSync(file, statistics);
    expect(await collect(working)).toMatchObject({ status: 0 });
    expect(await collect(working, '--haproxy', file)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/a reading of this second .* is already stored: nothing was stored/),
    });
  });
});

describe('a reading is overtaken', () => {
  const failure: Failure = { code: 'failed', sinceS: nowS - 300, lastS: nowS, cycles: 2 };
  const fault = new UserError('failed', 'it said no');
  const quiet = { notes: [], moment: null, record: null };
  const director = { ...quiet, read: { timeS: nowS, host: null, services: [] } };
  const haproxy = { ...quiet, read: { process: null, entries: [] } };
  const stored: KnownState = {
    ...emptyState,
    timeS: nowS,
    director: { ...emptyState.director, timeS: nowS },
    haproxy: { ...emptyState.haproxy, timeS: nowS },
  };
  interface Results {
    readonly director?: SourceResult<Snapshot>;
    /** Null when nobody asked for it. */
    readonly haproxy?: SourceResult<HaproxyReading> | null;
  }
  const read = (results: Results, timeS = nowS): SourcesRead => {
    const all = { director, haproxy, ...results };
    const table = outcomeOf(directorJudge, all.director);
    const statistics = all.haproxy && outcomeOf(haproxyJudge, all.haproxy);
    return {
      timeS,
      host: null,
      tookS: new Map(),
      outcomes: statistics === null ? [table] : [table, statistics],
      reads: [table.read, statistics?.read ?? judgedRead(haproxyJudge, null)],
    };
  };

  test.each([
    ['if the stored one has both sources', stored, read({}), true],
    ['if only the table was requested', { ...stored, haproxy: emptyState.haproxy }, read({ haproxy: null }), true],
    ['if there is no table', stored, read({ director: { ...quiet, read: null } }), true],
    ['not a second later', stored, read({}, nowS + 1), false],
    ['not if the table could not be read', stored, read({ director: { ...quiet, read: fault } }), false],
    ['not if HAProxy could not be read', stored, read({ haproxy: { ...quiet, read: fault } }), false],
    ['not if the stored one has only the table', { ...stored, haproxy: emptyState.haproxy }, read({}), false],
    [
      'not if the stored one has only HAProxy',
      { ...stored, director: { ...stored.director, timeS: nowS - 300 } },
      read({}),
      false,
    ],
    ['not if it ends a failure', { ...stored, director: { ...stored.director, failure } }, read({}), false],
    ['not if it ends a failure of HAProxy', { ...stored, haproxy: { ...stored.haproxy, failure } }, read({}), false],
  ] as const)('%s', (_, previous, now, expected) => {
    expect(isOvertaken(previous, now)).toBe(expected);
  });
});
