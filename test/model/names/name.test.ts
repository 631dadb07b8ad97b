import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RealServerId, ServiceId } from '../../../src/model/names/identity.js';
import {
  canonicalAddress,
  formatEndpoint,
  isOfDirector,
  parseEndpoint,
  partName,
  processorPart,
  realServerName,
  serviceName,
} from '../../../src/model/names/name.js';
import { parseName, resolveName } from '../../../src/model/names/parse-name.js';

const named: readonly (readonly [string, ServiceId])[] = [
  ['192.0.2.1_80', { kind: 'address', protocol: 'tcp', address: '192.0.2.1', port: 80 }],
  ['192.0.2.1_53_udp', { kind: 'address', protocol: 'udp', address: '192.0.2.1', port: 53 }],
  ['192.0.2.1_3868_sctp', { kind: 'address', protocol: 'sctp', address: '192.0.2.1', port: 3868 }],
  ['2001-db8--1_443', { kind: 'address', protocol: 'tcp', address: '2001:db8::1', port: 443 }],
  ['0--1_80', { kind: 'address', protocol: 'tcp', address: '::1', port: 80 }],
  ['0--_0', { kind: 'address', protocol: 'tcp', address: '::', port: 0 }],
  ['2001-db8--_53_udp', { kind: 'address', protocol: 'udp', address: '2001:db8::', port: 53 }],
  ['fwm_100', { kind: 'mark', mark: 100, family: 'ipv4' }],
  ['fwm6_100', { kind: 'mark', mark: 100, family: 'ipv6' }],
  ['fwm_4000000000', { kind: 'mark', mark: 4_000_000_000, family: 'ipv4' }],
];

const port = fc.integer({ min: 0, max: 65535 });
const address = fc.oneof(fc.ipV4(), fc.ipV6()).map((text) => canonicalAddress(text) ?? '192.0.2.1');
const endpoint = fc.record({ address, port });
const service: fc.Arbitrary<ServiceId> = fc.oneof(
  fc.record({ kind: fc.constant('address'), protocol: fc.constantFrom('tcp', 'udp', 'sctp'), address, port }),
  fc.record({
    kind: fc.constant('mark'),
    mark: fc.integer({ min: 0, max: 0xffffffff }),
    family: fc.constantFrom('ipv4', 'ipv6'),
  }),
) as fc.Arbitrary<ServiceId>;

describe('a name', () => {
  test.each(named)('%s round-trips through its service', (name, id) => {
    expect(serviceName(id)).toBe(name);
    expect(parseName(name)).toEqual({ kind: 'service', service: id });
  });

  test('of any service and real server round-trips, is a safe file name and does not start with a dash', () => {
    fc.assert(
      fc.property(service, endpoint, (id, server) => {
        const [own, of] = [serviceName(id), realServerName(server)];
        expect(own).toMatch(/^[0-9a-z][0-9a-z._-]*$/);
        expect(parseName(own)).toEqual({ kind: 'service', service: id });
        expect(parseName(`${own}/${of}`)).toEqual({ kind: 'real-server', service: id, realServer: server });
      }),
    );
  });

  test('differs for different services', () => {
    fc.assert(
      fc.property(service, service, (a, b) => {
        expect(serviceName(a) === serviceName(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  test.each([
    '',
    'all/10.0.0.1_80',
    '192.0.2.1',
    '192.0.2.1_65536',
    '192.0.2.1_080',
    '192.0.2.01_80',
    '192.0.2.1_80_tcp',
    '192.0.2_80',
    '2001-DB8--1_80',
    '2001-db8-0--1_80',
    '-1_80',
    '--1_80',
    'fwm_4294967296',
    'fwm_-1',
    'fwm_01',
    'fwm4_1',
    '../192.0.2.1_80',
    '192.0.2.1_80/',
    '192.0.2.1_80/../x',
    '192.0.2.1_80/10.0.0.1_80/x',
    '192.0.2.1_80\n',
  ])('cannot be %j', (text) => {
    expect(parseName(text)).toBeNull();
  });
});

describe('a part of the director', () => {
  test.each(['all/total', 'all/table', 'all/cpu_0', 'all/cpu_127'])('can be %s, which is no real server', (name) => {
    const parts = parseName(name);
    expect(parts?.kind).toBe('director-part');
    expect(parts?.kind === 'director-part' && partName(parts.part)).toBe(name);
    expect(resolveName(name)).toBe(name);
    expect(isOfDirector(name)).toBe(true);
  });

  test.each(['all/', 'all/cpu_', 'all/cpu_01', 'all/cpu_-1', 'all/totals', 'all/10.0.0.1_80', 'all/total/x'])(
    'is not %s',
    (name) => {
      expect(parseName(name)).toBeNull();
    },
  );

  test('names a processor by its number', () => {
    expect(partName(processorPart(12))).toBe('all/cpu_12');
  });

  test('does not belong to a service', () => {
    expect(['all', '192.0.2.1_80', '192.0.2.1_80/10.0.0.1_80', 'fwm_1'].map(isOfDirector)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("a user's spelling", () => {
  test.each([
    ['192.0.2.1:80', '192.0.2.1_80'],
    ['tcp/192.0.2.1:80', '192.0.2.1_80'],
    ['udp/192.0.2.1:53', '192.0.2.1_53_udp'],
    ['sctp/[::1]:3868', '0--1_3868_sctp'],
    ['[2001:DB8:0:0::1]:443', '2001-db8--1_443'],
    ['[::ffff:192.0.2.1]:80', '0--ffff-c000-201_80'],
    ['[::192.0.2.1]:80', '0--c000-201_80'],
    ['192.0.2.1:80/10.0.0.5:8080', '192.0.2.1_80/10.0.0.5_8080'],
    ['fwm_100/10.0.0.5:0', 'fwm_100/10.0.0.5_0'],
    ['all', 'all'],
    ['fwm6_100', 'fwm6_100'],
  ])('%s means %s', (text, name) => {
    expect(resolveName(text)).toBe(name);
  });

  test.each(['www.example.com:80', '192.0.2.1', '::1:80', '192.0.2.1:99999', 'icmp/192.0.2.1:1', 'tcp/fwm_1'])(
    '%s is rejected with examples',
    (text) => {
      expect(() => resolveName(text)).toThrow(/write 192\.0\.2\.1:80/);
    },
  );

  test('parses what formatEndpoint prints', () => {
    fc.assert(
      fc.property(endpoint, (id: RealServerId) => {
        expect(parseEndpoint(formatEndpoint(id))).toEqual(id);
      }),
    );
  });
});
