// Probes in a cycle: they neither hold back the director nor replace it, and their rows, findings and known state come back from the disk.

import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { locateIpvsadm } from '../../src/collect/ipvs/locate-ipvsadm.js';
import { type CycleRequest, runCycle } from '../../src/cycle/cycle.js';
import { type Policy, standardPolicy } from '../../src/model/policy/policy.js';
import type { Probe } from '../../src/model/policy/probe.js';
import { knownFailure, knownValue, probesSource } from '../../src/model/probes/reading.js';
import { otherIn } from '../../src/model/table/other-sources.js';
import { UserError } from '../../src/model/user-error.js';
import { type Keeper, openKeeper } from '../../src/store/shared/keeper.js';
import { connectArchives } from '../../src/store/shared/remote-archives.js';
import { printingPair } from '../commands/fakes.js';
import { evenPair } from '../commands/recordings.js';
import { shortFolder } from '../short-folder.js';
import { patienceMs } from '../until.js';

const startS = 1_763_700_000;
let keeper: Keeper;
let data: string;

beforeEach(async () => {
  data = shortFolder('lvs-stats-probes-');
  chmodSync(data, 0o755);
  keeper = await openKeeper(data);
});

afterEach(async () => {
  await keeper.close();
  rmSync(data, { recursive: true });
});

const file = (name: string, checks: Probe['checks'] = []): Probe => {
  return { name, target: { kind: 'file', path: join(data, name), user: 'nobody' }, checks };
};

function write(name: string, text: string): void {
  writeFileSync(join(data, name), text, { mode: 0o644 });
}

async function cycle(n: number, probes: readonly Probe[], changes: Partial<CycleRequest> = {}) {
  const policy: Policy = { ...standardPolicy, probes };
  const outcome = await runCycle({
    dataDir: data,
    lend: keeper.lend,
    owner: { asRoot: (use) => use(), asOwnerOf: (_, use) => use(), asOwner: (use) => use(), release: () => {} },
    policy,
    ipvsadm: locateIpvsadm({ replacement: printingPair(data, evenPair(1, n + 1)), path: '' }),
    procRoot: data,
    nowS: () => startS + 300 * n,
    haproxy: null,
    recordDir: null,
    acceptTime: false,
    ...changes,
  });
  if (outcome.kind !== 'stored') throw new Error('overtaken');
  return outcome;
}

test('values become rows, a failure becomes unknown ones, and the director is read in any case', async () => {
  write('load', '7');
  for (let n = 0; n < 4; n += 1) {
    if (n === 2) write('load', 'none');
    if (n === 3) write('load', '9');
    const { cycle: made, problems } = await cycle(n, [file('load')]);
    expect(problems).toEqual([]);
    expect(made.table.director.timeS).toBe(startS + 300 * n);
  }
  const known = otherIn(await keeper.archives.latest(), probesSource);
  expect([knownValue(known, 'probe_load'), knownFailure(known, 'load')]).toEqual([9, null]);
  const series = await keeper.archives.fetch({
    ...{ name: 'probe_load', cf: 'AVERAGE', startS, endS: startS + 900, stepS: 300 },
  });
  expect([...(series.columns[0] ?? [])]).toEqual([7, Number.NaN, 9, Number.NaN]);
  const remote = await connectArchives(data, patienceMs);
  expect(otherIn((await remote?.latest()) ?? (await keeper.archives.latest()), probesSource)).toEqual(known);
  await remote?.close();
});

test('a director that cannot be read is a failed cycle of its own, and probes are read beside it', async () => {
  write('load', '7');
  await cycle(0, [file('load')]);
  const broken = { ipvsadm: new UserError('not-permitted', 'ipvsadm: not permitted') };
  const { cycle: made, problems } = await cycle(1, [file('load')], broken);
  expect(problems.map(({ message }) => message)).toEqual(['ipvsadm: not permitted']);
  expect(made.table.director.failure).toMatchObject({ code: 'not-permitted' });
  expect(made.readings.map(({ archive }) => archive)).toEqual(['probe_load']);
});

test('a machine without ipvsadm is a failing director, with probes as without', async () => {
  write('load', '7');
  const { problems } = await cycle(0, [file('load')], { ipvsadm: new UserError('no-ipvsadm', 'there is no ipvsadm') });
  expect(problems.map(({ code }) => code)).toEqual(['no-ipvsadm']);
});
