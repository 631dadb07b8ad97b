// Receivers with TLS: --ca trusts its authorities and no others, and the login of --login arrives.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { receiverOf } from '../../../src/cli/options/push-options.js';
import { connectEngine } from '../../../src/engine/connection/http.js';
import { type Certificate, hasOpenssl, makeCertificate } from '../../collect/haproxy/certificates.js';
import { type FakeReceiver, startFakeReceiver } from '../../push/fake-receiver.js';

const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-push-tls-'));
let receiver: FakeReceiver | null = null;

afterEach(() => receiver?.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Sends an empty request with the options as files; the status, and the login that arrived. */
async function send(url: string, { ca, login }: { readonly ca?: string; readonly login?: string }) {
  const loginFile = join(folder, 'login');
  if (login !== undefined) writeFileSync(loginFile, `${login}\n`, { mode: 0o600 });
  const names = { to: '--to', login: '--login', ca: '--ca' };
  const address = receiverOf({ to: url, login: login === undefined ? login : loginFile, ca, names }, {});
  const connection = connectEngine(address, { signal: new AbortController().signal });
  try {
    return (await connection.send({ url: address.writeUrl, body: new Uint8Array([0]), mostBytes: 1000 })).status;
  } finally {
    connection.close();
  }
}

describe.skipIf(!hasOpenssl)('a receiver with TLS (skipped without openssl)', () => {
  const authority = (name: string): Certificate => makeCertificate({ folder, name, altName: 'DNS:authority' });

  test.each([
    ['a user and a password', 'lb1:secret', `Basic ${Buffer.from('lb1:secret').toString('base64')}`],
    ['a token', 'Bearer abc', 'Bearer abc'],
  ])('takes rows with %s when its authority is trusted', async (_, login, header) => {
    const own = authority('own');
    receiver = await startFakeReceiver([], makeCertificate({ folder, name: 'server', signer: own }));
    expect(await send(receiver.url, { ca: own.certFile, login })).toBe(204);
    expect(receiver.logins).toEqual([header]);
  });

  test.each([
    ['of another authority', 'IP:127.0.0.1', 'other', /cannot be reached \(\S+; name the certificates that you trust/],
    ['of another name', 'DNS:metrics.example.com', 'own', /cannot be reached \(ERR_TLS_CERT_ALTNAME_INVALID/],
    ['that no authority of the system signed', 'IP:127.0.0.1', null, /cannot be reached \(\S+; name the certificates/],
  ])('gets no login with a certificate %s', async (_, altName, trusted, message) => {
    const [own, other] = [authority('own'), authority('other')];
    receiver = await startFakeReceiver([], makeCertificate({ folder, name: 'server', altName, signer: own }));
    const ca = trusted === null ? {} : { ca: (trusted === 'own' ? own : other).certFile };
    await expect(send(receiver.url, { ...ca, login: 'lb1:secret' })).rejects.toThrow(message);
    expect(receiver.logins).toEqual([]);
  });
});
