// Pages of peers that agents name: an application alone, and one whose real server a wider cause broke.

import { expect, test } from 'vitest';
import { peerFindings } from '../../../src/interpret/links/peer-findings.js';
import { startS } from '../findings/cycles.js';
import { PagedDirector, type Rack, racked } from './paged-director.js';

const racks: readonly Rack[] = [
  { rack: 'a', octets: [1, 2, 3, 4] },
  { rack: 'b', octets: [11, 12, 13, 14] },
];
const octets = racks.flatMap((own) => own.octets);
const verdict = { svc: 'http/80', outcome: 'closed', sinceS: startS, agents: ['h2', 'h3'], witnesses: [] } as const;

function directorWith(...members: readonly string[]): PagedDirector {
  const director = new PagedDirector(
    racked(racks),
    [1, 2, 3].map((port) => [port, octets] as const),
  );
  const peers = members.map((member) => ({ member, ...verdict }));
  director.others = peerFindings(peers, (host) => (host === 'h1' ? ['192.0.2.1_1/10.0.0.1_80'] : []));
  return director;
}

test('an application that agents name pages alone, and its page ends with it', () => {
  const director = directorWith('db3');
  director.cycle(4);
  expect(director.paged).toEqual(['alone/peer-down/peer/db3/http/80']);
  expect(director.state.pages[0]?.page.title).toBe('db3 http/80: is down (it refuses clients): seen by h2, h3');
  director.others = [];
  director.cycle();
  expect(director.said).toEqual(['page alone/peer-down/peer/db3/http/80', 'resolved alone/peer-down/peer/db3/http/80']);
});

test('an application on a host of a dead rack is listed under the rack', () => {
  const director = directorWith('h1');
  for (const one of director.serversOn([1, 2, 3, 4])) director.down.set(one, 'weight-0');
  director.cycle(6);
  expect(director.paged).toEqual(['rack/tx/a']);
  expect(director.state.pages[0]?.page.alerts.map(({ id }) => id)).toContain(`peer-down/peer/h1/http/80@${startS}`);
});
