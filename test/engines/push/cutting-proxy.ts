// A proxy in front of an engine, which acts at a certain moment of a certain request: before the engine has it, when the engine has answered and
// the pusher does not know it yet, or when the pusher has just got the answer. Nothing goes through while it acts.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A moment of a request. */
export const moments = ['before', 'unanswered', 'answered'] as const;

/** An action, and its moment. */
export interface Cut {
  readonly moment: (typeof moments)[number];
  /** How many requests pass before. */
  readonly after: number;
  /** Whether requests other than writes count. */
  readonly ofAll: boolean;
  readonly act: () => Promise<void>;
}

/** A running proxy. */
export interface CuttingProxy {
  readonly url: string;
  /** Plans a cut instead of an earlier one; resolves when it has been made. */
  readonly plan: (cut: Cut) => Promise<void>;
  /** Drops the planned cut. */
  readonly drop: () => void;
  readonly close: () => Promise<void>;
}

interface PlannedCut extends Cut {
  readonly done: () => void;
  left: number;
}

/** Starts a proxy in front of the engine at an address. */
export async function startCuttingProxy(base: string): Promise<CuttingProxy> {
  let planned: PlannedCut | null = null;
  let acting: Promise<void> = Promise.resolve();
  const takeCut = (isWrite: boolean): PlannedCut | null => {
    if (planned === null || !(planned.ofAll || isWrite)) return null;
    planned.left -= 1;
    if (planned.left >= 0) return null;
    const cut = planned;
    planned = null;
    return cut;
  };
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    await acting;
    const cut = takeCut(request.url === '/api/v1/write');
    const act = (): Promise<void> => {
      acting = cut === null ? Promise.resolve() : cut.act().then(cut.done);
      return acting;
    };
    const { status, text } = cut?.moment === 'before' ? noAnswer : await forward(base, request, body);
    if (cut?.moment === 'answered' && status !== 0) {
      response.writeHead(status).end(text);
      await act();
      return;
    }
    await act();
    if (cut !== null || status === 0) request.socket.destroy();
    else response.writeHead(status).end(text);
  };
  const server = createServer((request, response) => {
    pass(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    plan: (cut) =>
      new Promise((done) => {
        planned = { ...cut, left: cut.after, done };
      }),
    drop: () => {
      planned = null;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

const noAnswer = { status: 0, text: '' };

/** The engine's answer; status 0 if there is none. */
async function forward(
  base: string,
  { method = 'GET', url = '/', headers }: IncomingMessage,
  body: Buffer,
): Promise<{ readonly status: number; readonly text: string }> {
  const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...own } = headers;
  const init = { method, headers: own as Record<string, string>, ...(method === 'POST' ? { body } : {}) };
  try {
    const response = await fetch(`${base}${url}`, init);
    return { status: response.status, text: await response.text() };
  } catch {
    return noAnswer;
  }
}
