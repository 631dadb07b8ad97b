// Rates from nginx's access log, in the format `combined` or, shorter, in one that begins with the time and the status:
//
//   log_format lvs_stats '$msec $status';
//   access_log /var/log/nginx/lvs-stats.log lvs_stats;
//
//   1796178801.927 200
//   192.0.2.7 - - [02/Dec/2026:02:33:21 +0000] "GET / HTTP/1.1" 200 612 "-" "curl/7.88.1"

import { followLog } from '../imports/followed-log.js';
import type { Clock } from '../timing.js';
import type { NginxAbout, NginxRates } from './rates.js';

const short = /^\d{1,12}\.\d{3} (\d{3})(?: |$)/;
/** nginx writes quotes in a request as \x22. */
const combined = /^[^"]*"[^"]*" (\d{3}) /;

/** The status of a line; null if it has neither format. */
export function statusOf(line: string): number | null {
  const [, digits] = short.exec(line) ?? combined.exec(line) ?? [];
  return digits === undefined ? null : Number(digits);
}

/** The rates in a log. */
export function accessLogRates(path: string, clock: Clock): NginxRates {
  const log = followLog(path);
  let sinceMs = clock.steadyMs();
  return {
    name: path,
    async read() {
      const counts = { all: 0, odd: 0, '4xx': 0, '5xx': 0, 504: 0 };
      const { isFirst, isCut } = await log.read((line) => {
        const status = statusOf(line);
        counts.all += 1;
        if (status === null) counts.odd += 1;
        else if (status >= 500) counts['5xx'] += 1;
        else if (status >= 400) counts['4xx'] += 1;
        if (status === 504) counts[504] += 1;
      });
      const [beginMs, endMs] = [sinceMs, clock.steadyMs()];
      sinceMs = endMs;
      if (isFirst) return {};
      if (isCut) throw new Error('more was written in a round than is read (64 MiB); a shorter log_format helps');
      if (counts.odd > counts.all / 2)
        throw new Error("most lines have another format than 'combined' or '$msec $status'");
      return ratesOf(counts, (endMs - beginMs) / 1000);
    },
  };
}

function ratesOf(counts: Readonly<Record<'all' | '4xx' | '5xx' | 504, number>>, seconds: number): NginxAbout {
  if (!(seconds > 0)) return {};
  const rate = (count: number): number => Math.round((count / seconds) * 1000) / 1000;
  return {
    nginxAccessRate: rate(counts.all),
    nginxErrRate: rate(counts['4xx'] + counts['5xx']),
    nginx4xx: rate(counts['4xx']),
    nginx5xx: rate(counts['5xx']),
    nginx504: rate(counts[504]),
  };
}
