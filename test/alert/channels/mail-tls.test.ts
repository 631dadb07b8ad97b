// Mail over STARTTLS, from a process that trusts one authority: a password goes only to a server whose certificate is valid.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messageOf } from '../../../src/alert/message.js';
import { hostPage, startS } from '../page-kit.js';
import { type Certificate, smtpServer } from './smtp-server.js';

const root = resolve(import.meta.dirname, '../../..');

/** An address of this machine that does not look like one, so that TLS is not left out. */
const host = '0.0.0.0';

const letter = { kind: 'single', message: messageOf({ kind: 'page', page: hostPage('web01') }, startS) };

/** Sends a mail from a process of its own; resolves to what it reported as an error. */
function send(port: number, login: { user: string; password: string } | null, trusted: string): Promise<string> {
  const script = `
    import { mailChannel } from ${JSON.stringify(join(root, 'dist/alert/channels/mail.js'))};
    const server = ${JSON.stringify({ host, port, isSecure: false, login })};
    const policy = { to: ['ops@example.com'], from: 'lvs@example.com', server };
    const channel = mailChannel(policy, { director: 'lb1', report: console.error, limitMs: 600_000 });
    await channel.send(${JSON.stringify(letter)}).catch((error) => console.log(error.message));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { PATH: process.env['PATH'] ?? '', NODE_EXTRA_CA_CERTS: trusted },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  return new Promise((done) => child.once('close', () => done(said.trim())));
}

describe.skipIf(spawnSync('openssl', ['version']).error !== undefined)('STARTTLS (skipped without openssl)', () => {
  let folder: string;
  const login = { user: 'me', password: 'secret' };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lvs-stats-mail-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A certificate for an address, by which it is trusted itself. */
  function certify(name: string, address: string, ...more: readonly string[]): Certificate & { readonly path: string } {
    const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
    const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '2'];
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=IP:${address}`, ...more];
    const { status, stderr } = spawnSync('openssl', [...args, ...subject], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8'), path: cert };
  }

  /** The mail and the logins of a server with a certificate. */
  async function deliver(own: Certificate | null, trusted: string, withLogin: typeof login | null) {
    const server = await smtpServer(0, own);
    try {
      const said = await send(server.port, withLogin, trusted);
      return { said, mails: server.mails.map(({ isSecret }) => isSecret), logins: server.logins };
    } finally {
      await server.close();
    }
  }

  test('a valid certificate gets the password and the mail, over TLS', async () => {
    const own = certify('valid', host);
    const { said, mails, logins } = await deliver(own, own.path, login);
    expect([said, mails]).toEqual(['', [true]]);
    expect(logins).toEqual(['\0me\0secret']);
  });

  test.each<readonly [title: string, address: string, isTrusted: boolean, says: RegExp]>([
    ['nobody vouches for', host, false, /self-signed certificate/],
    ['is of another server', '192.0.2.25', true, /does not match certificate/],
  ])('a certificate that %s gets neither password nor mail', async (title, address, isTrusted, says) => {
    const own = certify(title.replaceAll(' ', '-'), address);
    const { said, mails, logins } = await deliver(own, isTrusted ? own.path : certify('other', host).path, login);
    expect(said).toMatch(says);
    expect(said).not.toContain('secret');
    expect([mails, logins]).toEqual([[], []]);
  });

  test('a server that offers no TLS gets no password', async () => {
    const { said, mails, logins } = await deliver(null, certify('unused', host).path, login);
    expect(said).toMatch(/STARTTLS/i);
    expect([mails, logins]).toEqual([[], []]);
  });

  test('without a password, any certificate is better than none', async () => {
    const { said, mails } = await deliver(certify('unknown', host), certify('another', host).path, null);
    expect([said, mails]).toEqual(['', [true]]);
  });
});
