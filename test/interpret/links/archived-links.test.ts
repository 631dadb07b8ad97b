// Which agents and links have archives.

import { expect, test } from 'vitest';
import { archivedAgents, archivedLinks, type WatchedLink } from '../../../src/interpret/links/archived-links.js';
import { mostAgentArchives, mostLinkArchives } from '../../../src/model/links/counts.js';

const nothing = { known: new Set<string>(), gone: new Map(), isRealServer: () => false };
const link = (address: string, is: Partial<WatchedLink> = {}): WatchedLink => {
  return { archive: `link_web01/${address}`, address, isLost: false, isPinned: false, ...is };
};

function addresses(count: number): readonly WatchedLink[] {
  return Array.from({ length: count }, (_, i) => link(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`));
}

test('links to real servers, pinned ones and lost ones have archives, and others have none', () => {
  const all = [
    link('10.0.0.1'),
    link('10.0.0.2'),
    link('10.0.0.3', { isLost: true }),
    link('10.0.0.4', { isPinned: true }),
  ];
  const { chosen, leftOut } = archivedLinks(all, {
    ...nothing,
    isRealServer: (address) => address === '10.0.0.2',
  });
  expect(chosen.map(({ address }) => address)).toEqual(['10.0.0.4', '10.0.0.3', '10.0.0.2']);
  expect(leftOut).toBe(0);
});

test('a link that was lost once keeps its archive', () => {
  const known = new Set(['link_web01/10.0.0.1']);
  expect(archivedLinks([link('10.0.0.1'), link('10.0.0.2')], { ...nothing, known }).chosen).toEqual([link('10.0.0.1')]);
});

test('there are at most so many, those that have one first', () => {
  const all = addresses(mostLinkArchives + 3);
  const last = all.at(-1)?.address ?? '';
  const known = new Set([`link_web01/${last}`]);
  const { chosen, leftOut } = archivedLinks(all, { ...nothing, known, isRealServer: () => true });
  expect([chosen.length, leftOut, chosen[0]?.address]).toEqual([mostLinkArchives, 3, last]);
});

test('those that are gone take room too', () => {
  const gone = new Map(addresses(2 * mostLinkArchives - 2).map(({ address }) => [`link_old/${address}`, 1]));
  const { chosen, leftOut } = archivedLinks(addresses(5), { ...nothing, gone, isRealServer: () => true });
  expect([chosen.length, leftOut]).toEqual([2, 3]);
});

test('all agents have archives, as long as there is room', () => {
  const agents = [{ agent: 'web01' }, { agent: 'web02' }];
  expect(archivedAgents(agents, nothing)).toEqual({ chosen: agents, leftOut: 0 });
  const gone = new Map(Array.from({ length: 2 * mostAgentArchives - 1 }, (_, i) => [`agent_old${i}`, 1]));
  const known = new Set(['agent_web02']);
  expect(archivedAgents(agents, { known, gone })).toEqual({ chosen: [{ agent: 'web02' }], leftOut: 1 });
});
