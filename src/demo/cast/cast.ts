// The hand-made services of the simulation, the most instructive first: a small demonstration has only those. Their addresses
// are from the documentation ranges (RFC 5737, RFC 3849), their names from RFC 2606.

import type { Protocol, ServiceId } from '../../model/names/identity.js';
import type { Calendar } from '../traffic/calendar.js';
import { api, backup, dns, mail, media, realServerFarm, sessions, web } from '../traffic/traffic.js';
import { type Character, uneventful } from './character.js';
import * as stories from './stories.js';

const plain = { scheduler: 'wlc', flags: '', forwarding: 'Masq', story: uneventful } as const;

/** The hand-made services. */
export function handMadeCast(calendar: Calendar): readonly Character[] {
  return [...websites(calendar), ...names(), ...insideJobs(calendar), ...specials(calendar)];
}

/** Identity of a service addressed by VIP and port. */
export function serviceAt(address: string, port: number, protocol: Protocol = 'tcp'): ServiceId {
  return { kind: 'address', protocol, address, port };
}

function websites(calendar: Calendar): readonly Character[] {
  return [
    {
      ...plain,
      id: serviceAt('192.0.2.10', 443),
      hostNames: ['www.example.com', 'example.com', 'shop.example.com'],
      traffic: { ...web, connsPerS: 420, growthPerYear: 0.45 },
      realServers: realServerFarm({ farm: 1, port: 8443 }, [100, 100, 100, 100, 50, null]),
      story: stories.attacked(calendar),
    },
    {
      ...plain,
      id: serviceAt('198.51.100.20', 443),
      hostNames: ['api.example.com'],
      traffic: { ...api, connsPerS: 310, growthPerYear: 0.7 },
      realServers: realServerFarm({ farm: 2, port: 9000 }, [10, 10, 10, 10]),
      story: stories.failing(calendar),
    },
    {
      ...plain,
      id: serviceAt('192.0.2.20', 443),
      hostNames: ['media.example.net', 'cdn.example.net'],
      traffic: { ...media, connsPerS: 72, growthPerYear: 0.3 },
      realServers: realServerFarm({ farm: 3, port: 443 }, [100, 100, 100, 100, 100, 100, 100, 100]),
      story: stories.maintained(calendar),
    },
    {
      ...plain,
      id: serviceAt('192.0.2.21', 80),
      hostNames: ['static.example.net'],
      scheduler: 'sh',
      flags: '(sh-fallback,sh-port)',
      forwarding: 'Route',
      traffic: { ...web, rhythm: 'evening', connsPerS: 130, outPktsPerInPkt: 0, inPktBytes: 92, activeS: 20 },
      realServers: realServerFarm({ farm: 4, port: 80 }, [1, 1, 1]),
    },
    {
      ...plain,
      id: serviceAt('2001:db8::10', 443),
      hostNames: ['www.example.com'],
      traffic: { ...web, rhythm: 'evening', connsPerS: 95, growthPerYear: 0.9, inPktBytes: 168 },
      realServers: realServerFarm({ farm: 1, port: 8443, family: 6 }, [100, 100, 100]),
    },
  ];
}

function names(): readonly Character[] {
  return [
    {
      ...plain,
      id: serviceAt('192.0.2.53', 53, 'udp'),
      hostNames: ['dns.example.net', 'ns1.example.net'],
      scheduler: 'wrr',
      traffic: { ...dns, connsPerS: 640, growthPerYear: 0.15 },
      realServers: realServerFarm({ farm: 53, port: 53 }, [3, 2, 2]),
    },
    {
      ...plain,
      id: serviceAt('198.51.100.14', 514, 'udp'),
      hostNames: ['log.example.org'],
      scheduler: 'rr',
      flags: 'ops',
      traffic: {
        ...dns,
        connsPerS: 260,
        inPktsPerConn: 1,
        outPktsPerInPkt: 0,
        inPktBytes: 236,
        inactiveS: 0,
        isOnePacket: true,
      },
      realServers: realServerFarm({ farm: 14, port: 514 }, [1, 1]),
    },
  ];
}

function insideJobs(calendar: Calendar): readonly Character[] {
  return [
    {
      ...plain,
      id: serviceAt('198.51.100.30', 443),
      hostNames: ['office.example.org', 'intranet.example.org'],
      flags: 'persistent 600 mask 255.255.255.0',
      traffic: { ...sessions, connsPerS: 11 },
      realServers: realServerFarm({ farm: 30, port: 443 }, [10, 10, 10, null]),
      story: stories.repaired(calendar),
    },
    {
      ...plain,
      id: serviceAt('203.0.113.40', 873),
      hostNames: ['backup.example.org'],
      scheduler: 'lc',
      traffic: { ...backup, connsPerS: 0.045, growthPerYear: 0.25 },
      realServers: realServerFarm({ farm: 40, port: 873 }, [1, 1]),
      story: stories.zeroed(calendar),
    },
    {
      ...plain,
      id: serviceAt('198.51.100.25', 25),
      hostNames: ['mx.example.com', 'mail.example.com'],
      flags: 'persistent 300',
      traffic: { ...mail, connsPerS: 16 },
      realServers: realServerFarm({ farm: 25, port: 25 }, [2, 1]),
    },
  ];
}

function specials(calendar: Calendar): readonly Character[] {
  return [
    {
      ...plain,
      id: { kind: 'mark', mark: 100, family: 'ipv4' },
      hostNames: [],
      flags: 'persistent 1800',
      traffic: { ...media, rhythm: 'evening', connsPerS: 24, inPktsPerConn: 90, activeS: 120 },
      realServers: realServerFarm({ farm: 100, port: 0 }, [1, 1, 1, 1]),
    },
    {
      ...plain,
      id: { kind: 'mark', mark: 100, family: 'ipv6' },
      hostNames: [],
      traffic: { ...media, rhythm: 'evening', connsPerS: 9, inPktsPerConn: 90, inPktBytes: 84, growthPerYear: 0.6 },
      realServers: realServerFarm({ farm: 100, port: 0, family: 6 }, [1, 1]),
    },
    {
      ...plain,
      id: serviceAt('203.0.113.60', 443),
      hostNames: ['new.example.com'],
      traffic: { ...api, rhythm: 'daytime', connsPerS: 88, outPktBytes: 760 },
      realServers: realServerFarm({ farm: 60, port: 8080 }, [1, 1, 1]),
      story: stories.launched(calendar),
    },
    {
      ...plain,
      id: serviceAt('203.0.113.61', 80),
      hostNames: ['old.example.com'],
      traffic: { ...web, connsPerS: 38, growthPerYear: -0.2 },
      realServers: realServerFarm({ farm: 61, port: 80 }, [1, 1]),
      story: stories.retired(calendar),
    },
    {
      ...plain,
      id: serviceAt('203.0.113.62', 8080),
      hostNames: ['app.example.org'],
      scheduler: 'sed',
      traffic: { ...web, connsPerS: 26 },
      realServers: realServerFarm({ farm: 62, port: 8080 }, [3, 2]),
      story: stories.removedAndBack(calendar),
    },
    {
      ...plain,
      id: serviceAt('198.51.100.38', 3868, 'sctp'),
      hostNames: ['aaa.example.net'],
      scheduler: 'rr',
      traffic: { ...sessions, rhythm: 'steady', connsPerS: 0.6, inPktsPerConn: 900, inPktBytes: 205, outPktBytes: 190 },
      realServers: realServerFarm({ farm: 38, port: 3868 }, [1, 1]),
    },
    {
      ...plain,
      id: serviceAt('203.0.113.77', 8443),
      hostNames: ['status.example.org'],
      traffic: { ...web, rhythm: 'office', connsPerS: 0.0007, burstiness: 1, growthPerYear: 0 },
      realServers: realServerFarm({ farm: 77, port: 8443 }, [1]),
    },
    {
      ...plain,
      id: serviceAt('198.51.100.50', 443),
      hostNames: ['search.example.com'],
      scheduler: 'wrr',
      traffic: { ...api, connsPerS: 120, growthPerYear: 0.35 },
      realServers: realServerFarm({ farm: 50, port: 8080 }, [1, 1, 1, 1]),
      story: stories.uneven(calendar),
    },
  ];
}
