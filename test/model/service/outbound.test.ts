import { describe, expect, test } from 'vitest';
import { type About, type ArchiveInfo, ipvsDataSources } from '../../../src/model/archive.js';
import { standardRetention } from '../../../src/model/retention.js';
import { type Outbound, outboundOf, reachFinder, unseenReason } from '../../../src/model/service/outbound.js';

function archive(name: string, about: About, goneS: number | null = null): ArchiveInfo {
  const times = { firstS: 0, lastS: 1000, goneS };
  return { name, about, dataSources: ipvsDataSources, retention: standardRetention, ...times, events: 0 };
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
    ['is seen if all real servers are masqueraded', [server(1, 'Masq'), server(2, 'Masq')], { kind: 'seen' }],
    ['is not seen with direct routing', [server(1, 'Route'), server(2, 'Route')], direct],
    ['is not seen through a tunnel', [server(1, 'Tunnel')], { kind: 'unseen', reason: 'tunnelling' }],
    [
      'is not seen from the director itself',
      [server(1, 'Local')],
      { kind: 'unseen', reason: 'answered by the director itself' },
    ],
    [
      'of a service with mixed methods is partly seen',
      [server(1, 'Masq'), server(2, 'Route'), server(3, 'Tunnel')],
      { kind: 'partly', reason: 'direct routing, tunnelling', unseen: 2, of: 3 },
    ],
    ['depends on the present real servers', [server(1, 'Masq', 500), server(2, 'Route')], direct],
    ['depends on former real servers if none is present', [server(1, 'Route', 500)], direct],
    ['with another method is unsure', [server(1, 'FullNat')], { kind: 'unsure' }],
    ['with an unknown method is unsure', [server(1, '')], { kind: 'unsure' }],
    ['is seen if some are masqueraded and others unknown', [server(1, 'FullNat'), server(2, 'Masq')], { kind: 'seen' }],
    [
      'is partly seen if some are routed and others unknown',
      [server(1, 'FullNat'), server(2, 'Route')],
      { kind: 'partly', reason: 'direct routing', unseen: 1, of: 2 },
    ],
    ['of a service without any real server is unknown', [], { kind: 'no-server' }],
  ];
  test.each(titled)('%s', (_, realServers, outbound) => {
    expect(outboundFinder([service(), ...realServers])(service())).toEqual(outbound);
  });

  test('of a real server follows its own method', () => {
    const seenOf = outboundFinder([service(), server(1, 'Masq'), server(2, 'Route')]);
    expect([server(1, 'Masq'), server(2, 'Route')].map(seenOf)).toEqual([{ kind: 'seen' }, direct]);
  });

  test('of a one-packet service and its real servers is seen only by chance', () => {
    const one = service('persistent 60 ops');
    const seenOf = outboundFinder([one, server(1, 'Masq')]);
    expect([one, server(1, 'Masq')].map(seenOf)).toEqual([{ kind: 'one-packet' }, { kind: 'one-packet' }]);
    expect(unseenReason(seenOf(one))).toBe('one-packet scheduling');
  });

  test('of a service whose flags merely contain "ops" is not one-packet', () => {
    expect(outboundFinder([service('(sh-drops)'), server(1, 'Masq')])(service('(sh-drops)'))).toEqual({ kind: 'seen' });
  });
});
