import { describe, expect, test } from 'vitest';
import { parseReport, ReportError } from '../../../src/links/protocol/parse-report.js';

const report = {
  round: 14_700_000,
  about: { role: 'web', dc: 'tx', load: 0.5, nginxAccessRate: 12.5, nginx504: 0 },
  results: [
    { to: '10.1.2.3', outcomes: '1110111111', rtt: 0.4, rttMax: 1.2 },
    { to: '[2001:db8::1]:443', outcomes: '0000000000', rtt: null, rttMax: null },
  ],
  connections: [{ dir: 'out', local: '10.1.0.5', peer: '10.1.2.3', port: 3306, n: 12 }],
};

const parsed = (value: unknown) => parseReport(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));

const changed = (change: object) => ({ ...report, ...change });
const withResult = (change: object) => changed({ results: [{ ...report.results[0], ...change }] });
const peer = { member: 'db3', svc: 'redis/6379', outcome: 'closed', sinceS: 1_764_000_000, witnesses: ['web1', 'db7'] };
const withPeer = (change: object) => changed({ peers: [{ ...peer, ...change }] });
const withConnection = (change: object) => changed({ connections: [{ ...report.connections[0], ...change }] });

describe('parseReport', () => {
  test('reads a report', () => {
    expect(parsed(report)).toEqual({ ...report, part: 0, imports: [], names: [], peers: [] });
  });

  test('reads clients as networks, parts and imports', () => {
    const more = {
      part: 3,
      imports: ['10.1.2.9:80'],
      connections: [{ dir: 'in', local: '10.1.0.5', peer: '192.0.2.0/24', port: 443, n: 4000 }],
    };
    expect(parsed(changed(more))).toEqual({ ...report, ...more, names: [], peers: [] });
  });

  test('reads verdicts on peers, of services and of a host, 200 at most', () => {
    const peers = [peer, { ...peer, svc: 'http/8443/tls', outcome: 'wrong' }, { ...peer, svc: '', outcome: 'silent' }];
    expect(parsed(changed({ peers })).peers).toEqual(peers);
    const many = Array.from({ length: 200 }, (_, i) => ({ ...peer, member: `db${i}` }));
    expect(parsed(changed({ peers: many })).peers).toEqual(many);
    expect(() => parsed(changed({ peers: [...many, peer] }))).toThrow(/more than 200/);
  });

  test('reads names with their addresses, 200 at most, of 32 addresses at most', () => {
    const names = [
      { name: 'lb.example.com', addresses: ['203.0.113.1', '2001:db8::1'] },
      { name: '_srv.db', addresses: [] },
    ];
    expect(parsed(changed({ names })).names).toEqual(names);
    const many = Array.from({ length: 201 }, (_, i) => ({ name: `n${i}`, addresses: [] }));
    expect(parsed(changed({ names: many.slice(1) })).names).toHaveLength(200);
    expect(() => parsed(changed({ names: many }))).toThrow(/more than 200 names/);
    const addresses = Array.from({ length: 33 }, (_, i) => `203.0.113.${i}`);
    expect(parsed(changed({ names: [{ name: 'a', addresses: addresses.slice(1) }] })).names).toHaveLength(1);
    expect(() => parsed(changed({ names: [{ name: 'a', addresses }] }))).toThrow(/more than 32 addresses/);
  });

  test('ignores lists of later versions, as servers without names ignore these', () => {
    expect(parsed(changed({ later: [{ name: 'x' }] }))).toEqual(parsed(report));
  });

  test('leaves out what it does not know, and what is unknown', () => {
    const { about } = parsed(changed({ about: { dc: null, load: null, colour: 'red' } }));
    expect(about).toEqual({});
  });

  test.each<readonly [string, unknown, RegExp]>([
    ['no JSON', 'round 1', /not JSON/],
    ['invalid UTF-8', '\u0000\ud800', /not JSON/],
    ['a list', [], /the report is not an object/],
    ['no round', changed({ round: undefined }), /round/],
    ['half a round', changed({ round: 0.5 }), /round/],
    ['a part too many', changed({ part: 32 }), /part/],
    ['markup as a role', changed({ about: { role: '<script>' } }), /about\.role/],
    ['a role without an end', changed({ about: { role: 'x'.repeat(41) } }), /about\.role/],
    ['a load that is text', changed({ about: { load: '1' } }), /about\.load/],
    ['a load below zero', changed({ about: { load: -1 } }), /about\.load/],
    ['a rate without end', changed({ about: { nginx5xx: 1e300 } }), /about\.nginx5xx/],
    ['results that are none', changed({ results: {} }), /results is not a list/],
    ['a target that is a name', withResult({ to: 'web01' }), /results\.to/],
    ['eleven outcomes', withResult({ outcomes: '11111111111' }), /outcomes/],
    ['no outcome', withResult({ outcomes: '' }), /outcomes/],
    ['other outcomes', withResult({ outcomes: '12' }), /outcomes/],
    ['answers without a time', withResult({ rtt: null }), /rtt/],
    ['an answer after hours', withResult({ rttMax: 1e9 }), /rttMax/],
    ['a median above the longest time', withResult({ rtt: 2, rttMax: 1 }), /rttMax is less than/],
    ['times without an answer', withResult({ outcomes: '0' }), /null where nothing answered/],
    ['a direction that is none', withConnection({ dir: 'up' }), /dir/],
    ['a peer that is a name', withConnection({ peer: 'db1' }), /peer/],
    ['a peer that is markup', withConnection({ peer: '<b>/24' }), /peer/],
    ['a local network', withConnection({ local: '10.0.0.0/24' }), /local/],
    ['a port too high', withConnection({ port: 65_536 }), /port/],
    ['a count below zero', withConnection({ n: -1 }), /connections\.n/],
    ['an import that is a path', changed({ imports: ['/etc/passwd'] }), /imports/],
    ['names that are none', changed({ names: {} }), /names is not a list/],
    ['a name that is markup', changed({ names: [{ name: '<b>', addresses: [] }] }), /names\.name/],
    ['a name in capitals', changed({ names: [{ name: 'LB', addresses: [] }] }), /names\.name/],
    ['a name that is an address', changed({ names: [{ name: '10.0.0.1', addresses: [] }] }), /names\.name/],
    [
      'a name without an end',
      changed({ names: [{ name: 'a.'.repeat(127).concat('a'), addresses: [] }] }),
      /names\.name/,
    ],
    ['a name without addresses', changed({ names: [{ name: 'a' }] }), /names\.addresses is not a list/],
    ['an address of a name that is none', changed({ names: [{ name: 'a', addresses: ['b'] }] }), /names\.addresses/],
    ['peers that are none', changed({ peers: {} }), /peers is not a list/],
    ['a peer that is none', changed({ peers: ['db3'] }), /peers is not an object/],
    ['a member that is markup', withPeer({ member: '<b>' }), /peers\.member/],
    ['a member with a slash', withPeer({ member: 'db3/redis' }), /peers\.member/],
    ['a member without an end', withPeer({ member: 'd'.repeat(129) }), /peers\.member/],
    ['no member', withPeer({ member: undefined }), /peers\.member/],
    ['a service without a port', withPeer({ svc: 'redis' }), /peers\.svc/],
    ['a service of a port too high', withPeer({ svc: 'redis/65536' }), /peers\.svc/],
    ['no service, which is no host', withPeer({ svc: null }), /peers\.svc/],
    ['an outcome of nobody', withPeer({ outcome: 'alive' }), /peers\.outcome/],
    ['an outcome of the prototype', withPeer({ outcome: 'toString' }), /peers\.outcome/],
    ['a beginning that is half a second', withPeer({ sinceS: 0.5 }), /peers\.sinceS/],
    ['a beginning before the epoch', withPeer({ sinceS: -1 }), /peers\.sinceS/],
    ['witnesses that are a text', withPeer({ witnesses: 'web1' }), /peers\.witnesses is not a list/],
    ['a witness that is markup', withPeer({ witnesses: ['<b>'] }), /peers\.witnesses/],
    ['nine witnesses', withPeer({ witnesses: Array(9).fill('web1') }), /peers\.witnesses has more than 8/],
  ])('refuses %s', (_, value, message) => {
    expect(() => parsed(value)).toThrow(ReportError);
    expect(() => parsed(value)).toThrow(message);
  });

  test('refuses a long body before reading it', () => {
    expect(() => parsed(JSON.stringify(report).padEnd(32_769))).toThrow(/longer than 32768 bytes/);
  });
});
