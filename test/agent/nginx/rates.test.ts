// Rates of nginx, from its access log and from its page of stub_status.

import { appendFileSync, copyFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { followLog } from '../../../src/agent/imports/followed-log.js';
import { accessLogRates, statusOf } from '../../../src/agent/nginx/access-log.js';
import { parseStubStatus, stubStatusRates } from '../../../src/agent/nginx/stub-status.js';
import type { Clock } from '../../../src/agent/timing.js';

let folder = '';
let path = '';
let timeMs = 0;
const clock: Clock = { nowMs: () => timeMs, steadyMs: () => timeMs, sleep: async () => {} };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-nginx-'));
  path = join(folder, 'access.log');
  timeMs = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const short = (status: number): string => `1796178801.927 ${status}\n`;

describe('a line of the access log', () => {
  test.each([
    ['1796178801.927 200', 200],
    ['1796178801.927 504 0.002 -', 504],
    ['192.0.2.7 - - [02/Dec/2026:02:33:21 +0000] "GET / HTTP/1.1" 200 612 "-" "curl/7.88.1"', 200],
    ['192.0.2.7 - me [02/Dec/2026:02:33:21 +0000] "GET /\\x22 500 HTTP/1.1" 404 0 "http://a/\\x22" "x"', 404],
    ['2001:db8::1 - - [02/Dec/2026:02:33:21 +0000] "-" 400 0 "-" "-"', 400],
    ['{"status": 200}', null],
    ['', null],
    ['1796178801 200', null],
  ])('has a status: %s', (line, status) => {
    expect(statusOf(line)).toBe(status);
  });
});

describe('an access log', () => {
  test('gives rates over the time between two readings, by class', async () => {
    writeFileSync(path, short(500).repeat(50));
    const rates = accessLogRates(path, clock);
    expect(await rates.read()).toEqual({});
    timeMs = 120_000;
    appendFileSync(path, [200, 200, 302, 404, 499, 500, 504, 504].map(short).join('').repeat(60));
    expect(await rates.read()).toEqual({
      ...{ nginxAccessRate: 4, nginxErrRate: 2.5, nginx4xx: 1, nginx5xx: 1.5, nginx504: 1 },
    });
    timeMs = 240_000;
    expect((await rates.read()).nginxAccessRate).toBe(0);
  });

  test('in another format is an error', async () => {
    writeFileSync(path, '');
    const rates = accessLogRates(path, clock);
    await rates.read();
    timeMs = 120_000;
    appendFileSync(path, '{"status":200}\n{"status":200}\n');
    await expect(rates.read()).rejects.toThrow(/another format/);
  });

  test('that is not there is an error, until it is', async () => {
    const rates = accessLogRates(path, clock);
    await expect(rates.read()).rejects.toThrow(/ENOENT/);
    writeFileSync(path, '');
    expect(await rates.read()).toEqual({});
  });
});

describe('a followed log', () => {
  const appended = async (log: ReturnType<typeof followLog>): Promise<readonly string[]> => {
    const lines: string[] = [];
    await log.read((line) => lines.push(line));
    return lines;
  };

  test('begins at its end', async () => {
    writeFileSync(path, 'a\n');
    const log = followLog(path);
    expect(await appended(log)).toEqual([]);
    appendFileSync(path, 'b\nc');
    expect(await appended(log)).toEqual(['b']);
    appendFileSync(path, 'd\n');
    expect(await appended(log)).toEqual(['cd']);
  });

  test('that was rotated is read to its end, then the new one from its beginning', async () => {
    writeFileSync(path, '');
    const log = followLog(path);
    await appended(log);
    appendFileSync(path, 'a\n');
    renameSync(path, `${path}.1`);
    expect(await appended(log)).toEqual(['a']);
    appendFileSync(`${path}.1`, 'b\n');
    writeFileSync(path, 'c\n');
    expect(await appended(log)).toEqual(['b', 'c']);
    appendFileSync(path, 'd\n');
    expect(await appended(log)).toEqual(['d']);
  });

  test('that was copied and cut is read from its beginning', async () => {
    writeFileSync(path, 'old\n');
    const log = followLog(path);
    await appended(log);
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
    appendFileSync(path, 'b\n');
    expect(await appended(log)).toEqual(['b']);
  });

  test('is read up to a bound, from its end', async () => {
    writeFileSync(path, '');
    const log = followLog(path, 10);
    await appended(log);
    appendFileSync(path, 'aaaa\nbbbb\ncccc\ndddd\n');
    const lines: string[] = [];
    expect(await log.read((line) => lines.push(line))).toEqual({ isFirst: false, isCut: true });
    expect(lines).toEqual(['cccc', 'dddd']);
  });
});

describe('the page of stub_status', () => {
  const page = (requests: number): string =>
    `Active connections: 291 \nserver accepts handled requests\n 16630948 16630948 ${requests} \nReading: 6 Writing: 179 Waiting: 106 \n`;

  test('counts requests', () => {
    expect(parseStubStatus(page(31_070_465))).toBe(31_070_465n);
    expect(parseStubStatus('<html>')).toBeNull();
  });

  test('gives the rate of requests, none at first and after a restart', async () => {
    const answers = [page(1000), page(1240), page(10), page(130), '<html>'];
    const server = createServer((_, response) => response.end(answers.shift()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const rates = stubStatusRates(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/status`, clock);
    const found = [];
    for (timeMs = 0; timeMs < 480_000; timeMs += 120_000) found.push(await rates.read());
    expect(found).toEqual([{}, { nginxAccessRate: 2 }, {}, { nginxAccessRate: 1 }]);
    await expect(rates.read()).rejects.toThrow(/no page of stub_status/);
    await expect(rates.read()).rejects.toThrow(/no page of stub_status/);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(rates.read()).rejects.toThrow(/ECONNREFUSED/);
  });

  test.each(['x', 'ftp://a', ''])('has no address "%s"', (text) => {
    expect(() => stubStatusRates(text, clock)).toThrow(/is no address/);
  });
});
