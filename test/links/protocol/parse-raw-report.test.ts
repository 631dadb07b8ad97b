import { describe, expect, test } from 'vitest';
import { parseRawReport } from '../../../src/links/protocol/parse-raw-report.js';

// As fping 5.1 prints it with -C 10 -q, and messages that it mixes in.
const output = `127.0.0.1  : 0.014 0.083 0.034 0.091 0.051 0.101 0.085 0.077 0.058 0.059
192.0.2.7  : [2], timed out (NaN avg, 100% loss)
10.1.2.3   : duplicate for [0], 64 bytes, 0.45 ms
ICMP Host Unreachable from 10.1.0.5 for ICMP Echo sent to 10.1.2.9
10.1.2.3   : 0.41 - 0.38 0.40 0.39 0.41 0.40 0.38 0.39 12.5
2001:db8::1 : - - - - - - - - - -
# connections
out 10.1.0.5 10.1.2.3 3306 12
in 10.1.0.5 192.0.2.0/24 443 4000
`;

const parsed = (text: string) => parseRawReport(Buffer.from(text), 7);

describe('parseRawReport', () => {
  test('reads the output of fping, and connections', () => {
    expect(parsed(output)).toEqual({
      round: 7,
      part: 0,
      about: {},
      imports: [],
      results: [
        { to: '127.0.0.1', outcomes: '1111111111', rtt: (0.059 + 0.077) / 2, rttMax: 0.101 },
        { to: '10.1.2.3', outcomes: '1011111111', rtt: 0.4, rttMax: 12.5 },
        { to: '2001:db8::1', outcomes: '0000000000', rtt: null, rttMax: null },
      ],
      connections: [
        { dir: 'out', local: '10.1.0.5', peer: '10.1.2.3', port: 3306, n: 12 },
        { dir: 'in', local: '10.1.0.5', peer: '192.0.2.0/24', port: 443, n: 4000 },
      ],
    });
  });

  test.each([
    ['more than ten times', `10.1.2.3 : ${'1 '.repeat(11).trim()}`, /line 1/],
    ['a name', '10.1.2.3 : 1\nweb01 : 1', /line 2/],
    ['other times', '10.1.2.3 : 1 fast', /line 1/],
    ['an answer after hours', '10.1.2.3 : 9999999', /line 1/],
    ['a connection without a count', '# connections\nout 10.1.0.5 10.1.2.3 3306', /line 2/],
    ['a connection to a name', '# connections\nout 10.1.0.5 db1 3306 1', /line 2/],
  ])('refuses %s', (_, text, message) => {
    expect(() => parsed(text)).toThrow(message);
  });
});
