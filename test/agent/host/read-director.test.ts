// The real servers of a director as targets of its agent.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readDirectorTargets } from '../../../src/agent/host/read-director.js';
import { readLoad } from '../../../src/agent/host/read-load.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lvs-stats-director-'));
  mkdirSync(join(root, 'net'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const table = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  C0000201:0050 wlc
  -> 0A000005:1F90      Masq    1      12         30
  -> 0A000006:1F90      Route   1      12         30
  -> 7F000001:1F90      Local   1      0          0
TCP  [2001:0db8:0000:0000:0000:0000:0000:0001]:0050 rr
  -> [2001:0db8:0000:0000:0000:0000:0000:0005]:0050      Route   0      0          0
TCP  C0000201:01BB wlc
  -> 0A000005:20FB      Masq    1      12         30
`;

test('a host with several real servers is one target', () => {
  writeFileSync(join(root, 'net/ip_vs'), table);
  expect(readDirectorTargets(root)).toEqual([
    { address: '10.0.0.5', port: null },
    { address: '10.0.0.6', port: null },
    { address: '2001:db8::5', port: null },
  ]);
});

test('a machine without a table has none', () => {
  expect(readDirectorTargets(root)).toBeNull();
});

test.each([
  ['0.52 0.40 0.31 1/86 1136\n', 0.52],
  ['', null],
  ['x y z\n', null],
  [null, null],
])('the load average in %j is %j', (text, load) => {
  if (text !== null) writeFileSync(join(root, 'loadavg'), text);
  expect(readLoad(root)).toBe(load);
});
