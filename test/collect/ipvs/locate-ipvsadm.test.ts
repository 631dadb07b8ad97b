import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { locateIpvsadm } from '../../../src/collect/ipvs/locate-ipvsadm.js';

const root = mkdtempSync(join(tmpdir(), 'locate-'));
afterAll(() => rmSync(root, { recursive: true }));

function folder(name: string, mode?: number): string {
  const path = join(root, name);
  mkdirSync(path);
  if (mode !== undefined) {
    writeFileSync(join(path, 'ipvsadm'), '#!/bin/sh\n');
    chmodSync(join(path, 'ipvsadm'), mode);
  }
  return path;
}

const empty = folder('empty');
const one = folder('one', 0o755);
const two = folder('two', 0o755);
const plain = folder('plain', 0o644);
const nested = folder('nested');
mkdirSync(join(nested, 'ipvsadm'));

describe('locateIpvsadm', () => {
  test.each([
    ['first on PATH', `${empty}:${one}:${two}`, [], one],
    ['in the system folders, which PATH may lack', empty, [empty, two], two],
    ['on PATH before the system folders', two, [one], two],
    ['after a file that is not executable', `${plain}:${nested}`, [one], one],
    ['after empty and relative parts of PATH', `:.:bin:${one}`, [], one],
  ])('finds ipvsadm %s', (_, path, systemFolders, expected) => {
    expect(locateIpvsadm({ replacement: null, path, systemFolders })).toEqual({
      file: join(expected, 'ipvsadm'),
      args: [],
      isLocal: true,
    });
  });

  test('reports where it looked and how to install ipvsadm', () => {
    const locate = () => locateIpvsadm({ replacement: null, path: empty, systemFolders: [plain, nested] });
    expect(locate).toThrow(expect.objectContaining({ code: 'no-ipvsadm' }));
    expect(locate).toThrow(`nor in ${plain}, ${nested}: install it`);
  });

  test.each([
    ['ssh lb1 sudo ipvsadm', 'ssh', ['lb1', 'sudo', 'ipvsadm'], false],
    ["'/opt/my tools/ipvsadm' -x", '/opt/my tools/ipvsadm', ['-x'], false],
    ['sudo ipvsadm', 'sudo', ['ipvsadm'], true],
    ['/usr/bin/sudo -n /sbin/ipvsadm', '/usr/bin/sudo', ['-n', '/sbin/ipvsadm'], true],
    ['sudo ssh lb1 ipvsadm', 'sudo', ['ssh', 'lb1', 'ipvsadm'], false],
  ])('uses a configured command: %s', (replacement, file, args, isLocal) => {
    expect(locateIpvsadm({ replacement, path: one })).toEqual({ file, args, isLocal });
  });
});
