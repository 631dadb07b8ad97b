// Certificates that openssl(1) makes for a test: an authority, and its servers on the loopback interface.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** True if openssl is installed. */
export const hasOpenssl = ['/usr/bin/openssl', '/usr/local/bin/openssl'].some(existsSync);

/** A certificate and its key, as PEM files and as text. */
export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

/** The properties of a new certificate. */
export interface CertificateRequest {
  readonly folder: string;
  readonly name: string;
  /** Such as `IP:127.0.0.1`. */
  readonly altName?: string;
  /** Signs it; without one, it is self-signed. */
  readonly signer?: Certificate;
  /** Days of validity. Negative if it has expired, which requires a signer. */
  readonly days?: number;
}

/** Makes a certificate. */
export function makeCertificate({
  folder,
  name,
  altName = 'IP:127.0.0.1',
  signer,
  days = 2,
}: CertificateRequest): Certificate {
  const [certFile, keyFile, requestFile] = ['pem', 'key', 'csr'].map((end) => join(folder, `${name}.${end}`)) as [
    string,
    string,
    string,
  ];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', keyFile];
  const about = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${altName}`];
  const valid = ['-days', String(days)];
  if (signer === undefined) openssl('req', '-x509', ...key, ...about, ...valid, '-out', certFile);
  else {
    openssl('req', '-new', ...key, '-subj', `/CN=${name}`, '-out', requestFile);
    const extensions = join(folder, `${name}.ext`);
    writeFileSync(extensions, `subjectAltName=${altName}\n`);
    const signed = ['-CA', signer.certFile, '-CAkey', signer.keyFile, '-CAcreateserial', '-extfile', extensions];
    openssl('x509', '-req', '-in', requestFile, ...signed, ...valid, '-out', certFile);
  }
  return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
