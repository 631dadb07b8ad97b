import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type DiagnoseRequest, diagnose } from '../../src/doctor/diagnose.js';
import { checkEstimation } from '../../src/doctor/kernel-checks.js';
import { fixturePath } from '../collect/capture.js';
import { procFile } from '../collect/proc-fixture.js';

const root = mkdtempSync(join(tmpdir(), 'doctor-'));
afterAll(() => rmSync(root, { recursive: true }));

let made = 0;

/** A tree of files, by path. */
function tree(files: Readonly<Record<string, string>>): string {
  made += 1;
  const dir = join(root, `tree-${made}`);
  mkdirSync(dir);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(dir, path, '..'), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

const status = (capEff: string) =>
  `Name:\tnode\nCapInh:\t0000000000001000\nCapEff:\t${capEff}\nCapBnd:\t000001ffffffffff\n`;
const goodProc = {
  'net/ip_vs': procFile('idle/net/ip_vs'),
  'net/ip_vs_stats': procFile('idle/net/ip_vs_stats'),
  'net/ip_vs_stats_percpu': procFile('idle/net/ip_vs_stats_percpu'),
  'self/status': status('0000000000001000'),
  'sys/kernel/random/boot_id': '9d2a2c4e-6b0c-4b2b-8d66-3f7c1a7b3b11\n',
  uptime: '5.00 1.00\n',
};

/** A healthy tree of /proc, except what no text file can be. */
function goodTree(files: Readonly<Record<string, string>> = {}): string {
  const proc = join(
    tree(Object.fromEntries(Object.entries({ ...goodProc, ...files }).map(([path, text]) => [`proc/${path}`, text]))),
    'proc',
  );
  mkdirSync(join(proc, 'self/ns'));
  symlinkSync('net:[4026531840]', join(proc, 'self/ns/net'));
  mkdirSync(join(proc, '../sys/module/ip_vs'), { recursive: true });
  return proc;
}

const binDir = join(root, 'bin');
mkdirSync(binDir);
const quoted = (name: string) => `'${fixturePath(`ipvs/${name}`)}'`;
const script = (stats: string, table: string) =>
  `#!/bin/sh\nexec '${fixturePath('bin/prints')}' ${quoted(stats)} ${quoted(table)} "$@"\n`;
writeFileSync(join(binDir, 'ipvsadm'), script('zoo/027-stats-exact.txt', 'zoo/025-list.txt'));
chmodSync(join(binDir, 'ipvsadm'), 0o755);

function healthy(): DiagnoseRequest {
  return {
    nodeVersion: 'v20.20.2',
    ipvsadm: { replacement: null, path: binDir, systemFolders: [] },
    procRoot: goodTree(),
    refreshMs: 1,
    dataDir: tree({}),
    userId: process.getuid?.() ?? null,
    nowS: () => 4_000_000_000,
    fontProblem: () => null,
    root: '/nowhere',
    settings: { file: '/nowhere/lvs-stats.yaml', problem: null },
    policyProblem: null,
  };
}

async function check(name: string, change: Partial<DiagnoseRequest>) {
  const found = (await diagnose({ ...healthy(), ...change })).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no check called ${name}`);
  return found;
}

describe('diagnose', () => {
  test('finds nothing on a healthy machine, and changes nothing', async () => {
    const request = healthy();
    const before = readdirSync(root, { recursive: true });
    const checks = await diagnose(request);
    expect(checks.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual([
      'Node.js',
      'ipvsadm',
      'permission',
      'module',
      'counting',
      'evidence',
      'connections',
      'table',
      'data folder',
      'disk',
      'font',
      'settings',
      'policy',
      'schedule',
      'clock',
    ]);
    expect(readdirSync(root, { recursive: true })).toEqual(before);
  });

  test('reads the table and counts its contents', async () => {
    expect(await check('table', {})).toMatchObject({
      state: 'ok',
      finding: expect.stringContaining('86 services'),
    });
  });

  test.each([
    ['v18.19.0', 'problem'],
    ['v20.14.0', 'problem'],
    ['v20.15.0', 'ok'],
    ['v22.0.0', 'ok'],
    ['v100.1.0', 'ok'],
  ])('Node.js %s is %s', async (nodeVersion, state) => {
    expect(await check('Node.js', { nodeVersion })).toMatchObject({ state });
  });

  test('reports a missing ipvsadm, and does not try the table', async () => {
    const ipvsadm = { replacement: null, path: '', systemFolders: [] };
    expect(await check('ipvsadm', { ipvsadm })).toMatchObject({
      state: 'problem',
      finding: expect.stringContaining('apt install ipvsadm'),
    });
    expect(await check('table', { ipvsadm })).toMatchObject({ state: 'warning' });
  });

  test('reports a command with an open quote', async () => {
    const ipvsadm = { replacement: "ssh 'lb1", path: '' };
    expect(await check('ipvsadm', { ipvsadm })).toMatchObject({
      state: 'problem',
      finding: expect.stringContaining('not closed'),
    });
  });

  test.each([
    ['0000000000001000', 'ok'],
    ['000001ffffffffff', 'ok'],
    ['0000000000000000', 'problem'],
    ['000001ffffffefff', 'problem'],
  ])('permission with CapEff %s is %s', async (capEff, state) => {
    const found = await check('permission', { procRoot: tree({ ...goodProc, 'self/status': status(capEff) }) });
    expect(found.state).toBe(state);
    expect(found.remedy?.includes('setpriv --reuid')).toBe(state === 'problem' ? true : undefined);
  });

  test('warns if the permission is unknown', async () => {
    expect(await check('permission', { procRoot: tree({ 'net/ip_vs': '' }) })).toMatchObject({ state: 'warning' });
  });

  test('reports a module that is not loaded, and does not run ipvsadm, which would load it', async () => {
    const mark = join(root, 'was-run');
    const dir = join(root, 'marking');
    mkdirSync(dir);
    writeFileSync(join(dir, 'ipvsadm'), `#!/bin/sh\n: >'${mark}'\n`);
    chmodSync(join(dir, 'ipvsadm'), 0o755);
    const change = {
      procRoot: tree({ 'self/status': status('0') }),
      ipvsadm: { replacement: null, path: dir, systemFolders: [] },
    };
    expect(await check('module', change)).toMatchObject({
      state: 'problem',
      remedy: expect.stringContaining('modprobe ip_vs'),
    });
    expect(await check('table', change)).toMatchObject({
      state: 'warning',
      finding: expect.stringContaining('not tried'),
    });
    expect(readdirSync(root)).not.toContain('was-run');
  });

  test.each([
    ['0\n', 'problem'],
    ['1\n', 'ok'],
  ])('run_estimation %j is %s', async (value, state) => {
    const procRoot = tree({ ...goodProc, 'sys/net/ipv4/vs/run_estimation': value });
    expect(await check('counting', { procRoot })).toMatchObject({ state });
  });

  test('reports a problem if est_cpulist is empty, which freezes the counters', async () => {
    const procRoot = goodTree({ 'sys/net/ipv4/vs/run_estimation': '1\n', 'sys/net/ipv4/vs/est_cpulist': '\n' });
    expect(await check('counting', { procRoot })).toMatchObject({
      state: 'problem',
      finding: 'net.ipv4.vs.est_cpulist is empty: the kernel has frozen all counters',
      remedy: expect.stringContaining('est_cpulist=all'),
    });
    writeFileSync(join(procRoot, 'sys/net/ipv4/vs/est_cpulist'), '0-1\n');
    expect(await check('counting', { procRoot })).toMatchObject({
      state: 'ok',
      finding: expect.stringContaining('processors 0-1'),
    });
  });

  test('names evidence that it cannot read', async () => {
    const procRoot = goodTree();
    rmSync(join(procRoot, 'self/ns/net'));
    rmSync(join(procRoot, 'net/ip_vs_stats_percpu'));
    const found = await check('evidence', { procRoot });
    expect(found).toMatchObject({ state: 'warning', remedy: expect.stringContaining('container') });
    expect(found.finding).toContain(`${procRoot}/net/ip_vs_stats_percpu, ${procRoot}/self/ns/net:`);
  });

  describe('the connection table', () => {
    const seven = (): string =>
      goodTree({
        'net/ip_vs': procFile('kernel-7/traffic/net/ip_vs'),
        'net/ip_vs_status': procFile('kernel-7/traffic/net/ip_vs_status'),
      });
    /** A folder cannot be read as a file, not even by root. */
    function treeWithoutRights(): string {
      const procRoot = seven();
      rmSync(join(procRoot, 'net/ip_vs_status'));
      mkdirSync(join(procRoot, 'net/ip_vs_status'));
      return procRoot;
    }

    test('of Linux 7 is known exactly to root, and to processes that root passes it to', async () => {
      expect(await check('connections', { procRoot: seven() })).toMatchObject({
        state: 'ok',
        finding: 'a table of 1024 buckets, 40 connections (known exactly, from /proc/net/ip_vs_status)',
      });
      const handedStatus = procFile('kernel-7/traffic/net/ip_vs_status');
      expect(await check('connections', { procRoot: treeWithoutRights(), handedStatus })).toMatchObject({
        state: 'ok',
      });
    });

    test('of Linux 7 has a hint if this user may not read it', async () => {
      expect(await check('connections', { procRoot: treeWithoutRights() })).toMatchObject({
        state: 'warning',
        finding: expect.stringContaining('only root may read /proc/net/ip_vs_status'),
        remedy: expect.stringContaining('lvs-stats setup'),
      });
    });

    test.each([
      ['slabinfo that only root may read', {}, '/proc/slabinfo'],
      ['slabs that are merged', { slabinfo: 'slabinfo - version: 2.1\n' }, 'in one cache with other objects'],
    ])('of an older kernel with %s is no problem, and has a hint', async (_, files, reason) => {
      const found = await check('connections', { procRoot: goodTree(files) });
      expect(found).toMatchObject({ state: 'ok', finding: expect.stringContaining(reason) });
      expect(found.remedy).toContain('Linux 7');
    });

    test("is a warning if an older version's unit does not pass it to its collector", async () => {
      const unit = '/etc/systemd/system/lvs-stats-lb2-collect.service';
      const root = tree({ [unit]: '[Service]\nUser=lvs-stats\n' });
      expect(await check('connections', { procRoot: seven(), root })).toMatchObject({
        state: 'warning',
        finding: expect.stringContaining(unit),
        remedy: 'lvs-stats setup --systemd --instance lb2',
      });
      writeFileSync(
        join(root, unit),
        '[Service]\nUser=lvs-stats\nLoadCredential=ip_vs_status:/proc/net/ip_vs_status\n',
      );
      expect(await check('connections', { procRoot: seven(), root })).toMatchObject({ state: 'ok' });
    });
  });

  test('reports counters that stand still while processors count, whatever the switch says', async () => {
    const percpu = (folder: string): string => procFile(`${folder}/net/ip_vs_stats_percpu`);
    const files = { ...goodProc, 'net/ip_vs_stats': procFile('frozen/net/ip_vs_stats') };
    const procRoot = tree({ ...files, 'net/ip_vs_stats_percpu': percpu('traffic') });
    expect(await checkEstimation(procRoot, 1)).toMatchObject({ state: 'ok' });
    const checked = checkEstimation(procRoot, 200);
    writeFileSync(join(procRoot, 'net/ip_vs_stats_percpu'), percpu('frozen'));
    expect(await checked).toMatchObject({ state: 'problem', finding: expect.stringContaining('frozen') });
    writeFileSync(join(procRoot, 'net/ip_vs_stats_percpu'), percpu('traffic'));
    const refreshed = checkEstimation(procRoot, 200);
    writeFileSync(join(procRoot, 'net/ip_vs_stats_percpu'), percpu('frozen'));
    writeFileSync(join(procRoot, 'net/ip_vs_stats'), procFile('traffic/net/ip_vs_stats'));
    expect(await refreshed).toMatchObject({ state: 'ok' });
  });

  test('needs neither permission nor module here for a command that replaces ipvsadm', async () => {
    const replacement = `'${fixturePath('bin/prints')}' ${quoted('empty/003-stats-exact.txt')} ${quoted('empty/001-list.txt')}`;
    const checks = await diagnose({
      ...healthy(),
      ipvsadm: { replacement, path: '' },
      procRoot: tree({ 'self/status': status('0') }),
    });
    expect(checks.every(({ state }) => state === 'ok')).toBe(true);
    expect(checks.map(({ name }) => name)).not.toContain('module');
    expect(checks.find(({ name }) => name === 'table')?.finding).toContain('it has no services yet');
  });

  test('reports an unreadable table with the reason', async () => {
    const replacement = `'${fixturePath('bin/fails')}' 2 ${quoted('access/017-loaded-nobody-stats-exact.stderr')}`;
    expect(await check('table', { ipvsadm: { replacement, path: '' } })).toMatchObject({
      state: 'problem',
      finding: expect.stringContaining('Permission denied'),
    });
  });

  test('reports an unusable font', async () => {
    const found = await check('font', { fontProblem: () => 'roboto.ttf: not found' });
    expect(found).toMatchObject({ state: 'problem', finding: 'roboto.ttf: not found' });
  });

  test.each([
    ['before the program was written', 0, 'problem'],
    ['behind its own data', 1_740_000_000, 'warning'],
    ['that is right', 4_000_000_000, 'ok'],
  ])('reports a clock %s', async (_, nowS, state) => {
    expect(await check('clock', { nowS: () => nowS })).toMatchObject({ state });
  });
});
