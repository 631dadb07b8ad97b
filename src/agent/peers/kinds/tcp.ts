// Plain TCP: a connection, and nothing said. With TLS, a completed handshake. Without, the probe listens for a moment beforehand (application.ts):
// a MySQL server blocks clients that only connect, and a proxy without servers closes at once.

import type { Dialogue } from './dialogue.js';

/** The dialogue of plain TCP. */
export const tcp: Dialogue = {
  speaksFirst: false,
  startsTls: false,
  run: async (_wire, { tls }) => ({ state: 'up', detail: tls ? 'TLS handshake completed' : 'connected' }),
};
