// The agent's own /metrics (`--peer-metrics HOST:PORT`): one page, made when it is asked for, and nothing else.

import { createServer } from 'node:http';
import { UserError } from '../../model/user-error.js';
import type { SerfAddress } from '../serf/connection.js';
import { metricsType } from './peer-metrics.js';

/** Limit of a request, ms, and of open connections. */
const [timeoutMs, mostConnections] = [5000, 20];

/** Listens until the signal. Throws a `UserError` if it cannot. Resolves to the port. */
export function listenForMetrics(at: SerfAddress, textOf: () => string, signal: AbortSignal): Promise<number> {
  const server = createServer({ requestTimeout: timeoutMs, headersTimeout: timeoutMs }, (request, response) => {
    const isMetrics = request.url === '/metrics' && (request.method === 'GET' || request.method === 'HEAD');
    response.writeHead(isMetrics ? 200 : 404, {
      'Content-Type': isMetrics ? metricsType : 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      Connection: 'close',
    });
    response.end(isMetrics ? textOf() : 'There is only /metrics here.\n');
  });
  server.maxConnections = mostConnections;
  signal.addEventListener('abort', () => {
    server.close();
    server.closeAllConnections();
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new UserError(
          'bad-command',
          `cannot listen on ${at.host}:${at.port} for /metrics (${error.code ?? error.message}): choose another --peer-metrics HOST:PORT`,
        ),
      ),
    );
    server.listen(at.port, at.host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : at.port);
    });
  });
}
