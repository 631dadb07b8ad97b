// A small SMTP server on loopback (RFC 5321): takes mails, or refuses them at a chosen command.

import { type AddressInfo, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** A certificate and its key in PEM, for STARTTLS (RFC 3207). */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A mail that it took. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Its header and text, lines ended by LF. */
  readonly text: string;
  /** Whether it came over TLS. */
  readonly isSecret: boolean;
}

const answers: Readonly<Record<string, string>> = {
  EHLO: '250-here\r\n250 AUTH PLAIN',
  AUTH: '235 welcome',
  DATA: '354 go on',
  QUIT: '221 bye',
  STARTTLS: '502 not here',
};

/** The server. `refusals` has the answers to commands (`RCPT`, `DATA`, `.`) that it refuses, and to single receivers; without `port`, a free one. With a certificate, it
 * offers STARTTLS, and login only after it. */
export async function smtpServer(port = 0, certificate: Certificate | null = null) {
  const mails: TakenMail[] = [];
  const refusals = new Map<string, string>();
  const logins: string[] = [];
  let isMute = false;
  const sockets = new Set<Socket>();
  const converse = (socket: Socket, isSecret: boolean): void => {
    let [from, to, body]: [string, string[], string[] | null] = ['', [], null];
    const say = (text: string): void => {
      socket.write(`${text}\r\n`);
    };
    const takeText = (line: string, lines: string[]): void => {
      if (line !== '.') {
        lines.push(line.replace(/^\.\./, '.'));
        return;
      }
      const refusal = refusals.get('.');
      if (refusal === undefined) mails.push({ from, to, text: lines.join('\n'), isSecret });
      body = null;
      say(refusal ?? '250 taken');
    };
    const takeCommand = (line: string): void => {
      const [, address = ''] = /<(.*)>/.exec(line) ?? [];
      const verb = line.split(' ')[0]?.toUpperCase() ?? '';
      const refusal = refusals.get(verb) ?? refusals.get(address);
      if (refusal !== undefined) {
        say(refusal);
        return;
      }
      if (verb === 'STARTTLS' && certificate !== null) {
        say('220 go ahead');
        socket.removeAllListeners('data');
        const secret = new TLSSocket(socket, { isServer: true, ...certificate });
        sockets.add(secret);
        converse(secret, true);
        return;
      }
      if (verb === 'AUTH') logins.push(Buffer.from(line.split(' ')[2] ?? '', 'base64').toString());
      if (verb === 'MAIL') [from, to] = [address, []];
      if (verb === 'RCPT') to.push(address);
      if (verb === 'DATA') body = [];
      const offersTls = verb === 'EHLO' && certificate !== null && !isSecret;
      say(offersTls ? '250-here\r\n250 STARTTLS' : (answers[verb] ?? '250 fine'));
      if (verb === 'QUIT') socket.end();
    };
    const take = (line: string): void => (body === null ? takeCommand(line) : takeText(line, body));
    let rest = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\r\n');
      rest = lines.pop() ?? '';
      if (!isMute) for (const line of lines) take(line);
    });
    socket.on('error', () => {});
    if (!isMute && !isSecret) say('220 here ESMTP');
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    converse(socket, false);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    refusals,
    logins,
    mute: (): void => {
      isMute = true;
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
