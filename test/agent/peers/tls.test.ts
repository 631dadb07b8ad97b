// Probes of applications in TLS: each kind, in each state; and what is particular to TLS.

import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTls, type TLSSocket, type TlsOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeApplication } from '../../../src/agent/peers/application.js';
import { type Certificate, hasOpenssl, makeCertificate } from '../../collect/haproxy/certificates.js';
import { patienceMs } from '../../until.js';
import { describeCases, kinds } from './cases.js';
import { greetingOf, mysqlOk } from './right-servers.js';
import { startScripted, targetOf } from './scripted-server.js';

if (!hasOpenssl) console.warn('skipped: there is no openssl here to make certificates with');

describe.skipIf(!hasOpenssl)('an application in TLS', () => {
  let pair: Certificate | null = null;
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lvs-stats-probes-'));
    pair = makeCertificate({ folder, name: 'db01' });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describeCases(() => pair, true);

  const withServer = async <T>(
    options: TlsOptions,
    ask: (port: number, names: readonly string[]) => Promise<T>,
  ): Promise<T> => {
    const names: string[] = [];
    const server = createTls({ cert: pair?.cert ?? '', key: pair?.key ?? '', ...options }, (socket: TLSSocket) => {
      names.push(String(socket.servername));
      socket.on('error', () => {}).end();
    });
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      return await ask((server.address() as AddressInfo).port, names);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  };

  test.each([
    ['web01', 'web01'],
    ['10.1.2.3', 'false'],
    ['a name', 'false'],
  ])('gets the name of its host as SNI, unless it is an address or none: %s', async (name, expected) => {
    await withServer({}, async (port, names) => {
      expect(await probeApplication(targetOf('tcp', port, { tls: true, name }), patienceMs)).toMatchObject({
        state: 'up',
      });
      expect(names).toEqual([expected]);
    });
  });

  test('that speaks an old version of TLS only is up', async () => {
    await withServer({ minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }, async (port) => {
      expect(await probeApplication(targetOf('tcp', port, { tls: true }), patienceMs)).toMatchObject({ state: 'up' });
    });
  });

  test('that has no cipher in common refuses, with the alert', async () => {
    await withServer({ ciphers: 'ECDHE-RSA-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' }, async (port) => {
      expect(await probeApplication(targetOf('redis', port, { tls: true }), patienceMs)).toMatchObject({
        state: 'refused',
        detail: expect.stringMatching(/^TLS: .*ALERT_HANDSHAKE_FAILURE/),
      });
    });
  });

  test.each(kinds.filter((kind) => kind !== 'tcp'))('is not what a server without TLS is: %s', async (kind) => {
    const server = await startScripted(async (line) => {
      if (kind === 'mysql') {
        line.say(greetingOf(false));
        await line.hear();
        line.say(mysqlOk);
        return;
      }
      await line.hear();
      line.say(kind === 'postgresql' ? 'N' : 'HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    expect(await probeApplication(targetOf(kind, server.port, { tls: true }), patienceMs)).toMatchObject({
      state: 'wrong-protocol',
    });
    await server.untilLeft();
    await server.close();
  });
});
