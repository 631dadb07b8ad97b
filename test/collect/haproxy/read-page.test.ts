// Statistics over TLS with certificates of a private authority: errors have a code, and no certificate goes unverified.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { readHaproxy } from '../../../src/collect/haproxy/read-haproxy.js';
import { patienceMs } from '../../until.js';
import { type Certificate, hasOpenssl, makeCertificate } from './certificates.js';

if (!hasOpenssl) console.warn('skipped: there is no openssl here to make certificates with');

const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-tls-'));
let server: Server | null = null;

afterEach(() => {
  server?.close();
  server = null;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function pageOf({ cert, key }: Certificate): Promise<string> {
  const made = createServer({ cert, key }, (_, response) => response.end('# pxname,\n'));
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return `https://operator:secret@127.0.0.1:${(made.address() as AddressInfo).port}/stats`;
}

async function problemWith(url: string, caFile: string | null): Promise<string> {
  const error = await readHaproxy(url, { caFile, timeoutMs: patienceMs }).catch((problem) => problem);
  expect(error).toMatchObject({ code: expect.stringMatching(/^(failed|bad-command)$/) });
  expect(error.message).not.toMatch(/operator|secret|insecure|verification off|NODE_TLS/i);
  return error.message;
}

describe.skipIf(!hasOpenssl)('a page of HAProxy over TLS', () => {
  test('with a self-signed certificate is read if the certificate is configured; otherwise the error explains how', async () => {
    const own = makeCertificate({ folder, name: 'own' });
    const url = await pageOf(own);
    const message = await problemWith(url, null);
    expect(message).toMatch(/is not trusted: its certificate is self-signed; .*--haproxy-ca FILE/);
    expect(await readHaproxy(url, { caFile: own.certFile, timeoutMs: patienceMs })).toBe('# pxname,\n');
  });

  test("with a private authority's certificate is read if the authority is configured", async () => {
    const authority = makeCertificate({ folder, name: 'authority' });
    const url = await pageOf(makeCertificate({ folder, name: 'signed', signer: authority }));
    expect(await problemWith(url, null)).toMatch(/the authority of its certificate is unknown.*--haproxy-ca FILE/);
    expect(await readHaproxy(url, { caFile: authority.certFile, timeoutMs: patienceMs })).toBe('# pxname,\n');
    const other = makeCertificate({ folder, name: 'other' });
    expect(await problemWith(url, other.certFile)).toMatch(/no certificate of --haproxy-ca has signed it/);
  });

  test('with an expired certificate, or one for another name, fails with that reason', async () => {
    const signer = makeCertificate({ folder, name: 'signer' });
    const expired = makeCertificate({ folder, name: 'expired', signer, days: -1 });
    expect(await problemWith(await pageOf(expired), signer.certFile)).toMatch(/has expired; renew it/);
    server?.close();
    const elsewhere = makeCertificate({ folder, name: 'elsewhere', altName: 'DNS:lb9.example.com' });
    const message = await problemWith(await pageOf(elsewhere), elsewhere.certFile);
    expect(message).toMatch(
      /is for another name; write the name it is for in the URL, or give it the name "127\.0\.0\.1"/,
    );
  });

  test("with an unreadable file of authorities fails with the file's problem", async () => {
    const url = await pageOf(makeCertificate({ folder, name: 'any' }));
    const [empty, broken, pipe] = ['empty.pem', 'broken.pem', 'pipe.pem'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(empty, 'nothing\n');
    writeFileSync(broken, '-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n');
    execFileSync('mkfifo', [pipe]);
    for (const file of [empty, broken, pipe, join(folder, 'none.pem'), folder]) {
      expect(await problemWith(url, file)).toMatch(/^cannot use the certificates in --haproxy-ca .*PEM form$/);
    }
  });
});
