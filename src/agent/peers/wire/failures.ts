// The meaning of a connection's errors. A refusal or a reset is a prompt answer of the other host; no route is silence; an error of TLS is that of a
// server that speaks something else, or an alert of one that lives. All else is this machine's own: it says nothing about the application.

import { ProbeEnd, quoted } from '../kinds/dialogue.js';

/** This machine could not try, for want of file handles, ports, rights or a name. `code` is the system's, such as `EMFILE`. */
export class CannotProbe extends Error {
  readonly code: string;

  constructor(kind: string, error: NodeJS.ErrnoException) {
    super(`cannot probe ${kind}: ${error.message}`, { cause: error });
    this.code = error.code ?? 'unknown';
  }
}

const prompt: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  ECONNABORTED: 'connection reset',
};

const silent: Readonly<Record<string, string>> = {
  EHOSTUNREACH: 'no route to the host',
  EHOSTDOWN: 'the host does not answer',
  ENETUNREACH: 'no route to the network',
  ETIMEDOUT: 'no connection',
};

/** An alert of TLS by which a server asks for a client's certificate. */
const asksForCertificate = /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE)$/;

/** The verdict that an error of a connection is, or `CannotProbe`. */
export function endOf(error: NodeJS.ErrnoException, kind: string): ProbeEnd | CannotProbe {
  const { code = '' } = error;
  const [refused, down] = [prompt[code], silent[code]];
  if (refused !== undefined) return new ProbeEnd('refused', refused);
  if (down !== undefined) return new ProbeEnd('down', down);
  if (!/^(ERR_SSL_|ERR_TLS_|EPROTO$)/.test(code)) return new CannotProbe(kind, error);
  const text = quoted(Buffer.from(code === 'EPROTO' ? error.message : code.replace('ERR_SSL_', ''))).slice(1, -1);
  // A standing rule that does not admit the probe, as a demand for a password is.
  if (asksForCertificate.test(code)) return new ProbeEnd('up', `TLS: ${text}`);
  return new ProbeEnd(/_ALERT_/.test(code) ? 'refused' : 'wrong-protocol', `TLS: ${text}`);
}
