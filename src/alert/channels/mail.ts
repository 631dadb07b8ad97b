// `mail:` of the policy: a mail for each letter, by SMTP (RFC 5321). The mails about one page are a thread, and one that is repeated has the same
// Message-ID. Passwords go only over TLS with a verified certificate, or to this machine; without a password, TLS is used where offered, and
// any certificate is better than none (RFC 7435).

import { createHash } from 'node:crypto';
import { patiently } from '../../model/patience.js';
import type { MailPolicy, MailServer } from '../../model/policy/mail.js';
import { letterText, letterTitle } from '../letter-text.js';
import { firstIdOf, type Letter } from '../message.js';
import type { Channel } from './channel.js';

const timeoutMs = 10_000;

/** Characters of a subject; the text has all of it. */
const mostOfSubject = 150;

/** The means of the channel. */
export interface MailGround {
  readonly director: string;
  /** Reports addresses that the server refused while it took the mail for others. */
  readonly report: (text: string) => void;
  readonly limitMs?: number;
}

/** The channel of the policy's mail. */
export function mailChannel({ to, from, server }: MailPolicy, ground: MailGround): Channel {
  const { director, report, limitMs = patiently(timeoutMs) } = ground;
  const domain = from.slice(from.lastIndexOf('@') + 1);
  return {
    name: 'mail',
    send: async (letter) => {
      // Most servers never send a mail.
      const { createTransport } = await import('nodemailer');
      const transport = createTransport(transportOf(server, limitMs));
      const { id, thread } = idsOf(letter);
      const mail = {
        from,
        to: [...to],
        subject: shortened(`[${director}] ${letterTitle(letter)}`),
        text: `${letterText(letter)}\n\n-- \nlvs-stats, director ${director}\n`,
        messageId: messageId(id, domain),
        ...(thread === null ? {} : { inReplyTo: messageId(thread, domain), references: messageId(thread, domain) }),
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      };
      try {
        const { rejected } = await within(transport.sendMail(mail), 3 * limitMs);
        if (rejected.length > 0) report(`mail: ${server.host} refused ${rejected.map(String).join(', ')}`);
      } catch (error) {
        throw new Error(`${server.host}:${server.port}: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        transport.close();
      }
    },
  };
}

function transportOf({ host, port, isSecure, login }: MailServer, limitMs: number) {
  const isHere = host === 'localhost' || host === '::1' || host.startsWith('127.');
  return {
    host,
    port,
    secure: isSecure,
    ...(login === null ? {} : { auth: { user: login.user, pass: login.password } }),
    ...(isHere ? { ignoreTLS: true } : { requireTLS: login !== null, tls: { rejectUnauthorized: login !== null } }),
    connectionTimeout: limitMs,
    greetingTimeout: limitMs,
    socketTimeout: limitMs,
    dnsTimeout: limitMs,
  };
}

function shortened(subject: string): string {
  return subject.length <= mostOfSubject ? subject : `${subject.slice(0, mostOfSubject - 1)}…`;
}

/** The identity of a letter, and that of the page's first mail; null for that one itself. */
function idsOf(letter: Letter): { readonly id: string; readonly thread: string | null } {
  if (letter.kind === 'digest') return { id: letter.messages.map(({ id }) => id).join('\n'), thread: null };
  const { id, page } = letter.message;
  const first = firstIdOf(page);
  return { id, thread: id === first ? null : first };
}

function messageId(id: string, domain: string): string {
  return `<${createHash('sha256').update(id).digest('hex').slice(0, 32)}.lvs-stats@${domain}>`;
}

async function within<T>(sending: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the mail was not accepted within ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([sending, limit]);
  } finally {
    clearTimeout(timer);
  }
}
