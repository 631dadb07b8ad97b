// The archives of a group.

import { expect, test } from 'vitest';
import { groupList } from '../../src/fleet/group-list.js';
import { type ArchiveInfo, ipvsDataSources } from '../../src/model/archive.js';
import { aboutOfName } from '../../src/model/names/parse-name.js';
import { standardRetention } from '../../src/model/retention.js';

function info(name: string, change: Partial<ArchiveInfo> = {}): ArchiveInfo {
  const about = aboutOfName(name);
  const times = { firstS: 1000, lastS: 2000, goneS: null, events: 1 };
  return { name, about, dataSources: ipvsDataSources, retention: standardRetention, ...times, ...change };
}

const web = '192.0.2.1_80';
const there = info(web, { firstS: 1500, lastS: 2000 });
const gone = info(web, { firstS: 1000, lastS: 1800, goneS: 1900 });

test.each([
  ['there on one director, gone from the other', [there], [gone], { lastS: 2000, goneS: null }],
  ['gone from one director, there on the other', [gone], [there], { lastS: 2000, goneS: null }],
  [
    'gone from one that was read later, there on a silent one',
    [there],
    [info(web, { lastS: 2600, goneS: 2700 })],
    { lastS: 2600, goneS: null },
  ],
  [
    'gone from both, at different times',
    [gone],
    [info(web, { lastS: 2400, goneS: 2500 })],
    { lastS: 2400, goneS: 2500 },
  ],
  [
    'gone from both, the later one first',
    [info(web, { lastS: 2400, goneS: 2500 })],
    [gone],
    { lastS: 2400, goneS: 2500 },
  ],
  ['of one director only', [there], [], { lastS: 2000, goneS: null }],
] as const)('a service is %s', (_, one, other, expected) => {
  expect(groupList([one, other])).toEqual([expect.objectContaining(expected)]);
});

test('an archive began with the first of them, has the events of all, and is described as the newest reading has it', () => {
  const about = { ...there.about, kind: 'service', scheduler: 'wlc', flags: '' } as ArchiveInfo['about'];
  expect(groupList([[gone], [{ ...there, about }]])).toEqual([{ ...there, about, firstS: 1000, events: 2 }]);
});

test('belongs to the kernel’s table: not parts of a machine, HAProxy, probes or agents', () => {
  const names = ['all', 'all/cpu_0', 'all/table', web, `${web}/10.0.0.5_80`, 'haproxy_be_www', 'agent_web01'];
  expect(groupList([names.map((name) => info(name))]).map(({ name }) => name)).toEqual([
    'all',
    web,
    `${web}/10.0.0.5_80`,
  ]);
});
