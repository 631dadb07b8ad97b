// Down servers as metrics have them: with its place, without what is silenced, and with the real servers that a failed service had.

import { expect, test } from 'vitest';
import { readDown } from '../../../src/cycle/live/read-down.js';
import { downFamilies } from '../../../src/metrics/down-metrics.js';
import { exposition } from '../../../src/metrics/exposition.js';
import type { ArchiveInfo } from '../../../src/model/archive.js';
import type { Finding } from '../../../src/model/finding/finding.js';
import { standardRetention } from '../../../src/model/retention.js';
import { PagedDirector, racked } from '../../interpret/paging/paged-director.js';

const topology = racked([
  { rack: 'a', octets: [1, 2] },
  { rack: 'b', octets: [11] },
]);

/** Archives of real servers of the service at port 81, gone since a time. */
function listed(...servers: readonly (readonly [octet: number, goneS: number | null])[]): readonly ArchiveInfo[] {
  const about = { kind: 'real-server', forwarding: 'Masq', weight: 1 } as unknown as ArchiveInfo['about'];
  return servers.map(([octet, goneS]) => ({
    ...{ name: `192.0.2.1_81/10.0.0.${octet}_80`, about, dataSources: [], retention: standardRetention },
    ...{ firstS: 0, lastS: goneS ?? 0, goneS, events: 0 },
  }));
}

async function downAfter(director: PagedDirector, archives: readonly ArchiveInfo[], findings: readonly Finding[]) {
  const ground = { known: director.director.table, findings, topology };
  const down = await readDown({ list: async () => archives }, ground);
  const series = [...exposition(downFamilies(down), 'text')].join('').split('\n');
  return { down, series: series.filter((line) => line !== '' && !line.startsWith('#')).toSorted() };
}

function newDirector(): PagedDirector {
  return new PagedDirector(topology, [
    [80, [1, 2, 11]],
    [81, [1, 2]],
  ]);
}

test('hosts stand where the topology says, and nothing is down', async () => {
  const director = newDirector();
  const { series } = await downAfter(director, [], director.director.open);
  expect(series).toEqual([
    'lvs_host_usable_real_servers{host="h1",rack="tx/a",dc="tx"} 2',
    'lvs_host_usable_real_servers{host="h11",rack="tx/b",dc="tx"} 1',
    'lvs_host_usable_real_servers{host="h2",rack="tx/a",dc="tx"} 2',
  ]);
});

test('a service that lost all its real servers counts those that left with it, and none that left before', async () => {
  const director = newDirector();
  for (const server of ['80/1', '80/2', '81/1', '81/2']) director.down.set(server, 'removed');
  director.cycle(2);
  const { timeS } = director.director;
  const archives = listed([1, timeS - 300], [2, timeS - 300], [7, timeS - 86_400]);
  const { series, down } = await downAfter(director, archives, director.director.open);
  const of81 = down.servers.filter(({ service }) => service === '192.0.2.1_81');
  expect(of81.map(({ host, rack, severity }) => [host, rack, severity])).toEqual([
    ['h1', 'tx/a', 'critical'],
    ['h2', 'tx/a', 'critical'],
  ]);
  expect(series).toContain('lvs_virtual_server_usable_real_servers{service="192.0.2.1_81"} 0');
  expect(series).toContain('lvs_host_usable_real_servers{host="h1",rack="tx/a",dc="tx"} 0');
  expect(series.filter((line) => line.startsWith('lvs_real_server_down')).length).toBe(4);
});

test('what is silenced or a notice is not down; findings of services that lost real servers are explained', async () => {
  const director = newDirector();
  director.down.set('80/1', 'removed');
  director.cycle(2);
  const { open, timeS } = director.director;
  expect(open.length).toBeGreaterThan(0);
  expect((await downAfter(director, [], [])).down.servers).toEqual([]);
  const notices = open.map((one) => ({ ...one, severity: 'notice' as const }));
  expect((await downAfter(director, [], notices)).down.servers).toEqual([]);
  const other = { kind: 'traffic-collapsed', severity: 'warning', sinceS: timeS, numbers: {} } as const;
  const follows = { ...other, subject: '192.0.2.1_80', archives: ['192.0.2.1_80'] };
  const alone = { ...other, subject: '192.0.2.1_81', archives: ['192.0.2.1_81'] };
  const ofAll = { ...other, subject: 'all', archives: ['all'] };
  const { explained } = (await downAfter(director, [], [...open, follows, alone, ofAll])).down;
  const ids = [follows, alone, ofAll].map(({ kind, subject }) => `${kind}/${subject}@${timeS}`);
  expect(ids.map((id) => explained.has(id))).toEqual([true, false, false]);
});
