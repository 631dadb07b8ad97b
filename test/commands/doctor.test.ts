import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixturePath } from '../collect/capture.js';
import { fakeCommand, printingStep } from './fakes.js';
import { filesBelow, run, scratch } from './program.js';

const newFolder = scratch();

describe('doctor', () => {
  test('finds nothing wrong if the table is readable, and writes nothing', async () => {
    const data = join(newFolder(), 'later');
    const { status, stdout, stderr } = await run([
      'doctor',
      '--data',
      data,
      '--ipvsadm',
      printingStep('sequence/003-traffic'),
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^ok +table +it can be read: 5 services, 6 real servers$/m);
    expect(stdout).toMatch(/^ok +data folder +.*later does not exist yet/m);
    expect(stdout.trimEnd()).toMatch(/Nothing is missing\.$/);
    expect(filesBelow(data)).toEqual([]);
  });

  test('fails with the reason and its remedy if the table is unreadable', async () => {
    const refused = fakeCommand('fails', '2', fixturePath('ipvs/access/017-loaded-nobody-stats-exact.stderr'));
    const { status, stdout, stderr } = await run(['doctor', '--data', newFolder(), '--ipvsadm', refused]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toMatch(/^problem +table (.*\n +)*.*not permitted/m);
    expect(stdout).toContain('sudo ipvsadm');
    expect(stdout).toContain('1 problem; the lines marked "problem" keep lvs-stats from working.');
  });

  test('reports a missing ipvsadm', async () => {
    const { status, stdout } = await run(['doctor', '--data', newFolder(), '--ipvsadm', '/nowhere/ipvsadm']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^problem +table .*\/nowhere\/ipvsadm/m);
  });
});
