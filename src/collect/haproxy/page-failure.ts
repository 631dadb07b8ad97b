// Why a page of statistics could not be read: for TLS by the code of the failed verification (openssl-verification-options(1)), else by the
// protocol on that port. The advice is never to switch the verification off: anybody could then get the password.

import { CollectError } from '../collect-error.js';
import { readFailed } from './failure.js';
import type { HaproxySource } from './source.js';

type Page = Extract<HaproxySource, { readonly kind: 'page' }>;

/** The error for a failed request; `hasCa`: certificates were given with `--haproxy-ca`. */
export function pageFailed({ text: name, url }: Page, error: unknown, hasCa: boolean): CollectError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const problem = certificateProblems[code];
  if (problem !== undefined) return untrusted({ name, host: url.hostname, problem, hasCa }, error);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    const fix = 'if it does not speak TLS there, write http://';
    return new CollectError('failed', `cannot read HAProxy at ${name} (${tlsReason(code)}): ${fix}`, { cause: error });
  }
  if (code.startsWith('HPE_')) {
    const fix = 'it does not speak HTTP there: write tcp@HOST:PORT for a stats socket, https:// for TLS';
    return new CollectError('failed', `cannot read HAProxy at ${name} (${code}): ${fix}`, { cause: error });
  }
  if (error instanceof Error && error.message === 'aborted') {
    return new CollectError(
      'cut-off',
      `HAProxy at ${name} closed the connection in the middle of its answer: was it just reloaded?`,
    );
  }
  if (code === 'ECONNRESET' && url.protocol === 'http:') {
    const fix = 'it closed the connection without an answer: if it speaks TLS there, write https://';
    return new CollectError('failed', `cannot read HAProxy at ${name} (${code}): ${fix}`, { cause: error });
  }
  return readFailed(name, error);
}

/** A fault of a certificate. With `isUnknown`, naming the certificate or its authority solves it. */
interface CertificateProblem {
  readonly what: string;
  readonly isUnknown: boolean;
}

const unknown = (what: string): CertificateProblem => ({ what, isUnknown: true });
const invalid = (what: string): CertificateProblem => ({ what, isUnknown: false });

const certificateProblems: Readonly<Record<string, CertificateProblem>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: unknown('its certificate is self-signed'),
  SELF_SIGNED_CERT_IN_CHAIN: unknown('its certificate is from a private authority'),
  UNABLE_TO_GET_ISSUER_CERT: unknown('the authority of its certificate is unknown'),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknown('the authority of its certificate is unknown'),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknown(
    'the authority of its certificate is unknown, or it does not send the intermediate certificates',
  ),
  CERT_UNTRUSTED: unknown('the authority of its certificate is not trusted'),
  CERT_HAS_EXPIRED: invalid('its certificate, or that of its authority, has expired'),
  CERT_NOT_YET_VALID: invalid('its certificate is not valid yet: is the clock of one of the machines wrong?'),
  CERT_SIGNATURE_FAILURE: invalid('the signature of its certificate is wrong'),
  CERT_REVOKED: invalid('its certificate is revoked'),
  INVALID_CA: invalid('its certificate is signed by a certificate that is no authority'),
  INVALID_PURPOSE: invalid('its certificate is not for servers'),
  PATH_LENGTH_EXCEEDED: invalid('its certificate chain is longer than its authority allows'),
  ERR_TLS_CERT_ALTNAME_INVALID: invalid('its certificate is for another name'),
};

interface UntrustedCertificate {
  readonly name: string;
  readonly host: string;
  readonly problem: CertificateProblem;
  readonly hasCa: boolean;
}

function untrusted({ name, host, problem, hasCa }: UntrustedCertificate, error: unknown): CollectError {
  const { what, isUnknown } = problem;
  const offer = hasCa
    ? 'no certificate of --haproxy-ca has signed it'
    : 'name its authority, or the certificate itself where it is self-signed, with --haproxy-ca FILE (PEM)';
  const renew = /another name/.test(what)
    ? `write the name it is for in the URL, or give it the name "${host}"`
    : 'renew it, and reload HAProxy';
  return new CollectError('failed', `HAProxy at ${name} is not trusted: ${what}; ${isUnknown ? offer : renew}`, {
    cause: error,
  });
}

/** A message of OpenSSL contains memory addresses and source lines. */
function tlsReason(code: string): string {
  return code === 'EPROTO' ? 'no TLS' : code;
}
