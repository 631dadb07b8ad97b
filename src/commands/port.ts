// Whether an address can be listened on, for a command that has long work to do before it listens.

import { createServer } from 'node:net';
import { UserError } from '../model/user-error.js';
import { type Address, formatUrl } from '../web/listen.js';

/** Listens for a moment. Throws a `UserError` where that cannot be done. */
export async function refuseTaken(address: Address): Promise<void> {
  const { host, port } = address;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'another program listens there' : error.message;
      const message = `cannot listen on ${formatUrl(address)}: ${why}: choose another address with --listen`;
      reject(new UserError('cannot-listen', message, { cause: error }));
    });
    server.listen({ host, port }, resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}
