// Connections of a host, from /proc/net/tcp and tcp6.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConnectionCounts } from '../../../src/agent/host/parse-tcp.js';
import { readConnections } from '../../../src/agent/host/read-connections.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lvs-stats-tcp-'));
  mkdirSync(join(root, 'net'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const heading = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const lineOf = (local: string, peer: string, state = '01'): string =>
  `   0: ${local} ${peer} ${state} 00000000:00000000 00:00000000 00000000     0        0 436 1 0000000000000000 100 0 0 10 0`;

describe('the connections of a host', () => {
  test('are counted by direction, addresses and port, with clients as networks, and without those to itself', async () => {
    const { connections, problem } = await readConnections(join(import.meta.dirname, '../../fixtures/agent/proc'));
    expect(problem).toBeNull();
    expect(connections).toEqual([
      { dir: 'out', local: '10.99.0.1', peer: '10.99.0.2', port: 3306, n: 4 },
      { dir: 'in', local: '10.99.0.1', peer: '10.99.0.0/24', port: 8080, n: 3 },
      { dir: 'in', local: 'fd00:99::1', peer: 'fd00:99::/48', port: 8080, n: 2 },
      { dir: 'out', local: 'fd00:99::1', peer: 'fd00:99::2', port: 6379, n: 1 },
      { dir: 'in', local: '10.99.0.1', peer: '10.99.0.0/24', port: 22, n: 1 },
    ]);
  });

  test('are none of a host without IPv6 in a file that does not exist', async () => {
    writeFileSync(join(root, 'net/tcp'), `${heading}\n${lineOf('0163000A:A000', '0263000A:0CEA')}\n`);
    const { connections, problem } = await readConnections(root);
    expect({ connections, problem }).toEqual({
      connections: [{ dir: 'out', local: '10.0.99.1', peer: '10.0.99.2', port: 3306, n: 1 }],
      problem: null,
    });
  });

  test('are read up to a bound, and the report says so', async () => {
    const line = `${lineOf('0163000A:A000', '0263000A:0CEA')}\n`;
    writeFileSync(join(root, 'net/tcp'), `${heading}\n${line.repeat(100_500)}`);
    const { connections, problem } = await readConnections(root);
    expect(connections).toEqual([{ dir: 'out', local: '10.0.99.1', peer: '10.0.99.2', port: 3306, n: 99_999 }]);
    expect(problem?.text).toMatch(/more connections than are read/);
  });

  test('of which there are too many kinds are kept up to a bound', () => {
    const counts = new ConnectionCounts(true);
    for (let i = 0; i < 20_001; i++) {
      counts.addLine(lineOf('0163000A:A000', `${i.toString(16).toUpperCase().padStart(6, '0')}0A:0CEA`));
    }
    expect(counts.isOverflown).toBe(true);
    expect(counts.busiest(100_000)).toHaveLength(20_000);
    expect(counts.busiest(10)).toHaveLength(10);
  });

  test.each([
    ['little', true, '0100A8C0', '192.168.0.1'],
    ['big', false, 'C0A80001', '192.168.0.1'],
    ['little', true, 'B80D0120000000000000000001000000', '2001:db8::1'],
    ['big', false, '20010DB8000000000000000000000001', '2001:db8::1'],
    ['little', true, '0000000000000000FFFF00000100A8C0', '192.168.0.1'],
  ])('have addresses in the byte order of a %s-endian machine', (_, isLittleEndian, hex, local) => {
    const counts = new ConnectionCounts(isLittleEndian);
    counts.addLine(lineOf(`${hex}:A000`, `${'F'.repeat(hex.length)}:0050`));
    expect(counts.busiest(1)[0]?.local).toBe(local);
  });

  test.each([heading, '', 'x', '   0: 0163000A', lineOf('0163000A:A000', '0263000A:0CEA', '06')])(
    'do not come from other lines: %s',
    (line) => {
      const counts = new ConnectionCounts(true);
      counts.addLine(line);
      expect(counts.busiest(1)).toEqual([]);
    },
  );
});
