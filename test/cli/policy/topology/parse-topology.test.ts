// The text of a topology: YAML and CSV say the same, and a wrong line is an error with its place.

import { expect, test } from 'vitest';
import { parseTopology } from '../../../../src/cli/policy/topology/parse-topology.js';
import { topologyOf } from '../../../../src/model/topology/topology.js';

const parse = (text: string) => parseTopology(text, 'topology');

const expected = topologyOf([
  { host: 'web01', addresses: ['10.1.0.0/24', '10.9.0.1'], rack: 'r01', dc: 'tx', role: 'web' },
  { host: 'db 1', addresses: ['2001:db8::5'], rack: null, dc: null, role: null },
]);

test.each([
  [
    'a list',
    '- {host: web01, addresses: [10.1.0.0/24, 10.9.0.1], rack: r01, dc: tx, role: web}\n- {host: db 1, addresses: ["2001:db8::5"]}\n',
  ],
  [
    'JSON',
    '[{"host":"web01","addresses":["10.1.0.0/24","10.9.0.1"],"rack":"r01","dc":"tx","role":"web"},{"host":"db 1","addresses":["2001:db8::5"]}]',
  ],
  [
    'a document',
    '# hosts\n---\n- host: web01\n  addresses: [10.1.0.0/24, 10.9.0.1]\n  rack: r01\n  dc: tx\n  role: web\n- host: db 1\n  addresses:\n    - 2001:db8::5\n',
  ],
  ['CSV', 'host,addresses,rack,dc,role\nweb01,10.1.0.0/24 10.9.0.1,r01,tx,web\ndb 1,2001:db8::5,,,\n'],
  [
    'CSV of other order',
    '# hosts\r\nROLE,dc,rack,addresses,host\r\n\r\nweb,"tx",r01,  10.1.0.0/24   10.9.0.1 ,web01\r\n,,,"2001:db8::5","db 1"',
  ],
])('%s is read', (_, text) => {
  expect(parse(text)).toEqual(expected);
});

test('CSV needs two columns only', () => {
  expect(parse('host,addresses\nweb01,10.0.0.1\n')).toEqual(
    topologyOf([{ host: 'web01', addresses: ['10.0.0.1'], rack: null, dc: null, role: null }]),
  );
});

test.each<readonly [what: string, text: string, says: string]>([
  ['nothing', '\n# no host\n', 'topology: there is no host: write lines such as "- {host'],
  ['no YAML', '- {host: a', 'this is not YAML'],
  ['no list', '{host: a}', '"topology" is a list'],
  [
    'another key',
    '- {host: a, adresses: [10.0.0.1]}',
    'topology:1:13: "topology[0]" has no key "adresses", only host, addresses,',
  ],
  ['no addresses', '- {host: a}', '"topology[0]" needs "addresses"'],
  ['an empty list of addresses', '- {host: a, addresses: []}', 'topology:1:3: the host "a" has no addresses'],
  [
    'a name with a slash',
    '- {host: a/b, addresses: [10.0.0.1]}',
    '"topology[0].host" cannot be "a/b": write up to 100 letters',
  ],
  [
    'two claims',
    '- {host: a, addresses: [10.0.0.1]}\n- {host: b, addresses: [10.0.0.1]}',
    'topology:2:3: the hosts "a" and "b" both claim 10.0.0.1',
  ],
  [
    'another column',
    'host,addresses,room\n',
    'topology:1: there is no column "room", only host, addresses, rack, dc, role',
  ],
  ['a column twice', 'host,addresses,host\n', 'topology:1: the column "host" is there twice'],
  ['no column of addresses', 'host,rack\n', 'topology:1: there is no column "addresses"'],
  ['too few cells', 'host,addresses,rack\n\na,10.0.0.1\n', 'topology:3: expected 3 columns, found 2'],
  ['an open quote', 'host,addresses\n"a,10.0.0.1\n', 'topology:2: a quote is not closed'],
  ['no host in a row', 'host,addresses\n,10.0.0.1\n', 'topology:2: the row has no host'],
  ['no address in a row', 'host,addresses\na,\n', 'topology:2: the host "a" has no addresses'],
  ['a control character', 'host,addresses\na\u001b[31m,10.0.0.1\n', 'topology:2: "host" cannot be'],
  [
    'two claims in CSV',
    'host,addresses\na,10.0.0.1\nb,10.0.0.1\n',
    'topology:3: the hosts "a" and "b" both claim 10.0.0.1',
  ],
])('%s is an error with its place', (_, text, says) => {
  expect(() => parse(text)).toThrow(
    expect.objectContaining({ code: 'bad-config', message: expect.stringContaining(says) }),
  );
});
