// The settings file: its values, and the errors for wrong lines.

import { describe, expect, test } from 'vitest';
import { parseSettings } from '../../src/cli/settings-file.js';

const parse = (text: string) => parseSettings(text, '/etc/lvs-stats.yaml');

test('settings are parsed with their places', () => {
  const text = '# the viewer\nlisten: 127.0.0.1:8081\nbudget: 010\nipvsadm: "ssh lb1 sudo ipvsadm"\n'.replace(
    '010',
    '10',
  );
  expect(parse(text)).toEqual([
    { name: 'listen', text: '127.0.0.1:8081', place: '/etc/lvs-stats.yaml:2:9' },
    { name: 'budget', text: '10', place: '/etc/lvs-stats.yaml:3:9' },
    { name: 'ipvsadm', text: 'ssh lb1 sudo ipvsadm', place: '/etc/lvs-stats.yaml:4:10' },
  ]);
});

test('several Alertmanagers are separated by blanks', () => {
  const text = 'http://me:p%40ss@a:9093 https://b';
  expect(parse(`alertmanager: ${text}`)).toMatchObject([{ name: 'alertmanager', text }]);
});

test.each(['/run/haproxy/admin.sock', 'http://127.0.0.1:8404/stats;csv'])('HAProxy may be read from %s', (source) => {
  expect(parse(`haproxy: ${source}`)).toMatchObject([{ name: 'haproxy', text: source }]);
});

test.each(['', '\n# nothing is set\n', '---\n', '{}'])('%j sets nothing', (text) => {
  expect(parse(text)).toEqual([]);
});

describe('a wrong line is an error with its position:', () => {
  const cases: readonly (readonly [what: string, text: string, says: string])[] = [
    ['no setting', 'data: /srv\nlisten-to: 80', '2:1: there is no setting "listen-to", only data, director'],
    ['a name from JavaScript', 'constructor: 1', '1:1: there is no setting "constructor"'],
    ['a relative folder', 'data: srv', '1:7: "data" cannot be "srv": write a path from the root'],
    [
      'no port',
      '\nlisten: everywhere',
      '2:9: "listen" cannot be "everywhere": "everywhere" is not an address to listen on',
    ],
    ['no receiver', 'heartbeat: example.com/ping', '1:12: "heartbeat" cannot be "…": write http://HOST:PORT'],
    ['a password', 'alertmanager: http://a http://me:secret@', '1:15: "alertmanager" cannot be "…": write http'],
    ['an open quote', "on-finding: page 'x", '"on-finding" cannot be'],
    ['no socket', 'haproxy: admin.sock', '1:10: "haproxy" cannot be "admin.sock": write the path of a socket'],
    ['no number', 'budget: soon', '1:9: "budget" cannot be "soon": write a whole number above zero'],
    ['a number below one', 'budget: 0', '1:9: "budget" cannot be "0"'],
    ['no path', 'base-path: lvs', '1:12: "base-path" cannot be "lvs"'],
    ['no host name', 'host: http://a.example', '1:7: "host" cannot be "http://a.example": '],
    ['no proxy', 'proxy: 10.0.0.0/99', '1:8: "proxy" cannot be "10.0.0.0/99": '],
    ['no format', 'log-format: xml', '1:13: "log-format" cannot be "xml": write text or json'],
    ['an open quote', `ipvsadm: ssh 'lb1`, '1:10: "ipvsadm" cannot be "ssh \'lb1": in '],
    ['no value', 'data:', '"data" takes one value'],
    ['several values', 'data: [/a, /b]', '1:7: "data" takes one value'],
    ['yes', 'auth: true', '1:7: "auth" takes one value'],
    ['a list', '- data', '1:1: expected lines such as "data: /srv/lvs"'],
    ['a name twice', 'budget: 1\nbudget: 2', '2:1: this is not YAML: Map keys must be unique'],
    ['a tab', 'data: /srv\n\tbudget: 2', '2:1: this is not YAML'],
  ];

  test.each(cases)('%s', (_, text, says) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'bad-config' }));
    expect(() => parse(text)).toThrow(says);
  });
});
