// What every request passes first: headers that keep pages from running what is not theirs, only reading methods, and where it is
// wanted the password, with a limit on wrong ones.

import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { parseBasic, type Verifier } from './passwords.js';
import { RequestError } from './request-error.js';

/** Headers of all answers: nothing from elsewhere, no script or style within a page. */
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
    // Whether there is TLS is the reverse proxy's to say.
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
  });
}

/** No request changes anything. Throws a `RequestError` at any other method. */
export const readOnly: RequestHandler = ({ method }, response, next) => {
  if (method === 'GET' || method === 'HEAD') {
    next();
    return;
  }
  response.set('Allow', 'GET, HEAD');
  throw new RequestError(405, `${method.slice(0, 20)} is not answered: this only shows, GET and HEAD are all there is`);
};

/** Wrong passwords from one address in a minute, after which even a right one is not looked at. */
const mostWrong = 10;

/** Lets in who knows a password. */
export function passwordGuard(verifier: Verifier): readonly RequestHandler[] {
  const limit = rateLimit({
    windowMs: 60_000,
    limit: mostWrong,
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_request, response) => response.statusCode !== 401,
    // A browser's first request has no password yet, and the pictures of a page come many at a time. The address is that of the
    // connection: what a header says of it can be made up.
    validate: { xForwardedForHeader: false },
    skip: ({ headers }) => {
      const given = parseBasic(headers.authorization);
      return headers.authorization === undefined || (given !== null && verifier.isSettling(given));
    },
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: () => {
      throw new RequestError(429, `over ${mostWrong} wrong passwords within a minute: wait a minute`);
    },
  });
  const check: RequestHandler = async ({ headers }, response, next) => {
    const given = parseBasic(headers.authorization);
    if (given !== null && (await verifier.verify(given))) {
      next();
      return;
    }
    response.status(401).set('WWW-Authenticate', 'Basic realm="lvs-stats", charset="UTF-8"');
    response.type('text').send('Who are you? This wants a user and a password.\n');
  };
  return [limit, check];
}
