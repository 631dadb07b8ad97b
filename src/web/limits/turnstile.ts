// Puts handlers of requests behind a gate: a request waits for its turn, works, and releases the turn. Cheap requests have no
// queue: `/healthz`, the files of a browser, the status.

import type { Request, RequestHandler, Response } from 'express';
import type { ClientOf } from './client.js';
import type { Gate, GateLimits, Turn } from './gate.js';
import { createGate } from './gate.js';
import type { AnswersUnderWay } from './unread.js';

/** Answers a request in its turn; the turn ends when the promise settles. */
export type Handler = (request: Request, response: Response) => Promise<void> | void;

/** Puts a handler behind a gate. */
export type Behind = (handler: Handler) => RequestHandler;

/** The gates of the viewer. */
export interface Turnstiles {
  /** For pages and numbers, which this process computes. */
  readonly answers: Behind;
  /** For pictures, which a thread draws meanwhile. */
  readonly pictures: Behind;
  /** For queries of the live table, which a thread runs meanwhile: slow ones must not delay pages. */
  readonly queries: Behind;
}

/** The state of a request in progress. */
export interface Passage {
  readonly client: string;
  readonly turn: Turn;
  readonly unread: AnswersUnderWay;
}

/** A browser's page makes six requests at a time; a whole office may share one address. */
export const gateLimits: Readonly<Record<'answers' | 'pictures' | 'queries' | 'passwords', GateLimits>> = {
  answers: { running: 2, waiting: 400, waitingPerClient: 100 },
  // The thread draws one of them while the rows of the others are read.
  pictures: { running: 4, waiting: 400, waitingPerClient: 100 },
  queries: { running: 1, waiting: 8, waitingPerClient: 4 },
  passwords: { running: 1, waiting: 100, waitingPerClient: 10 },
};

const passages = new WeakMap<Response, Passage>();

/** The passage of a request behind a gate; undefined for any other. */
export function passageOf(response: Response): Passage | undefined {
  return passages.get(response);
}

/** Creates the gates of the viewer. */
export function createTurnstiles(ground: {
  readonly clientOf: ClientOf;
  readonly unread: AnswersUnderWay;
}): Turnstiles {
  return {
    answers: behind(createGate(gateLimits.answers, 'requests'), ground),
    pictures: behind(createGate(gateLimits.pictures, 'pictures'), ground),
    queries: behind(createGate(gateLimits.queries, 'queries'), ground),
  };
}

/** Puts handlers behind a gate. */
function behind(
  gate: Gate,
  { clientOf, unread }: { readonly clientOf: ClientOf; readonly unread: AnswersUnderWay },
): Behind {
  return (handler) => async (request, response) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort('gone'));
    const client = clientOf(request);
    const turn = await gate.enter(client, gone.signal);
    if (turn === null) return;
    passages.set(response, { client, turn, unread });
    // A client that leaves does not end the turn: its work continues until the handler returns.
    try {
      await handler(request, response);
    } finally {
      turn.end();
    }
  };
}
