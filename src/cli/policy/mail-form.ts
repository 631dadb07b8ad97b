// The part of the policy about mail: `mail: {to: ops@example.com, from: lvs@example.com, server: smtp://mail.example.com}`.

import { isSeq } from 'yaml';
import type { MailPolicy, MailServer } from '../../model/policy/mail.js';
import { startOf, wrong } from '../yaml-text.js';
import { type Form, fields, list, text, type ValueForm, value } from './form.js';

const maxReceivers = 50;

function parseAddress(read: string): string {
  // The plain form of RFC 5321, since names and comments are of no use here.
  if (read.length <= 254 && /^[^\s@<>()[\]\\,;:"\p{C}]{1,64}@[\p{L}\p{N}]([\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u.test(read))
    return read;
  throw new Error('write a plain address, such as ops@example.com');
}

const address: ValueForm<string> = { values: 'an address, such as ops@example.com', about: '', parse: parseAddress };

const receiver = value({ ...address, about: 'who gets pages by mail: an address, or a list of them' });
const receivers = list(receiver, maxReceivers);

const to: Form<readonly string[]> = {
  keys: receiver.keys,
  read: (node, spot) => {
    if (!isSeq(node)) return [receiver.read(node, spot)];
    const all = receivers.read(node, spot);
    if (all.length === 0) throw wrong(spot.place(startOf(node)), `"${spot.path}" has no address`);
    return all;
  },
};

const ports = { 'smtp:': 25, 'smtps:': 465 } as const;

/** The error shows nothing of the value, which may have a password. */
function parseServer(read: string): MailServer {
  const url = URL.canParse(read) ? new URL(read) : null;
  const { protocol = '', hostname = '', pathname = '', search = '' } = url ?? {};
  if (
    url === null ||
    !(protocol === 'smtp:' || protocol === 'smtps:') ||
    hostname === '' ||
    !/^\/?$/.test(pathname) ||
    search !== ''
  )
    throw new Error(serverForm);
  const { username, password, port } = url;
  let login: MailServer['login'] = null;
  try {
    if (username !== '') login = { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    throw new Error('write % in a user or a password as %25');
  }
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return { host, port: port === '' ? ports[protocol] : Number(port), isSecure: protocol === 'smtps:', login };
}

const serverForm = 'write smtp://HOST, smtp://HOST:PORT or smtps://USER:PASSWORD@HOST';

const serverText = text('the mail server', { values: 'smtp://HOST:PORT or smtps://USER:PASSWORD@HOST', most: 1000 });

const server: Form<MailServer> = {
  keys: serverText.keys,
  read: (node, spot) => {
    const read = serverText.read(node, spot);
    try {
      return parseServer(read);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw wrong(spot.place(startOf(node)), `"${spot.path}" is not the address of a mail server: ${why}`);
    }
  },
};

/** The form. */
export const mailPart: Form<MailPolicy> = fields(
  { to, from: value({ ...address, about: 'the sender of these mails' }), server },
  { required: ['to', 'from', 'server'] },
);
