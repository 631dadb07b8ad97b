// The policy's file: its values, the errors for wrong lines, and its reference.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parsePolicy, policyKeys } from '../../../src/cli/policy/parse-policy.js';
import { standardThresholds } from '../../../src/model/finding/thresholds.js';
import { standardPolicy, withoutLogins } from '../../../src/model/policy/policy.js';

const parse = (text: string) => parsePolicy(text, '/etc/lvs-stats/policy.yaml').policy;

test.each(['', '# nothing\n', '---\n', '{}'])('%j is the standard policy', (text) => {
  expect(parse(text)).toEqual(standardPolicy);
});

test('every key has its effect', () => {
  const text = `
findings:
  open-after: 3
  close-after: 4
  collapse: 10 %
  surge: 4.5
  share-off: 12.5%
  processor-excess: 60%
  chain-length: 2
  neighbours: 70 %
  conntrack: 60 %
  spare: 4
  accepted-after: 36h
  disk-free: 5G
topology: [{host: web01, addresses: [10.1.0.0/24], rack: r01, dc: tx, role: web}]
pages: {hold-rack: 30s, hold-host: 2min, hold-service: 3min, hold-server: 10min, rack-part: 40%}
mail: {to: [ops@example.com, "on.call+lvs@example.net"], from: lvs@lb1, server: "smtps://me:p%40ss@mail.example.com"}
redundancy: [{match: "*", survive: host}, {match: "192.0.2.*", survive: dc}]
groups: [{name: edge, directors: [lb1, lb2]}]
capacity:
  director: {bits: 10G, new: 50k, open: 2M}
  services:
    - {match: "198.51.100.*", bits: 1.5 G}
    - {match: "*:443", new: 900}
silence:
  - {finding: "share-off/*", until: 2026-12-24, why: a canary}
  - {finding: chains-long, why: "the table grows with the next reboot"}
probes:
  - name: stale_flows
    command: [/opt/probes/stale-flows, br0, 7]
    user: ovs
    findings:
      - {when: is above 0, severity: critical, after: 3}
      - {when: has changed}
  - {name: temperature, file: /sys/class/hwmon/hwmon0/temp1_input, findings: [{when: is below -12.5}]}
links:
  lost: 8
  lossy: 25 %
  slow-factor: 4.5
  slow-ms: 20
  watch:
    - {agents: "web*", to: [10.1.2.3, "10.1.2.3:3306", "[2001:0db8::0:1]:80"]}
    - {agents: lb1, role: lb, to: [10.1.2.4]}
clients: [{name: office, networks: [192.0.2.0/24, "2001:db8:1::/48"]}, {name: all of it, networks: [192.0.0.0/16]}]
refused-agents: [web07, old.example.com]
`;
  expect(parse(text)).toEqual({
    thresholds: {
      openCycles: 3,
      closeCycles: 4,
      collapse: 0.1,
      surge: 4.5,
      shareOff: 0.125,
      processorExcess: 0.6,
      chainLength: 2,
      neighbourPart: 0.7,
      conntrackPart: 0.6,
      spare: 4,
      acceptedAfterS: 129_600,
      diskFreeBytes: 5 * 2 ** 30,
    },
    capacity: [
      { of: 'director', measure: 'bitsPerS', limit: 1e10 },
      { of: 'director', measure: 'newConnectionsPerS', limit: 50_000 },
      { of: 'director', measure: 'openConnections', limit: 2e6 },
      { of: '198.51.100.*', measure: 'bitsPerS', limit: 1.5e9 },
      { of: '*:443', measure: 'newConnectionsPerS', limit: 900 },
    ],
    redundancy: [
      { of: '*', level: 'host' },
      { of: '192.0.2.*', level: 'dc' },
    ],
    groups: [{ name: 'edge', directors: ['lb1', 'lb2'] }],
    paging: { rackHoldS: 30, hostHoldS: 120, serviceHoldS: 180, serverHoldS: 600, rackPart: 0.4 },
    mail: {
      to: ['ops@example.com', 'on.call+lvs@example.net'],
      from: 'lvs@lb1',
      server: { host: 'mail.example.com', port: 465, isSecure: true, login: { user: 'me', password: 'p@ss' } },
    },
    topology: {
      hosts: [{ host: 'web01', rack: 'r01', dc: 'tx', role: 'web' }],
      tables: [{ isIpv6: false, length: 24, hosts: new Map([[0x0a010000n, 0]]) }],
    },
    silences: [
      { pattern: 'share-off/*', untilS: new Date(2026, 11, 24).getTime() / 1000, why: 'a canary', sinceS: null },
      { pattern: 'chains-long', untilS: null, why: 'the table grows with the next reboot', sinceS: null },
    ],
    links: {
      thresholds: { lostOfTen: 8, lossy: 0.25, slowFactor: 4.5, slowMs: 20 },
      watch: [
        { agents: 'web*', role: null, to: ['10.1.2.3', '10.1.2.3:3306', '[2001:db8::1]:80'] },
        { agents: 'lb1', role: 'lb', to: ['10.1.2.4'] },
      ],
    },
    clients: {
      hosts: [
        { host: 'office', rack: null, dc: null, role: null },
        { host: 'all of it', rack: null, dc: null, role: null },
      ],
      tables: [
        { isIpv6: true, length: 48, hosts: new Map([[0x20010db800010000_0000000000000000n, 0]]) },
        { isIpv6: false, length: 24, hosts: new Map([[0xc0000200n, 0]]) },
        { isIpv6: false, length: 16, hosts: new Map([[0xc0000000n, 1]]) },
      ],
    },
    refusedAgents: ['web07', 'old.example.com'],
    probes: [
      {
        name: 'stale_flows',
        target: { kind: 'command', words: ['/opt/probes/stale-flows', 'br0', '7'], user: 'ovs' },
        checks: [
          { test: 'above', limit: 0, severity: 'critical', openCycles: 3 },
          { test: 'changed', limit: null, severity: 'warning', openCycles: 1 },
        ],
      },
      {
        name: 'temperature',
        target: { kind: 'file', path: '/sys/class/hwmon/hwmon0/temp1_input', user: 'nobody' },
        checks: [{ test: 'below', limit: -12.5, severity: 'warning', openCycles: null }],
      },
    ],
  });
});

test('the policy that a server gives to commands has no login', () => {
  const state = { policy: parse('mail: {to: a@b, from: a@b, server: "smtp://me:secret@h"}'), problem: null };
  expect(JSON.stringify(state)).toContain('secret');
  expect(JSON.stringify(withoutLogins(state))).not.toContain('secret');
  expect(withoutLogins(state).policy.mail?.server.host).toBe('h');
});

test('a threshold that is not set keeps its standard', () => {
  expect(parse('findings: {surge: 9}').thresholds).toEqual({ ...standardThresholds, surge: 9 });
});

describe('a wrong line is an error with its position:', () => {
  test.each<readonly [what: string, text: string, says: string]>([
    [
      'no key',
      'finding: {surge: 9}',
      '1:1: the policy has no key "finding", only findings, capacity, topology, pages, mail, redundancy, groups, silence, probes',
    ],
    ['no key of a part', 'findings: {serge: 9}', '1:12: "findings" has no key "serge", only open-after,'],
    ['a name from JavaScript', 'constructor: 1', '1:1: the policy has no key "constructor"'],
    ['no map', 'findings: 3', '1:11: "findings" has keys: open-after,'],
    ['no list', 'silence: {why: x}', '1:10: "silence" is a list'],
    ['no value', 'findings:\n  surge:\n', '2:3: "findings.surge" has no value'],
    ['a list for a value', 'findings: {surge: [1]}', '1:19: "findings.surge" takes one value: a number above 1'],
    ['a surge below the usual', 'findings: {surge: 0.9}', '"findings.surge" cannot be "0.9": write a number above 1'],
    ['a fraction for a percentage', 'findings: {collapse: 0.25}', 'write a percentage from 1 % to 99 %, such as 25 %'],
    ['no reading', 'findings: {open-after: 0}', 'write a whole number from 1 to 100'],
    ['a cut by a short loss', 'links: {lost: 6}', '"links.lost" cannot be "6": write a whole number from 7 to 10'],
    ['a share in thirtieths', 'links: {lossy: 3/30}', 'write a percentage from 1 % to 99 %'],
    ['a round trip below the usual', 'links: {slow-factor: 1}', 'write a number above 1'],
    ['links of nobody', 'links: {watch: [{to: [10.1.2.3]}]}', '"links.watch[0]" needs one of agents, role'],
    ['links to nowhere', 'links: {watch: [{role: db}]}', '"links.watch[0]" needs "to"'],
    [
      'a link to a name',
      'links: {watch: [{role: db, to: [db1]}]}',
      '"links.watch[0].to[0]" cannot be "db1": write an address',
    ],
    [
      'a link to oneself',
      'links: {watch: [{role: db, to: ["127.0.0.1:80"]}]}',
      'write an address that other hosts can reach',
    ],
    [
      'too many links',
      `links: {watch: [{role: a, to: [${Array(3000).fill('10.1.2.3').join(', ')}]}, {role: b, to: [${Array(3000).fill('10.1.2.3').join(', ')}]}]}`,
      '"links.watch": its rules have 6000 targets, 5000 at most',
    ],
    ['clients without networks', 'clients: [{name: office}]', '1:11: "clients[0]" needs "networks"'],
    [
      'a client that agents do not tell from others',
      'clients: [{name: a, networks: [192.0.2.8/29]}]',
      '"clients[0].networks[0]" cannot be "192.0.2.8/29": agents report clients as networks of /24',
    ],
    ['a small IPv6 network', 'clients: [{name: a, networks: ["2001:db8::/56"]}]', 'networks of /48'],
    ['no network', 'clients: [{name: a, networks: [192.0.2.1/24]}]', 'it is not the first address of its network'],
    ['clients with markup', 'clients: [{name: <b>, networks: [192.0.2.0/24]}]', '"clients[0].name" cannot be "<b>"'],
    [
      'clients twice',
      'clients: [{name: a, networks: [192.0.2.0/24]}, {name: a, networks: [198.51.100.0/24]}]',
      '"clients": "a" is named twice',
    ],
    [
      'a network twice',
      'clients: [{name: a, networks: [192.0.2.0/24]}, {name: b, networks: [192.0.2.0/24]}]',
      '"clients": "a" and "b" both claim 192.0.2.0/24',
    ],
    ['no length', 'findings: {accepted-after: 24}', '"24" is not a time'],
    ['an ambiguous length', 'findings: {accepted-after: 5m}', 'minutes are min, months are mo'],
    [
      'a real server before its host',
      'pages: {hold-host: 9min, hold-server: 9min}',
      '1:8: "pages" needs hold-rack below',
    ],
    ['a host before its rack', 'pages: {hold-host: 9min, hold-rack: 9min}', 'hold-rack below hold-host'],
    [
      'no loss',
      'redundancy: [{match: "*", survive: row}]',
      '"redundancy[0].survive" cannot be "row": write host, rack, dc',
    ],
    ['no receiver', 'mail: {to: [], from: a@b, server: "smtp://h"}', '1:12: "mail.to" has no address'],
    ['no mail server', 'mail: {to: a@b, from: a@b}', '"mail" needs "server"'],
    ['two receivers in one', 'mail: {to: "a@b, c@d"}', '"mail.to" cannot be "a@b, c@d": write a plain address'],
    ['a server of the web', 'mail: {server: "http://h"}', 'write smtp://HOST, smtp://HOST:PORT or smtps://'],
    ['no space', 'findings: {disk-free: 0}', 'write bytes, with K, M, G or T'],
    ['another prefix', 'capacity: {director: {bits: 10g}}', 'write a number, with k, M, G or T'],
    ['no services', 'capacity: {services: [{bits: 1G}]}', '"capacity.services[0]" needs "match"'],
    [
      'a service without a limit',
      'capacity: {services: [{match: "*"}]}',
      '"capacity.services[0]" needs one of bits, new, open',
    ],
    ['no such date', 'silence: [{finding: "*", why: x, until: 2026-13-45}]', 'there is no such date: write 2026-12-24'],
    ['a silence without a reason', 'silence: [{finding: "*"}]', '1:11: "silence[0]" needs "why"'],
    ['a silence until an age', 'silence: [{finding: "*", why: x, until: 2h}]', 'write a date, such as 2026-12-24'],
    ['a probe without a name', 'probes: [{file: /x}]', '1:10: "probes[0]" needs "name"'],
    ['a probe of nothing', 'probes: [{name: a}]', '1:10: "probes[0]" needs one of command, file'],
    ['a probe of two things', 'probes: [{name: a, file: /x, command: [/y]}]', '"probes[0]": write either "command" or'],
    ['two probes of one name', 'probes: [{name: a, file: /x}, {name: a, file: /y}]', 'two probes are called "a"'],
    [
      'a probe with a slash',
      'probes: [{name: a/b, file: /x}]',
      '1:17: "probes[0].name" cannot be "a/b": begin with a letter',
    ],
    ['a command line', 'probes: [{name: a, command: /bin/x y}]', '1:29: "probes[0].command" is a list'],
    ['a command without words', 'probes: [{name: a, command: []}]', 'begin with the path of a program from the root'],
    ['a command of the PATH', 'probes: [{name: a, command: [ls]}]', 'begin with the path of a program from the root'],
    ['a file of some folder', 'probes: [{name: a, file: x}]', 'write a path from the root'],
    ['a probe of root', 'probes: [{name: a, file: /x, user: root}]', 'a probe never has the rights of root'],
    ['a probe of root by number', 'probes: [{name: a, file: /x, user: "0:7"}]', 'a probe never has the rights of root'],
    ['a probe of the group of root', 'probes: [{name: a, file: /x, user: "7:00"}]', 'never has the rights of root'],
    [
      'no number to compare with',
      'probes: [{name: a, file: /x, findings: [{when: is above}]}]',
      'write is above N, is',
    ],
    ['a change to a number', 'probes: [{name: a, file: /x, findings: [{when: has changed 5}]}]', 'or has changed'],
    [
      'a severity',
      'probes: [{name: a, file: /x, findings: [{when: is 1, severity: bad}]}]',
      'write warning or critical',
    ],
    [
      'a change that lasts',
      'probes: [{name: a, file: /x, findings: [{when: has changed, after: 2}]}]',
      '1:41: "probes[0].findings[0]": "has changed" is true of one reading: leave "after" out',
    ],
    [
      'too many probes',
      `probes: [${Array.from({ length: 33 }, (_, i) => `{name: a${i}, file: /x}`).join(', ')}]`,
      'there are 33 probes, but at most 32 are run',
    ],
    ['a key twice', 'silence: []\nsilence: []', '2:1: this is not YAML: Map keys must be unique'],
    ['a text that is not YAML', 'findings: {', 'this is not YAML'],
  ])('%s', (_, text, says) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'bad-config' }));
    expect(() => parse(text)).toThrow(says);
  });

  test('a mail server whose password it does not show', () => {
    expect(() => parse('mail: {server: "smtp://me:secret%zz@h"}')).toThrow(/"mail.server".*write %.*as %25/);
    expect(() => parse('mail: {server: "smtp://me:secret@h/path"}')).toThrow(/^(?!.*secret).*"mail.server"/);
  });

  test('a nesting without end', () => {
    expect(() => parse('['.repeat(20_000))).toThrow(expect.objectContaining({ code: 'bad-config' }));
  });
});

test('the reference lists every key with its values and meaning', () => {
  const reference = readFileSync(new URL('../../../docs/policy.md', import.meta.url), 'utf8');
  const rows = policyKeys.map(({ path, values, about }) => `| \`${path}\` | ${values} | ${about} |`);
  expect(reference).toContain(rows.join('\n'));
});
