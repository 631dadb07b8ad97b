// Mackerel's API for tests, as its documentation describes it (mackerel.io/api-docs: check-monitoring, service-metrics, hosts): it refuses what is not
// of the documented shape or exceeds a documented limit, and keeps the statuses of checks.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isObject } from '../../../src/files/json-object.js';

/** A check report that was taken. */
export interface TakenReport {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly occurredAt: number;
}

/** A fake Mackerel. */
export interface FakeMackerel {
  readonly url: URL;
  readonly key: string;
  readonly hostId: string;
  readonly service: string;
  /** Requests as `METHOD path status`. */
  readonly seen: string[];
  /** Why requests were refused. */
  readonly refusals: string[];
  readonly reports: TakenReport[];
  /** The newest report of each check. */
  readonly statuses: Map<string, TakenReport>;
  readonly metrics: { readonly name: string; readonly time: number; readonly value: number }[];
  /** Answers before anything else is decided; null passes the request on. */
  refuse: ((response: ServerResponse) => void) | null;
  close(): Promise<void>;
}

const key = 'a-key-of-Mackerel';
const hostId = '2eQGEaLxiYU';
const service = 'My-Service';

/** Starts one on loopback. */
export async function fakeMackerel(): Promise<FakeMackerel> {
  const seen: string[] = [];
  const refusals: string[] = [];
  const reports: TakenReport[] = [];
  const statuses = new Map<string, TakenReport>();
  const metrics: FakeMackerel['metrics'] = [];

  const takeReports = (body: unknown): string | null => {
    const list = isObject(body) ? body['reports'] : null;
    if (!isObject(body) || Object.keys(body).length !== 1 || !Array.isArray(list)) return 'a body has "reports" only';
    if (list.length === 0 || list.length > 100) return `up to 100 reports, not ${list.length}`;
    for (const report of list as readonly unknown[]) {
      const wrong = wrongReport(report);
      if (wrong !== null) return wrong;
    }
    for (const report of list as readonly TakenReport[]) {
      // "Posts will be ignored when a monitoring time has already been posted with the same name / host."
      if (statuses.get(report.name)?.occurredAt === report.occurredAt) continue;
      reports.push(report);
      statuses.set(report.name, report);
    }
    return null;
  };

  const takeMetrics = (body: unknown): string | null => {
    if (!Array.isArray(body) || body.length === 0) return 'a list of values';
    for (const value of body as readonly unknown[]) {
      const isRight =
        hasOnly(value, ['name', 'time', 'value']) &&
        /^[a-zA-Z0-9._-]+$/.test(String(value['name'])) &&
        Number.isInteger(value['time']) &&
        typeof value['value'] === 'number';
      if (!isRight) return `no metric value: ${JSON.stringify(value)}`;
    }
    metrics.push(...(body as FakeMackerel['metrics']));
    return null;
  };

  const decide = (request: IncomingMessage, text: string): { status: number; answer: object } => {
    const refused = (status: number, why: string) => {
      refusals.push(why);
      return { status, answer: { error: { message: why } } };
    };
    if (request.headers['x-api-key'] !== key) return refused(403, 'another key');
    if (request.method === 'GET') {
      if (request.url !== `/api/v0/hosts/${hostId}/monitored-statuses`) return refused(404, 'another host');
      const monitoredStatuses = [...statuses.values()].map(({ status, message }, i) => ({
        ...{ monitorId: `m${i}`, status, detail: { type: 'check', message } },
      }));
      return { status: 200, answer: { monitoredStatuses } };
    }
    if (request.headers['content-type'] !== 'application/json') return refused(400, 'JSON only');
    const body: unknown = JSON.parse(text);
    const isChecks = request.url === '/api/v0/monitoring/checks/report';
    if (!isChecks && request.url !== `/api/v0/services/${service}/tsdb`) return refused(404, 'another path');
    const wrong = isChecks ? takeReports(body) : takeMetrics(body);
    return wrong === null ? { status: 200, answer: { success: true } } : refused(400, wrong);
  };

  const fake: { refuse: FakeMackerel['refuse'] } = { refuse: null };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.once('end', () => {
      if (fake.refuse !== null) {
        seen.push(`${request.method} ${request.url} refused`);
        fake.refuse(response);
        return;
      }
      const { status, answer } = decide(request, Buffer.concat(parts).toString());
      seen.push(`${request.method} ${request.url} ${status}`);
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return Object.assign(fake, {
    ...{ url: new URL(`http://127.0.0.1:${port}`), key, hostId, service, seen, refusals, reports, statuses, metrics },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

function wrongReport(report: unknown): string | null {
  if (!hasOnly(report, ['source', 'name', 'status', 'message', 'occurredAt'])) return 'another report';
  const { source, name, status, message, occurredAt } = report;
  if (!hasOnly(source, ['type', 'hostId']) || source['type'] !== 'host' || source['hostId'] !== hostId)
    return 'another source';
  if (typeof name !== 'string' || name === '') return 'no name';
  if (!['OK', 'CRITICAL', 'WARNING', 'UNKNOWN'].includes(String(status))) return `no status: ${String(status)}`;
  if (typeof message !== 'string' || message.length >= 1024) return 'a message is under 1024 characters';
  return Number.isInteger(occurredAt) ? null : 'no time';
}

function hasOnly(value: unknown, keys: readonly string[]): value is Record<string, unknown> {
  return isObject(value) && keys.every((name) => name in value) && Object.keys(value).length === keys.length;
}
