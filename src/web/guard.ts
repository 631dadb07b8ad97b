// The first checks on every request: headers that keep pages from running foreign code, read-only methods, and, if required,
// the password, with a limit on wrong ones.

import type { Request, RequestHandler, Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import type { ClientOf } from './limits/client.js';
import { createGate } from './limits/gate.js';
import { gateLimits } from './limits/turnstile.js';
import { type Credentials, parseBasic, type Verifier } from './passwords.js';
import { RequestError } from './request-error.js';

/** Headers of all answers: no foreign content, no inline script or style. */
export function securityHeaders(): RequestHandler {
  const own = ["'self'"];
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: own,
        styleSrc: own,
        imgSrc: own,
        connectSrc: own,
        formAction: own,
        baseUri: ["'none'"],
        frameAncestors: own,
      },
    },
    // Only the reverse proxy knows whether there is TLS.
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
  });
}

/** No request changes anything. Throws a `RequestError` for any other method. */
export const readOnly: RequestHandler = ({ method }, response, next) => {
  if (method === 'GET' || method === 'HEAD') {
    next();
    return;
  }
  response.set('Allow', 'GET, HEAD');
  throw new RequestError(405, `${method.slice(0, 20)} is not allowed: the viewer only answers GET and HEAD`);
};

/** Wrong passwords per minute, for one user from one address, and for all users from one address. */
const maxWrong = 10;
const maxWrongOfAddress = 60;

/**
 * Admits users with a valid password. Beyond the limit of wrong ones, not even a right one is checked: the limit applies to
 * that user from that address, so that nobody can lock out others. Verification is slow on purpose, so it has its own queue.
 */
export function passwordGuard(verifier: Verifier, clientOf: ClientOf): readonly RequestHandler[] {
  const gate = createGate(gateLimits.passwords, 'passwords');
  const userOf = ({ headers }: Request): string => parseBasic(headers.authorization)?.user ?? '';
  const check: RequestHandler = async (request, response, next) => {
    const given = parseBasic(request.headers.authorization);
    if (given !== null && (await isRight(given, request, response))) {
      next();
      return;
    }
    if (response.destroyed) return;
    response.status(401).set('WWW-Authenticate', 'Basic realm="lvs-stats", charset="UTF-8"');
    response.type('text').send('A user name and a password are required.\n');
  };
  const isRight = async (given: Credentials, request: Request, response: Response): Promise<boolean> => {
    if (verifier.isSettling(given)) return verifier.verify(given);
    const gone = new AbortController();
    const leave = (): void => gone.abort('gone');
    response.once('close', leave);
    const turn = await gate.enter(clientOf(request), gone.signal);
    response.off('close', leave);
    try {
      return turn !== null && (await verifier.verify(given));
    } finally {
      turn?.end();
    }
  };
  return [
    wrongLimit(verifier, maxWrongOfAddress, clientOf),
    wrongLimit(verifier, maxWrong, (request) => JSON.stringify([clientOf(request), userOf(request)])),
    check,
  ];
}

/** Refuses a key that had more wrong passwords within a minute. */
function wrongLimit(verifier: Verifier, most: number, keyOf: (request: Request) => string): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: most,
    keyGenerator: keyOf,
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_request, response) => response.statusCode !== 401,
    // `clientOf` knows which headers to trust.
    validate: { xForwardedForHeader: false },
    // A browser's first request has no password yet, and a page requests many pictures at a time.
    skip: ({ headers }) => {
      const given = parseBasic(headers.authorization);
      return headers.authorization === undefined || (given !== null && verifier.isSettling(given));
    },
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: () => {
      throw new RequestError(429, `over ${most} wrong passwords within a minute: wait a minute`);
    },
  });
}
