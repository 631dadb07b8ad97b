// A receiver of remote write on loopback that says nothing about itself, and answers requests as listed, then takes them.

import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { decodeWriteRequest } from './decode.js';

/** The key and the certificate of a receiver with TLS. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

/** A receiver. */
export interface FakeReceiver {
  readonly url: string;
  /** Samples that it took: `ARCHIVE METRIC ROW [CF] TIME`, in the order of their arrival. */
  readonly taken: readonly string[];
  /** Logins of requests. */
  readonly logins: readonly (string | undefined)[];
  readonly close: () => Promise<void>;
}

/** Starts it. An answer is a status, or null to hang up after the rows were taken. */
export async function startFakeReceiver(
  answers: (number | null)[] = [],
  identity: Identity | null = null,
): Promise<FakeReceiver> {
  const taken: string[] = [];
  const logins: (string | undefined)[] = [];
  const answer: RequestListener = (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (request.method !== 'POST' || request.url !== '/api/v1/write') {
        response.writeHead(404).end();
        return;
      }
      logins.push(request.headers.authorization);
      const status = answers.length === 0 ? 204 : (answers.shift() ?? null);
      if (status === null || status === 204) taken.push(...samplesIn(Buffer.concat(parts)));
      if (status === null) request.socket.destroy();
      else response.writeHead(status).end(status === 204 ? '' : 'not now');
    });
  };
  const server = identity === null ? createServer(answer) : createSecure(identity, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ url: `${identity === null ? 'http' : 'https'}://127.0.0.1:${port}`, taken, logins },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function samplesIn(body: Uint8Array): readonly string[] {
  return decodeWriteRequest(body).flatMap(({ labels, samples }) => {
    const { archive, __name__: metric, row, cf } = Object.fromEntries(labels);
    const series = [archive, metric, row, ...(cf === undefined ? [] : [cf])].join(' ');
    return samples.map(({ timeMs }) => `${series} ${timeMs / 1000}`);
  });
}
