// Whether agents reach addresses: by the address itself, and otherwise by another one of its host.

import { describe, expect, test } from 'vitest';
import { reachOf } from '../../../src/model/links/reach.js';
import type { ObservedLink } from '../../../src/model/links/view.js';
import { noTopology, topologyOf } from '../../../src/model/topology/topology.js';

const link = (agent: string, to: string, more: Partial<ObservedLink> = {}): ObservedLink => ({
  agent,
  to,
  lostS: null,
  isStale: false,
  ...more,
});

const topology = (() => {
  const made = topologyOf([
    { host: 'web05', addresses: ['10.0.0.5', '10.9.0.5'], rack: null, dc: null, role: null },
    { host: 'web06', addresses: ['10.0.0.6'], rack: null, dc: null, role: null },
  ]);
  if ('problem' in made) throw new Error(made.problem);
  return made;
})();

const reached = (addresses: readonly string[], links: readonly ObservedLink[], known = topology) =>
  reachOf(addresses, { linksToward: (isWanted) => links.filter(({ to }) => isWanted(to)), topology: known }).map(
    ({ address, host, lost, reaching }) => [address, host, lost.map(({ agent }) => agent).join(), reaching],
  );

describe('the reach of an address', () => {
  test('is who lost it, in natural order, and how many reach it', () => {
    const links = [
      link('lb10', '10.0.0.5', { lostS: 900 }),
      link('lb2', '10.0.0.5', { lostS: 1000 }),
      link('lb3', '10.0.0.5'),
      link('lb3', '10.0.0.6'),
    ];
    expect(reached(['10.0.0.5', '10.0.0.6'], links)).toEqual([
      ['10.0.0.5', 'web05', 'lb2,lb10', 1],
      ['10.0.0.6', 'web06', '', 1],
    ]);
    expect(reached(['10.0.0.5'], links, noTopology)).toEqual([['10.0.0.5', null, 'lb2,lb10', 1]]);
  });

  test('is by another address of its host only for agents that do not watch it itself', () => {
    const links = [
      link('lb1', '10.0.0.5'),
      link('lb1', '10.9.0.5', { lostS: 1000 }),
      link('lb2', '10.9.0.5', { lostS: 1000 }),
    ];
    expect(reached(['10.0.0.5'], links)).toEqual([['10.0.0.5', 'web05', 'lb2', 1]]);
  });

  test('is lost to an agent that lost one of its ports, since the first loss', () => {
    const links = [
      link('lb1', '10.0.0.5:3306', { lostS: 1000 }),
      link('lb1', '10.0.0.5:80', { lostS: 900 }),
      link('lb1', '10.0.0.5'),
    ];
    const [reach] = reachOf(['10.0.0.5'], { linksToward: () => links, topology });
    expect(reach).toMatchObject({ lost: [{ agent: 'lb1', to: '10.0.0.5:80', sinceS: 900 }], reaching: 0 });
  });

  test('is unknown where agents are silent, but what they lost stays lost', () => {
    const silent = { isStale: true };
    const links = [link('lb1', '10.0.0.5', silent), link('lb2', '10.0.0.6', { ...silent, lostS: 1000 })];
    expect(reached(['10.0.0.5', '10.0.0.6', '10.0.0.7'], links)).toEqual([
      ['10.0.0.5', 'web05', '', 0],
      ['10.0.0.6', 'web06', 'lb2', 0],
      ['10.0.0.7', null, '', 0],
    ]);
  });
});
