import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isModuleLoaded, readHostClock } from '../../../../src/collect/ipvs/proc/kernel.js';

const root = mkdtempSync(join(tmpdir(), 'proc-'));
afterAll(() => rmSync(root, { recursive: true }));

mkdirSync(join(root, 'up/net'), { recursive: true });
mkdirSync(join(root, 'up/sys/kernel/random'), { recursive: true });
writeFileSync(join(root, 'up/net/ip_vs'), '');
writeFileSync(join(root, 'up/uptime'), '350735.47 234388.90\n');
writeFileSync(join(root, 'up/sys/kernel/random/boot_id'), '9d2a2c4e-6b0c-4b2b-8d66-3f7c1a7b3b11\n');
mkdirSync(join(root, 'whole/proc/net'), { recursive: true });
mkdirSync(join(root, 'whole/sys/module/ip_vs'), { recursive: true });
writeFileSync(join(root, 'whole/proc/uptime'), '77.10 70.00\n');
writeFileSync(
  join(root, 'whole/proc/net/ip_vs_stats'),
  [
    '   Total Incoming Outgoing         Incoming         Outgoing',
    '   Conns  Packets  Packets            Bytes            Bytes',
    '      1F       A2       9A             2D45 FFFFFFFFFFFFFFFF',
    '',
    ' Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s',
    '       0        0        0                0                0',
    '',
  ].join('\n'),
);
mkdirSync(join(root, 'inside/self/ns'), { recursive: true });
writeFileSync(join(root, 'inside/uptime'), '77.10 70.00\n');
symlinkSync('net:[4026532281]', join(root, 'inside/self/ns/net'));
mkdirSync(join(root, 'strange/self/ns'), { recursive: true });
writeFileSync(join(root, 'strange/uptime'), '77.10 70.00\n');
symlinkSync('/some/where', join(root, 'strange/self/ns/net'));
mkdirSync(join(root, 'bare'));
writeFileSync(join(root, 'bare/uptime'), '12.00 1.00\n');
mkdirSync(join(root, 'odd'));
writeFileSync(join(root, 'odd/uptime'), 'no number\n');

describe('isModuleLoaded', () => {
  test("checks for the module's file", () => {
    expect(isModuleLoaded(join(root, 'up'))).toBe(true);
    expect(isModuleLoaded(join(root, 'bare'))).toBe(false);
  });
});

describe('readHostClock', () => {
  test.each([
    [
      'the uptime in whole seconds and the boot',
      'up',
      true,
      { uptimeS: 350735, bootId: '9d2a2c4e-6b0c-4b2b-8d66-3f7c1a7b3b11' },
    ],
    ["no boot for another machine's table", 'up', false, { uptimeS: 350735, bootId: null }],
    ['no boot without its file', 'bare', true, { uptimeS: 12, bootId: null }],
    ['its network namespace', 'inside', true, { uptimeS: 77, bootId: null, networkNamespace: '4026532281' }],
    ["no namespace for another machine's table", 'inside', false, { uptimeS: 77, bootId: null }],
    ['no namespace from an unexpected link', 'strange', true, { uptimeS: 77, bootId: null }],
    ['nothing without an uptime', 'missing', true, null],
    ['nothing if the uptime is not a number', 'odd', true, null],
  ])('returns %s', (_, folder, isLocal, expected) => {
    expect(readHostClock(join(root, folder), isLocal)).toEqual(expected);
  });

  test('identifies each loading of the module, which restarts the counters', () => {
    const clock = readHostClock(join(root, 'whole/proc'), true);
    expect(clock).toEqual({
      uptimeS: 77,
      bootId: null,
      moduleId: String(statSync(join(root, 'whole/sys/module/ip_vs')).ino),
    });
    expect(readHostClock(join(root, 'whole/proc'), false)).toEqual({ uptimeS: 77, bootId: null });
  });

  test('distinguishes network namespaces that reuse a number by their loopback device', () => {
    const loopback = join(root, 'anew/sys/class/net/lo');
    mkdirSync(join(root, 'anew/proc/self/ns'), { recursive: true });
    mkdirSync(loopback, { recursive: true });
    writeFileSync(join(root, 'anew/proc/uptime'), '77.10 70.00\n');
    symlinkSync('net:[4026532185]', join(root, 'anew/proc/self/ns/net'));
    const before = readHostClock(join(root, 'anew/proc'), true);
    expect(before?.networkNamespace).toBe(`4026532185/${statSync(loopback).ino}`);
    expect(readHostClock(join(root, 'anew/proc'), true)).toEqual(before);
    renameSync(loopback, join(root, 'anew/gone'));
    mkdirSync(loopback);
    expect(readHostClock(join(root, 'anew/proc'), true)?.networkNamespace).not.toBe(before?.networkNamespace);
  });
});
