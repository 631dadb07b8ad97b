// An independent reading of a listing: each line against one regular expression, and its words copied out as they stand.
// Nothing of the parsers under test is used: addresses are checked and respelled by Node (inet_pton(3), inet_ntop(3)).

import { isIPv4, isIPv6, SocketAddress } from 'node:net';

/** A service's line and those of its real servers, by address, as words with one blank between. */
export interface PlainService {
  readonly line: string;
  readonly realServers: Map<string, string>;
}

/** Which listing: that of `--stats --exact`, or the table. */
export type ListingKind = 'stats' | 'table';

const headers: Readonly<Record<ListingKind, RegExp>> = {
  stats:
    /^IP Virtual Server version [^\n]*\n[ \t]*Prot[ \t]+LocalAddress:Port[ \t]+Conns[ \t]+InPkts[ \t]+OutPkts[ \t]+InBytes[ \t]+OutBytes[ \t]*\n[ \t]*->[ \t]+RemoteAddress:Port[ \t]*\n/,
  table:
    /^IP Virtual Server version [^\n]*\n[ \t]*Prot[ \t]+LocalAddress:Port[ \t]+Scheduler[ \t]+Flags[ \t]*\n[ \t]*->[ \t]+RemoteAddress:Port[ \t]+Forward[ \t]+Weight[ \t]+ActiveConn[ \t]+InActConn[ \t]*\n/,
};

/** No line of ipvsadm comes near it. */
const longestLine = 1024;

const serviceLine = /^(?:(TCP|UDP|SCTP) (\S+)|FWM (-?\d{1,10})( IPv6(?= |$)|(?! IPv6(?: |$))))( .*)$/;
const realServerLine = /^-> (\S+)( .*)$/;
const number = '(?:0|[1-9]\\d*)';
const fiveCounters = new RegExp(`^(?: ${number}){5}$`);
const realServerSetup = new RegExp(`^ (?:Masq|Route|Tunnel|Local)(?: ${number}){3}$`);
const serviceSetup = /^ [A-Za-z_][\w.+-]*(?: \([\w.,+-]+\))?(?: [a-z][a-z0-9_.+-]*(?: \d[\d.]*)?)*$/;

/** The services of a listing by protocol and address or by mark, in its order; null where it is not all ipvsadm's own. */
export function readPlainly(text: string, kind: ListingKind): ReadonlyMap<string, PlainService> | null {
  const header = headers[kind].exec(text);
  const isLong = text.split('\n', 3).some((line, index) => index > 0 && line.length > longestLine);
  if (header === null || isLong || !text.endsWith('\n')) return null;
  const services = new Map<string, PlainService>();
  let service: PlainService | null = null;
  const body = text.slice(header[0].length);
  for (const raw of body === '' ? [] : body.slice(0, -1).split('\n')) {
    const line = raw.replace(/^[ \t]+|[ \t]+$/g, '').replace(/[ \t]+/g, ' ');
    if (raw.length > longestLine || /[^\x20-\x7e]/.test(line)) return null;
    const realServer = realServerLine.exec(line);
    if (realServer === null) {
      const found = readService(line, kind);
      if (found === null || services.has(found.key)) return null;
      service = { line: found.line, realServers: new Map() };
      services.set(found.key, service);
    } else {
      const [, word = '', rest = ''] = realServer;
      const address = respelled(word);
      if (service === null || address === null || service.realServers.has(address)) return null;
      if (!isRest(rest, kind === 'stats' ? fiveCounters : realServerSetup, kind)) return null;
      service.realServers.set(address, `-> ${address}${rest}`);
    }
  }
  return services;
}

/** All lines of a reading, one after the other. */
export function plainLines(services: ReadonlyMap<string, PlainService>): readonly string[] {
  return [...services.values()].flatMap(({ line, realServers }) => [line, ...realServers.values()]);
}

function readService(line: string, kind: ListingKind): { readonly key: string; readonly line: string } | null {
  const match = serviceLine.exec(line);
  if (match === null) return null;
  const [, protocol = '', word = '', markWord = '', family = '', rest = ''] = match;
  const name = protocol === '' ? mark(markWord) : respelled(word);
  if (name === null || !isRest(rest, kind === 'stats' ? fiveCounters : serviceSetup, kind)) return null;
  const key = protocol === '' ? `FWM ${name}${family}` : `${protocol} ${name}`;
  return { key, line: `${key}${rest}` };
}

/** Whether the words after the address have the form, and the numbers among them are such as the kernel keeps. */
function isRest(rest: string, form: RegExp, kind: ListingKind): boolean {
  if (!form.test(rest)) return false;
  if (kind === 'stats') return (rest.match(/\d+/g) ?? []).every((word) => BigInt(word) < 2n ** 64n);
  if (form !== realServerSetup) return true;
  const [weight = 0n, active = 0n, inactive = 0n] = (rest.match(/\d+/g) ?? []).map(BigInt);
  return weight < 2n ** 31n && active < 2n ** 32n && inactive < 2n ** 32n;
}

function mark(word: string): string | null {
  if (!/^(?:0|-?[1-9]\d*)$/.test(word)) return null;
  const value = BigInt(word);
  return value >= -(2n ** 31n) && value < 2n ** 32n ? String(BigInt.asUintN(32, value)) : null;
}

const respelledWords = new Map<string, string | null>();

/** ADDRESS:PORT with the address in the one spelling of inet_ntop(3); null where it is none. */
export function respelled(word: string): string | null {
  let answer = respelledWords.get(word);
  if (answer === undefined) {
    answer = respell(word);
    if (respelledWords.size > 100_000) respelledWords.clear();
    respelledWords.set(word, answer);
  }
  return answer;
}

function respell(word: string): string | null {
  const match = /^(?:\[([^\][%]+)\]|([\d.]+)):(0|[1-9]\d{0,4})$/.exec(word);
  if (match === null || Number(match[3]) > 65_535) return null;
  const [, ipv6 = '', ipv4 = '', port = ''] = match;
  if (isIPv4(ipv4)) return `${ipv4}:${port}`;
  return isIPv6(ipv6) ? `[${new SocketAddress({ address: ipv6, family: 'ipv6' }).address}]:${port}` : null;
}
