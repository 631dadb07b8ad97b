// `haproxy:SOCKET`: the servers of HAProxy, from "show servers state" on its stats socket. That prints addresses at every level; "show stat"
// leaves them out below `level admin`. Management guide, 9.3.
//
//   1
//   # be_id be_name srv_id srv_name srv_addr srv_op_state … srv_port srvrecord …
//   2 web 1 web01 10.1.2.3 2 0 1 1 1 6 3 4 6 0 0 0 - 8080 - 0 0 - - 0

import { createConnection, type NetConnectOpts } from 'node:net';
import { readFailed, timedOut, tooMuch } from '../../collect/haproxy/failure.js';
import { parseHaproxySource } from '../../collect/haproxy/source.js';
import type { NamedAddresses } from '../../model/links/report.js';
import { canonicalAddress, type LinkTarget, targetText } from '../../model/links/target.js';
import { UserError } from '../../model/user-error.js';
import { type Import, mostImported } from './import.js';
import { isDnsName, isOwnAddress, plainName } from './named-target.js';

/** The servers behind HAProxy. Throws a `UserError` unless the text names a socket. */
export function haproxyImport(text: string): Import {
  const source = parseHaproxySource(text);
  if (source.kind === 'page')
    throw new UserError('bad-command', `haproxy:${source.text} is a page: name the "stats socket"`);
  const to =
    source.kind === 'path' ? { path: source.path } : { host: source.host, port: source.port, family: source.family };
  let state = '';
  return {
    name: `haproxy:${source.text}`,
    async targets() {
      state = await ask(to, source.text);
      return parseServersState(state);
    },
    names: () => parseServerNames(state),
  };
}

/** The addresses of servers that are in service. Throws an `Error` if the text is no such answer. */
export function parseServersState(text: string): readonly LinkTarget[] {
  const lines = text.split('\n');
  const columns = /^# (be_id .*)$/.exec(lines[1] ?? '')?.[1]?.split(' ');
  if (columns === undefined)
    throw new Error(`it does not answer "show servers state": ${JSON.stringify(text.slice(0, 80))}`);
  const [address, port] = [columns.indexOf('srv_addr'), columns.indexOf('srv_port')];
  const targets = lines.slice(2).flatMap((line): readonly LinkTarget[] => {
    const words = line.split(' ');
    const [own, number] = [canonicalAddress(words[address] ?? ''), Number(words[port])];
    if (own === null || isOwnAddress(own)) return [];
    // Port 0 stands for that of the client.
    return [{ address: own, port: number >= 1 && number <= 65_535 ? number : null }];
  });
  return [...new Map(targets.map((target) => [targetText(target), target])).values()].slice(0, mostImported);
}

/** The names of servers that HAProxy resolves itself, with their addresses. */
export function parseServerNames(text: string): readonly NamedAddresses[] {
  const columns = /^# (be_id .*)$/.exec(text.split('\n')[1] ?? '')?.[1]?.split(' ') ?? [];
  const [address, fqdn] = [columns.indexOf('srv_addr'), columns.indexOf('srv_fqdn')];
  const names = new Map<string, Set<string>>();
  for (const line of text.split('\n').slice(2)) {
    const words = line.split(' ');
    const [own, name] = [canonicalAddress(words[address] ?? ''), plainName(words[fqdn] ?? '')];
    if (own === null || !isDnsName(name)) continue;
    const known = names.get(name) ?? new Set<string>();
    names.set(name, known.add(own));
  }
  return Array.from(names, ([name, addresses]) => ({ name, addresses: [...addresses] }));
}

const limits = { timeoutMs: 5000, bytes: 2 ** 23 };

async function ask(to: NetConnectOpts, name: string): Promise<string> {
  const socket = createConnection(to);
  const late = setTimeout(() => socket.destroy(timedOut(name, limits)), limits.timeoutMs);
  try {
    socket.write('show servers state\n');
    let text = '';
    for await (const part of socket.setEncoding('latin1') as AsyncIterable<string>) {
      text += part;
      if (text.length > limits.bytes) throw tooMuch(name, limits);
    }
    return text;
  } catch (error) {
    throw error instanceof UserError ? error : readFailed(name, error);
  } finally {
    clearTimeout(late);
    socket.destroy();
  }
}
