// The rate of requests from nginx's page of ngx_http_stub_status_module, which counts no errors:
//
//   Active connections: 1
//   server accepts handled requests
//    16630948 16630948 31070465
//   Reading: 0 Writing: 1 Waiting: 0

import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { UserError } from '../../model/user-error.js';
import type { Clock } from '../timing.js';
import type { NginxRates } from './rates.js';

/** The requests since nginx started; null if the text is no such page. */
export function parseStubStatus(text: string): bigint | null {
  const [, requests] = /^server accepts handled requests\s+\d+ \d+ (\d{1,20})\s*$/m.exec(text) ?? [];
  return requests === undefined ? null : BigInt(requests);
}

/** The rate on a page. Throws a `UserError` unless the text is an address. */
export function stubStatusRates(text: string, clock: Clock): NginxRates {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new UserError(
      'bad-command',
      `--nginx-status ${text} is no address: write one such as http://127.0.0.1/nginx_status`,
    );
  }
  let before: { readonly requests: bigint; readonly atMs: number } | null = null;
  return {
    name: `${url.origin}${url.pathname}`,
    async read() {
      const requests = parseStubStatus(await getPage(url));
      if (requests === null) throw new Error('it is no page of stub_status');
      const [last, atMs] = [before, clock.steadyMs()];
      before = { requests, atMs };
      // After a restart the counter begins at 0.
      if (last === null || requests < last.requests || atMs <= last.atMs) return {};
      const perS = (Number(requests - last.requests) * 1000) / (atMs - last.atMs);
      return { nginxAccessRate: Math.round(perS * 1000) / 1000 };
    },
  };
}

const [timeoutMs, mostBytes] = [5000, 2 ** 14];

function getPage(url: URL): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? getHttps : getHttp)(url, { agent: false }, (response) => {
      readPage(response).then(resolve, reject);
    });
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
    request.once('close', () => clearTimeout(timer));
    request.once('error', reject);
  });
}

async function readPage(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of response.setEncoding('latin1') as AsyncIterable<string>) {
    text += part;
    if (text.length > mostBytes) {
      response.destroy();
      throw new Error('its answer is too long: it is no page of stub_status');
    }
  }
  if (response.statusCode !== 200) throw new Error(`it answers ${response.statusCode}`);
  return text;
}
