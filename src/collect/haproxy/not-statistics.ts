// Answers that are not HAProxy's statistics: identified by their beginning, with advice on what to ask instead. The master's CLI:
// management guide, 9.4 "Master CLI"; levels: "stats socket … level" in the configuration manual.

import { CollectError, quote } from '../collect-error.js';

/** The error for a text without the header of the statistics. */
export function notStatistics(text: string, source: string): CollectError {
  if (text.trim() === '') return emptyAnswer(source);
  if (isMasterAnswer(text)) {
    return new CollectError(
      'failed',
      `${source} is the socket of HAProxy's master process (haproxy -S), which has no statistics: name the "stats socket" of the ` +
        'process, from the "global" section of its configuration; by hand, "@1 show stat" asks the master',
    );
  }
  if (/^Permission denied/i.test(text)) {
    return new CollectError(
      'not-permitted',
      `${source} answers "Permission denied": give its "stats socket" line the level "user" or higher`,
    );
  }
  if (/^HTTP\/\d/.test(text)) {
    return new CollectError(
      'no-header',
      `${source} answers with HTTP, so it is not a stats socket: write the address of "stats uri", http://HOST:PORT/PATH`,
    );
  }
  if (/^\s*<(!doctype|html|\?xml)/i.test(text)) {
    return new CollectError(
      'no-header',
      `${source}: expected the statistics of HAProxy as CSV, found an HTML page; append ";csv" to the address of "stats uri"`,
    );
  }
  const [first = ''] = text.split('\n', 1);
  if (/^Name: HAProxy/.test(text)) {
    return new CollectError('cut-off', `${source} has only the answer to "show info", not to "show stat"`);
  }
  return new CollectError(
    'no-header',
    `${source}: expected the statistics of HAProxy as CSV, which begin with "# pxname,", found ${quote(first)}; is it the stats ` +
      'socket, or the page of "stats uri"?',
  );
}

/** The error for an empty answer. */
function emptyAnswer(source: string): CollectError {
  return new CollectError(
    'reported-nothing',
    `HAProxy reported nothing: ${source} is empty, without even a header; is HAProxy being reloaded?`,
  );
}

/** Does only the master answer like this? It supports neither "show info" nor "show stat", and lists the commands that it does. */
function isMasterAnswer(text: string): boolean {
  return /^Unknown command/i.test(text) && /show proc|@<|@master/.test(text);
}
