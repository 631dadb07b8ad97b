// The requests that an agent sends to servers, and the answers that it accepts.

import { describe, expect, test } from 'vitest';
import { parseLinkList } from '../../../src/agent/server/parse-list.js';
import { parseServerUrl } from '../../../src/agent/server/server-url.js';
import { splitReport } from '../../../src/agent/server/split-report.js';
import { timingOf } from '../../../src/agent/timing.js';
import { type AgentReport, mostParts, mostReportBytes } from '../../../src/model/links/report.js';

describe("a server's address", () => {
  test.each([
    ['https://lb1.example.com:8443', 'https://lb1.example.com:8443', false],
    ['https://[2001:db8::1]/', 'https://[2001:db8::1]', false],
    ['http://127.0.0.1:8443', 'http://127.0.0.1:8443', false],
    ['http://localhost:8443', 'http://localhost:8443', false],
    ['http://[::1]:8443', 'http://[::1]:8443', false],
    ['http://lb1:8443', 'http://lb1:8443', true],
    ['http://127.0.0.1.example.com', 'http://127.0.0.1.example.com', true],
  ])('is understood: %s', (text, name, isOpenToReaders) => {
    expect(parseServerUrl(text)).toMatchObject({ name, isOpenToReaders });
  });

  test.each([
    ['lb1:8443', /it is no address/],
    ['ftp://lb1', /it is no address/],
    ['', /it is no address/],
    ['https://', /it is no address/],
    ['https://me:s3cret@lb1', /it has a user or a password/],
    ['https://lb1/lvs', /it has a path/],
    ['https://lb1/?a=b', /it has a path/],
  ])('is refused, and not shown: "%s"', (text, expected) => {
    expect(() => parseServerUrl(text)).toThrow(expected);
    expect(() => parseServerUrl(text)).not.toThrow(/s3cret/);
  });
});

describe('a list of links', () => {
  const timing = timingOf('web01');
  const listOf = (change: object): string =>
    JSON.stringify({
      agent: 'web01',
      everyS: 120,
      phaseS: timing.phaseS,
      probes: 10,
      spreadS: 100,
      links: [],
      ...change,
    });

  test('has targets in their canonical form', () => {
    const links = [{ to: '10.0.0.5' }, { to: '2001:DB8:0::5' }, { to: '[2001:db8::5]:3306' }];
    expect(parseLinkList(listOf({ links }), timing)).toEqual({
      targets: [
        { address: '10.0.0.5', port: null },
        { address: '2001:db8::5', port: null },
        { address: '2001:db8::5', port: 3306 },
      ],
      problem: null,
    });
  });

  test.each(['', 'x', 'null', '[]', '{}', '{"links": 3}', '"links"', '<html>'])('is none: %s', (text) => {
    expect(parseLinkList(text, timing)).toBeNull();
  });

  test('leaves out what is no target, and says so', () => {
    const links = [{ to: '10.0.0.5' }, { to: '-f/etc/passwd' }, { to: '10.0.0.6\n10.0.0.7' }, { to: 5 }, null, {}];
    expect(parseLinkList(listOf({ links }), timing)).toEqual({
      targets: [{ address: '10.0.0.5', port: null }],
      problem: expect.stringMatching(/^5 of its links are not understood/),
    });
  });

  test('has at most as many links as the longest list', () => {
    const links = Array.from({ length: 70_000 }, (_, i) => ({ to: `10.1.${i >> 8}.${i & 255}` }));
    const list = parseLinkList(listOf({ links }), timing);
    expect(list?.targets).toHaveLength(5000);
    expect(list?.problem).toMatch(/^65000 of its links/);
  });

  test.each([{ everyS: 60 }, { phaseS: timing.phaseS + 1 }])('of other rounds says so: %o', (change) => {
    expect(parseLinkList(listOf(change), timing)?.problem).toMatch(/^its rounds last .* use the same version/);
  });
});

describe('the parts of a report', () => {
  const resultsOf = (count: number): AgentReport['results'] =>
    Array.from({ length: count }, (_, i) => ({
      to: `10.1.${i >> 8}.${i & 255}`,
      outcomes: '1111111111',
      rtt: 0.123,
      rttMax: 1.5,
    }));
  const report: AgentReport = {
    round: 7,
    about: { role: 'web' },
    results: resultsOf(3),
    connections: [],
    imports: ['10.0.0.1'],
  };

  test('are one without a number where it is short', () => {
    const { parts, dropped } = splitReport(report);
    expect(parts.map((part) => JSON.parse(part))).toEqual([report]);
    expect(dropped).toBe(0);
  });

  test.each([400, 401, 5000])('hold %i results, none of them longer than a request may be', (count) => {
    const { parts, dropped } = splitReport({ ...report, results: resultsOf(count) });
    const parsed = parts.map((part) => JSON.parse(part) as AgentReport);
    expect(parts.every((part) => Buffer.byteLength(part) <= mostReportBytes)).toBe(true);
    expect(parsed.flatMap(({ results }) => results)).toEqual(resultsOf(count));
    expect(parsed.flatMap(({ imports = [] }) => imports)).toEqual(['10.0.0.1']);
    expect(parsed.map(({ part }) => part)).toEqual(parts.length === 1 ? [undefined] : parts.map((_, i) => i));
    expect(dropped).toBe(0);
  });

  test('have verdicts on peers first, and none of an agent without Serf', () => {
    const peers = Array.from({ length: 200 }, (_, i) => ({
      ...{ member: `db${i}`, svc: 'redis/6379', outcome: 'closed' as const, sinceS: 1_764_000_000 },
      witnesses: ['web1', 'web2'],
    }));
    const parsed = splitReport({ ...report, results: resultsOf(400), peers }).parts.map(
      (part) => JSON.parse(part) as AgentReport,
    );
    expect(parsed[0]?.peers).toEqual(peers);
    expect(parsed.slice(1).every((part) => part.peers?.length === 0)).toBe(true);
    expect(parsed.flatMap(({ results }) => results)).toHaveLength(400);
    expect(splitReport(report).parts[0]).not.toContain('peers');
  });

  test('have names with their addresses, which none has of a host without names', () => {
    const names = Array.from({ length: 200 }, (_, i) => {
      return { name: `n${i}.example.com`, addresses: Array.from({ length: 32 }, (__, j) => `203.0.${i}.${j}`) };
    });
    const { parts, dropped } = splitReport({ ...report, names });
    expect([parts.length > 1, dropped]).toEqual([true, 0]);
    expect(parts.every((part) => Buffer.byteLength(part) <= mostReportBytes)).toBe(true);
    expect(parts.flatMap((part) => (JSON.parse(part) as AgentReport).names ?? [])).toEqual(names);
    expect(splitReport(report).parts[0]).not.toContain('names');
  });

  test('are at most those that a server takes: what is dropped is counted', () => {
    const connections = Array.from({ length: 20_000 }, (_, i) => ({
      ...{ dir: 'out' as const, local: '10.0.0.1', peer: '10.0.0.2', port: 80, n: 20_000 - i },
    }));
    const { parts, dropped } = splitReport({ ...report, connections });
    expect(parts).toHaveLength(mostParts);
    const kept = parts.flatMap((part) => (JSON.parse(part) as AgentReport).connections);
    expect(kept).toEqual(connections.slice(0, kept.length));
    expect(kept.length + dropped).toBe(20_000);
    expect(dropped).toBeGreaterThan(0);
  });
});
