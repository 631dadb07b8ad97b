import { describe, expect, test } from 'vitest';
import { type About, type ArchiveInfo, ipvsDataSources } from '../../../src/model/archive.js';
import { standardRetention } from '../../../src/model/retention.js';
import { type Outbound, outboundOf, reachFinder, unseenReason } from '../../../src/model/service/outbound.js';

function archive(name: string, about: About, goneS: number | null = null): ArchiveInfo {
  return { name, about, dataSources: ipvsDataSources, retention: standardRetention, firstS: 0, lastS: 1000, goneS };
}

function service(flags = ''): ArchiveInfo {
  return archive('192.0.2.1_80', { kind: 'service', scheduler: 'wlc', flags });
}

function server(n: number, forwarding: string, goneS: number | null = null): ArchiveInfo {
  return archive(`192.0.2.1_80/10.0.0.${n}_80`, { kind: 'real-server', forwarding, weight: 1 }, goneS);
}

const outboundFinder = (archives: readonly ArchiveInfo[]) => {
  const reachOf = reachFinder(archives);
  return (archive: ArchiveInfo) => outboundOf(reachOf(archive));
};

const direct: Outbound = { kind: 'unseen', reason: 'direct routing' };

describe('outbound traffic', () => {
  const titled: readonly (readonly [string, readonly ArchiveInfo[], Outbound])[] = [
    ['is seen where all real servers are masqueraded', [server(1, 'Masq'), server(2, 'Masq')], { kind: 'seen' }],
    ['is not seen with direct routing', [server(1, 'Route'), server(2, 'Route')], direct],
    ['is not seen through a tunnel', [server(1, 'Tunnel')], { kind: 'unseen', reason: 'tunnelling' }],
    [
      'is not seen from the director itself',
      [server(1, 'Local')],
      { kind: 'unseen', reason: 'answered by the director itself' },
    ],
    [
      'of a service of mixed methods is seen in part',
      [server(1, 'Masq'), server(2, 'Route'), server(3, 'Tunnel')],
      { kind: 'partly', reason: 'direct routing, tunnelling', unseen: 2, of: 3 },
    ],
    ['depends on the present real servers', [server(1, 'Masq', 500), server(2, 'Route')], direct],
    ['depends on the former real servers, once none is left', [server(1, 'Route', 500)], direct],
    ['of a method with another name is as it is counted', [server(1, 'FullNat')], { kind: 'unsure' }],
    ['of an unknown method is as it is counted', [server(1, '')], { kind: 'unsure' }],
    [
      'is seen where some are masqueraded, others not known',
      [server(1, 'FullNat'), server(2, 'Masq')],
      { kind: 'seen' },
    ],
    [
      'is seen in part where some are routed, others not known',
      [server(1, 'FullNat'), server(2, 'Route')],
      { kind: 'partly', reason: 'direct routing', unseen: 1, of: 2 },
    ],
    ['of a service without any real server is unknown', [], { kind: 'no-server' }],
  ];
  test.each(titled)('%s', (_, realServers, outbound) => {
    expect(outboundFinder([service(), ...realServers])(service())).toEqual(outbound);
  });

  test('of a real server is as it is reached itself', () => {
    const seenOf = outboundFinder([service(), server(1, 'Masq'), server(2, 'Route')]);
    expect([server(1, 'Masq'), server(2, 'Route')].map(seenOf)).toEqual([{ kind: 'seen' }, direct]);
  });

  test('of a one-packet service is seen by chance at best, and of its real servers too', () => {
    const one = service('persistent 60 ops');
    const seenOf = outboundFinder([one, server(1, 'Masq')]);
    expect([one, server(1, 'Masq')].map(seenOf)).toEqual([{ kind: 'one-packet' }, { kind: 'one-packet' }]);
    expect(unseenReason(seenOf(one))).toBe('one-packet scheduling');
  });

  test('of a service whose flags only contain the letters is not taken for one-packet', () => {
    expect(outboundFinder([service('(sh-drops)'), server(1, 'Masq')])(service('(sh-drops)'))).toEqual({ kind: 'seen' });
  });
});
