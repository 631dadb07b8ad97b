import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { graphTypes, periods, stackTypes } from '../../src/render/define/graph-request.js';
import { fetchRows, listArchives, listEvents } from './answers.js';
import { printingInTurn, printingPair, printingStep } from './fakes.js';
import { readPng } from './png.js';
import { filesBelow, run, scratch, untilAfter } from './program.js';
import { evenPair, recordPair, sequencePair } from './recordings.js';

const newFolder = scratch();

/** Runs `collect` without pictures on a command's output. */
function collect(dataDir: string, ipvsadm: string, ...options: readonly string[]) {
  return run(['collect', '--data', dataDir, '--ipvsadm', ipvsadm, '--no-pictures', ...options]);
}

describe('collect', () => {
  test('stores a cycle, reports it in one line, and draws every service and the director', async () => {
    const data = join(newFolder(), 'made', 'by-collect');
    const ended = await run(['collect', '--data', data, '--ipvsadm', printingStep('sequence/003-traffic')]);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d: 5 services, 6 real servers\n$/);
    const archives = await listArchives(data);
    expect(archives).toHaveLength(12);
    expect(new Set(archives.map(({ last }) => last)).size).toBe(1);
    const services = archives.filter(({ kind }) => kind === 'service').map(({ name }) => name);
    const expected = Object.keys(periods).flatMap((period) => [
      ...stackTypes.map((type) => `${period}/all-${type}.png`),
      ...services.flatMap((name) => graphTypes.map((type) => `${period}/${name}-${type}.png`)),
    ]);
    const graphs = join(data, 'graphs');
    expect(filesBelow(graphs)).toEqual(expected.sort());
    for (const file of expected) expect(readPng(join(graphs, file))).toEqual({ width: 760, height: 300 });
  });

  test('takes the data folder from LVS_STATS_DATA', async () => {
    const data = newFolder();
    const args = ['collect', '--no-pictures', '--ipvsadm', printingStep('sequence/001-start')];
    expect(await run(args, { env: { LVS_STATS_DATA: data } })).toMatchObject({ status: 0 });
    expect(await listArchives(data)).toHaveLength(12);
  });

  test('draws nothing with --no-pictures', async () => {
    const data = newFolder();
    expect(await collect(data, printingStep('sequence/003-traffic'))).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(data).sort()).toEqual(['archives', 'locks']);
  });

  test('accepts an empty table: the director has an archive', async () => {
    const data = newFolder();
    const ended = await collect(data, printingPair(newFolder('pair'), evenPair(0, 1)));
    expect(ended).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(': 0 services, 0 real servers\n'),
    });
    expect((await listArchives(data)).map(({ name }) => name)).toEqual(['all']);
  });

  test('with --record keeps the outputs byte for byte, and a replay of them gives the same rows', async () => {
    const [data, record, replayed] = [newFolder(), newFolder('record'), newFolder()];
    await collect(data, printingStep('sequence/001-start'), '--record', record);
    const [first] = await listArchives(data);
    await untilAfter(first?.last ?? 0);
    await collect(data, printingStep('sequence/003-traffic'), '--record', record);
    expect(filesBelow(record)).toHaveLength(4);
    const { stats, table } = sequencePair('003-traffic');
    const texts = filesBelow(record).map((file) => readFileSync(join(record, file), 'latin1'));
    expect(texts.slice(2)).toEqual([stats, table]);
    expect(await run(['replay', record, '--data', replayed])).toMatchObject({ status: 0, stderr: '' });
    expect(await listArchives(replayed)).toEqual(await listArchives(data));
    for (const name of ['all', '10.9.1.1_80', 'fwm_1/10.1.0.11_0']) {
      expect(await fetchRows(replayed, name)).toEqual(await fetchRows(data, name));
    }
  });

  test('fails and changes nothing while the clock is behind the last reading', async () => {
    const [data, future] = [newFolder(), newFolder('record')];
    const aheadS = Math.floor(Date.now() / 1000) + 3600;
    recordPair(future, aheadS, sequencePair('003-traffic'));
    await run(['replay', future, '--data', data]);
    const before = [await listArchives(data), await listEvents(data)];
    const ended = await collect(data, printingStep('sequence/005-more-traffic'));
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toMatch(
      /^lvs-stats: the clock says .* UTC, but the last reading is from .*nothing was stored.*"lvs-stats rewind"/,
    );
    expect([await listArchives(data), await listEvents(data)]).toEqual(before);
  });

  test('rereads a listing that lacks a recently known real server', async () => {
    const [data, turns] = [newFolder(), newFolder('turns')];
    const [whole, torn] = [sequencePair('025-service-added'), sequencePair('027-real-server-removed')];
    await collect(data, printingPair(newFolder('pair'), whole));
    const [first] = await listArchives(data);
    await untilAfter(first?.last ?? 0);
    const ended = await collect(data, printingInTurn(turns, [torn, whole]));
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(turns, 'calls.stats'), 'utf8')).toBe('2\n');
    const kinds = (await listEvents(data)).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['appeared']));
  });

  test('accepts a listing that lacks it twice', async () => {
    const [data, turns] = [newFolder(), newFolder('turns')];
    const [whole, torn] = [sequencePair('025-service-added'), sequencePair('027-real-server-removed')];
    await collect(data, printingPair(newFolder('pair'), whole));
    const [first] = await listArchives(data);
    await untilAfter(first?.last ?? 0);
    await collect(data, printingInTurn(turns, [torn, torn]));
    expect((await listEvents(data)).at(-1)).toMatchObject({ kind: 'real-server-removed', realServer: '10.1.0.12_80' });
  });

  test('removes unfinished pictures of a killed process, but not of a running one', async () => {
    const data = newFolder();
    const day = join(data, 'graphs', 'day');
    mkdirSync(day, { recursive: true });
    const [left, current] = [join(day, 'all-cps.png.999999999.part'), join(day, `all-pps.png.${process.pid}.part`)];
    for (const path of [left, current]) writeFileSync(path, '');
    const pair = printingPair(newFolder('pair'), evenPair(0, 1));
    expect(await run(['collect', '--data', data, '--ipvsadm', pair])).toMatchObject({ status: 0, stderr: '' });
    expect([existsSync(left), existsSync(current)]).toEqual([false, true]);
  });

  test('fails if a picture cannot be written, but stores the cycle', async () => {
    const data = newFolder();
    mkdirSync(join(data, 'graphs'));
    symlinkSync('unmounted', join(data, 'graphs', 'day'));
    const ended = await run(['collect', '--data', data, '--ipvsadm', printingStep('sequence/003-traffic')]);
    expect(ended).toMatchObject({ status: 1, stdout: expect.stringContaining('5 services') });
    expect(ended.stderr).toMatch(/^lvs-stats: cannot write .*graphs\/.*\.png \(.*\)/);
    expect(ended.stderr).not.toMatch(/bug in lvs-stats|defect/);
    expect(await listArchives(data)).toHaveLength(12);
  });

  test('reports a data folder that is a file', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    const ended = await collect(file, printingStep('sequence/003-traffic'));
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^lvs-stats: cannot .*file/);
  });
});
