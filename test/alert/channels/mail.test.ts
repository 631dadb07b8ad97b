// Pages by mail, through a small SMTP server.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mailChannel } from '../../../src/alert/channels/mail.js';
import { type Letter, messageOf } from '../../../src/alert/message.js';
import { hostPage, startS } from '../page-kit.js';
import { smtpServer } from './smtp-server.js';

const page = hostPage('web01', {
  title: 'rack tx/r01: 25 hosts — böse — are down',
  level: 'rack',
  hosts: ['web01', 'web02'],
});
const single: Letter = { kind: 'single', message: messageOf({ kind: 'page', page }, startS) };
const resolved: Letter = { kind: 'single', message: messageOf({ kind: 'resolved', page }, startS + 300) };

let server: Awaited<ReturnType<typeof smtpServer>>;
const reports: string[] = [];
beforeEach(async () => {
  reports.length = 0;
  server = await smtpServer();
});
afterEach(() => server.close());

function channel(login: { user: string; password: string } | null = null, limitMs = 600_000) {
  const to = ['ops@example.com', 'boss@example.com'];
  const at = { host: '127.0.0.1', port: server.port, isSecure: false, login };
  const ground = { director: 'lb1', report: (text: string) => reports.push(text), limitMs };
  return mailChannel({ to, from: 'lvs@example.com', server: at }, ground);
}

/** The header of a mail, and its text decoded. */
function readMail(text: string): { readonly header: ReadonlyMap<string, string>; readonly body: string } {
  const [head = '', ...rest] = text.split('\n\n');
  const lines = head.replaceAll(/\n[ \t]+/g, ' ').split('\n');
  const header = new Map(lines.map((line) => [line.split(':')[0]?.toLowerCase() ?? '', line.replace(/^[^:]*: */, '')]));
  const encoded = rest.join('\n\n');
  const quoted = encoded
    .replaceAll(/=\n/g, '')
    .replaceAll(/(=[0-9A-F]{2})+/g, (hex) => Buffer.from(hex.replaceAll('=', ''), 'hex').toString());
  const coding = header.get('content-transfer-encoding');
  return {
    header,
    body:
      coding === 'base64'
        ? Buffer.from(encoded, 'base64').toString()
        : coding === 'quoted-printable'
          ? quoted
          : encoded,
  };
}

test('a page is a mail with its cause as the subject and its findings as the text', async () => {
  await channel().send(single);
  expect(server.mails).toHaveLength(1);
  expect(server.mails[0]).toMatchObject({ from: 'lvs@example.com', to: ['ops@example.com', 'boss@example.com'] });
  const { header, body } = readMail(server.mails[0]?.text ?? '');
  expect(header.get('subject')).toMatch(/=\?UTF-8\?/);
  expect(header.get('auto-submitted')).toBe('auto-generated');
  expect(body).toContain('PAGE warning: rack tx/r01: 25 hosts — böse — are down');
  expect(body).toContain('hosts: web01, web02\n');
  expect(body).toContain('- warning: web01: left 2 services');
});

test('mails about one page are a thread, and a repeated one has the same identity', async () => {
  for (const letter of [single, single, resolved]) await channel().send(letter);
  const headers = server.mails.map(({ text }) => readMail(text).header);
  const ids = headers.map((header) => header.get('message-id'));
  expect(ids[0]).toMatch(/^<[0-9a-f]{32}\.lvs-stats@example\.com>$/);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
  expect(headers[2]?.get('in-reply-to')).toBe(ids[0]);
});

test('a digest names every page', async () => {
  const messages = ['a', 'b'].map((host) => messageOf({ kind: 'page', page: hostPage(host) }, startS));
  await channel().send({ kind: 'digest', messages, dropped: 0 });
  const { header, body } = readMail(server.mails[0]?.text ?? '');
  expect(header.get('subject')).toBe('[lb1] DIGEST: 2 pages');
  for (const host of ['a', 'b']) expect(body).toContain(`- PAGE warning: host ${host}: 2 real servers`);
});

test('no text of a finding adds a line to the header', async () => {
  const evil = hostPage('x', { title: 'host x\r\nBcc: all@example.com\n\nis down' });
  await channel().send({ kind: 'single', message: messageOf({ kind: 'page', page: evil }, startS) });
  expect([...readMail(server.mails[0]?.text ?? '').header.keys()]).not.toContain('bcc');
  expect(server.mails[0]?.to).toHaveLength(2);
});

test('the login of the policy is used on this machine', async () => {
  await channel({ user: 'me', password: 'p@ss' }).send(single);
  expect(server.logins).toEqual(['\0me\0p@ss']);
});

describe('a mail is an error if the server', () => {
  test.each<readonly [title: string, verb: string, answer: string, says: RegExp]>([
    ['refuses the sender', 'MAIL', '550 not you', /550 not you/],
    ['refuses all receivers', 'RCPT', '550 nobody here', /550 nobody here/],
    ['refuses the text', '.', '452 full', /452 full/],
  ])('%s', async (_, verb, answer, says) => {
    server.refusals.set(verb, answer);
    await expect(channel().send(single)).rejects.toThrow(says);
    server.refusals.clear();
    await channel().send(single);
    expect(server.mails).toHaveLength(1);
  });

  test('is down', async () => {
    const sending = channel();
    await server.close();
    await expect(sending.send(single)).rejects.toThrow(/^127\.0\.0\.1:\d+: .*ECONNREFUSED/);
  });

  test('never says a word', async () => {
    server.mute();
    await expect(channel(null, 200).send(single)).rejects.toThrow(/127\.0\.0\.1/);
  });

  test('refuses the login, and shows no password', async () => {
    server.refusals.set('AUTH', '535 wrong password');
    await expect(channel({ user: 'me', password: 'secret' }).send(single)).rejects.toThrow(/^(?!.*secret).*535/);
  });
});

test('a receiver that is refused beside others is reported, and does not repeat the mail', async () => {
  server.refusals.set('boss@example.com', '550 gone');
  await channel().send(single);
  expect(server.mails[0]?.to).toEqual(['ops@example.com']);
  expect(reports).toEqual(['mail: 127.0.0.1 refused boss@example.com']);
});
