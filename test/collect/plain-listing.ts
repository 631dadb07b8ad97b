// An independent reader of listings: it matches each line against one regular expression and copies its words unchanged. It shares
// nothing with the parsers under test: Node checks and respells addresses (inet_pton(3), inet_ntop(3)).

import { isIPv4, isIPv6, SocketAddress } from 'node:net';

/** A service's line and those of its real servers by address, as words with one blank between. */
export interface PlainService {
  readonly line: string;
  readonly realServers: Map<string, string>;
  /** Addresses of real servers whose line is invalid or contradicts another. */
  readonly refused: Set<string>;
  /** True if a line near it may belong to any of its real servers. */
  hasStray: boolean;
}

/** The valid lines of a listing. */
export interface PlainListing {
  /** By protocol and address or by mark, in the order of the listing. */
  readonly services: Map<string, PlainService>;
  /** Likewise, services with an invalid line. */
  readonly refused: Set<string>;
  /** Services that a line with an unknown protocol may mean. */
  readonly suspects: Set<string>;
  /** Lines whose service is unknown. */
  strayLines: number;
}

/** The listing of `--stats --exact`, or the table. */
export type ListingKind = 'stats' | 'table';

const titles: Readonly<Record<ListingKind, string>> = {
  stats: 'Prot LocalAddress:Port Conns InPkts OutPkts InBytes OutBytes\n-> RemoteAddress:Port',
  table: 'Prot LocalAddress:Port Scheduler Flags\n-> RemoteAddress:Port Forward Weight ActiveConn InActConn',
};

/** Far above any line of ipvsadm. */
const longestLine = 1024;

/** A byte order mark, and escape sequences of a shell. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it matches control characters
const untypable = /\u00ef\u00bb\u00bf|\u001b\[[\d;?]*[A-Za-z]/g;

/** Lines that may precede the first header. */
const maxBefore = 100;

const header = /IP Virtual Server version [^\n]*\n(?:[ \t]*\r*\n)*([^\n]+)\n(?:[ \t]*\r*\n)*([^\n]+)\n/y;
const serviceHead = /^(?:(TCP|UDP|SCTP) ([^ ]+)|FWM (-?\d{1,10})(?![^ ])( IPv6(?= |$))?)(?= |$)(.*)$/s;
const realServerLine = /^-> ([^ ]+)(.*)$/s;
const protocolLine = /^[A-Za-z][A-Za-z0-9-]{1,15} ([^ ]+)/;
/** Program output among the lines. */
const prose = /^[A-Z][a-z']{2,}[^ ]*(?: ["'(]?[A-Za-z][^ ]*)*$/s;
/** Two joined lines, the second of a service. */
const hidesService = /(?:TCP|UDP|SCTP|FWM)(?: |$)/;
const number = '(?:0|[1-9]\\d*)';
const fiveCounters = new RegExp(`^(?: ${number}){5}$`);
const realServerSetup = new RegExp(`^ [A-Za-z][A-Za-z0-9_+-]{0,31}(?: ${number}){3}$`);
const serviceSetup = /^ [A-Za-z_][\w.+-]*(?: \([\w.,+-]+\))?(?: [a-z][a-z0-9_.+-]*(?: \d[\d.]*)?)*$/;

/** Reads a text; null if it has no complete listing of the kind, or none with an entry that can be named. */
export function readPlainly(text: string, kind: ListingKind): PlainListing | null {
  const body = bodyOf(text, kind);
  if (body === null) return null;
  const listing: PlainListing = { services: new Map(), refused: new Set(), suspects: new Set(), strayLines: 0 };
  const place: Place = { service: null, before: null, isBelowLeftOut: false };
  let hasLines = false;
  for (const raw of body.split('\n')) {
    const unended = raw.replace(/\r+$/, '');
    const isLong = unended.length > longestLine;
    const line = wordsOf(unended.slice(0, longestLine));
    if (line === '') continue;
    hasLines ||= isLong || line.startsWith('->') || !prose.test(line);
    if (line.split(' ', 1)[0] === '->') takeRealServer(listing, place, { line, isLong, kind });
    else takeService(listing, place, { line, isLong, kind });
  }
  const { services, refused, suspects } = listing;
  return hasLines && services.size + refused.size + suspects.size === 0 ? null : listing;
}

interface Place {
  service: PlainService | null;
  before: PlainService | null;
  isBelowLeftOut: boolean;
}

interface PlainLine {
  readonly line: string;
  readonly isLong: boolean;
  readonly kind: ListingKind;
}

/** The lines below the last header of the kind whose listing is complete. */
function bodyOf(text: string, kind: ListingKind): string | null {
  const found: { at: number; head: string; start: number }[] = [];
  for (let at = text.indexOf('IP Virtual Server version '); at >= 0; ) {
    header.lastIndex = at;
    const match = header.exec(text);
    const [, title = '', columns = ''] = match ?? [];
    if (match === null) break;
    const [first, second] = [title, columns].map((line) => {
      const unended = line.replace(/\r+$/, '');
      return unended.length > longestLine ? unended : wordsOf(unended);
    });
    const head = `${first}\n${second}`;
    if (head.startsWith('Prot LocalAddress:Port')) found.push({ at, head, start: at + match[0].length });
    at = text.indexOf('IP Virtual Server version ', text.indexOf('\n', at));
  }
  const [first] = found;
  if (first === undefined || text.slice(0, first.at).split('\n').length > maxBefore + 1) return null;
  const whole = found.flatMap(({ head, start }, i) => {
    if (head !== titles[kind]) return [];
    const next = found[i + 1];
    if (next === undefined) return text.endsWith('\n') ? [text.slice(start)] : [];
    const end = text.slice(0, next.at).lastIndexOf('\n') + 1;
    const isCut = /[^\s\0\ufeff]/.test(text.slice(end, next.at).replaceAll(untypable, ''));
    return isCut ? [] : [text.slice(start, Math.max(start, end))];
  });
  return whole.at(-1) ?? null;
}

function wordsOf(line: string): string {
  return line.replace(/^[ \t]+|[ \t]+$/g, '').replace(/[ \t]+/g, ' ');
}

function takeService(listing: PlainListing, place: Place, { line, isLong, kind }: PlainLine): void {
  const { services, refused, suspects } = listing;
  if (!isLong && prose.test(line)) return;
  place.before = place.service ?? place.before;
  place.service = null;
  place.isBelowLeftOut = true;
  const head = readHead(line);
  if (head === null) {
    const address = respelled(protocolLine.exec(line)?.[1] ?? '');
    if (address !== null) for (const protocol of ['TCP', 'UDP', 'SCTP']) suspects.add(`${protocol} ${address}`);
    else takeStray(listing, place, line);
    return;
  }
  const { key, rest } = head;
  const now = `${key}${rest}`;
  const first = services.get(key);
  const isGood = !isLong && isRest(rest, kind === 'stats' ? fiveCounters : serviceSetup, kind);
  if (!isGood || refused.has(key) || (first !== undefined && !agree(first.line, now, kind))) {
    services.delete(key);
    refused.add(key);
    if (isLong || hidesService.test(rest)) listing.strayLines += 1;
    return;
  }
  place.isBelowLeftOut = false;
  place.service = first ?? { line: now, realServers: new Map(), refused: new Set(), hasStray: false };
  services.set(key, place.service);
}

function takeRealServer(listing: PlainListing, place: Place, { line, isLong, kind }: PlainLine): void {
  const { service } = place;
  if (service === null) {
    if (!place.isBelowLeftOut) takeStray(listing, place, line);
    return;
  }
  const [, word = '', rest = ''] = realServerLine.exec(line) ?? [];
  const address = respelled(word);
  if (address === null) {
    service.hasStray = true;
    return;
  }
  const { realServers, refused } = service;
  const now = `-> ${address}${rest}`;
  const first = realServers.get(address);
  const isGood = !isLong && isRest(rest, kind === 'stats' ? fiveCounters : realServerSetup, kind);
  if (!isGood || refused.has(address) || (first !== undefined && !agree(first, now, kind))) {
    realServers.delete(address);
    refused.add(address);
    if (isLong || /->(?: |$)/.test(rest)) service.hasStray = true;
    if (!isLong && !hidesService.test(rest)) return;
    listing.strayLines += 1;
    place.before = service;
    place.service = null;
    place.isBelowLeftOut = true;
  } else if (first === undefined) realServers.set(address, now);
}

function takeStray(listing: PlainListing, place: Place, line: string): void {
  listing.strayLines += 1;
  place.isBelowLeftOut = true;
  if (place.before !== null && !/^\S*(TCP|UDP|SCTP|FWM)( |$)/.test(line)) place.before.hasStray = true;
}

/** True if counters only grew, or if a table's lines differ only in their connections. */
function agree(first: string, second: string, kind: ListingKind): boolean {
  if (kind === 'table') {
    const fixed = (line: string): string => (line.startsWith('->') ? line.split(' ').slice(0, 4).join(' ') : line);
    return fixed(first) === fixed(second);
  }
  const counters = (line: string): bigint[] => line.split(' ').slice(-5).map(BigInt);
  return counters(first).every((value, i) => value <= (counters(second)[i] ?? -1n));
}

function readHead(line: string): { readonly key: string; readonly rest: string } | null {
  const match = serviceHead.exec(line);
  if (match === null) return null;
  const [, protocol = '', word = '', markWord = '', family = '', rest = ''] = match;
  const name = protocol === '' ? mark(markWord) : respelled(word);
  return name === null ? null : { key: protocol === '' ? `FWM ${name}${family}` : `${protocol} ${name}`, rest };
}

/** True if the words after the address match the form and their numbers fit the kernel's types. */
function isRest(rest: string, form: RegExp, kind: ListingKind): boolean {
  if (!form.test(rest)) return false;
  if (kind === 'stats') return (rest.match(/\d+/g) ?? []).every((word) => BigInt(word) < 2n ** 64n);
  if (form !== realServerSetup) return true;
  const [weight = 0n, active = 0n, inactive = 0n] = rest.split(' ').slice(2).map(BigInt);
  return weight < 2n ** 31n && active < 2n ** 32n && inactive < 2n ** 32n;
}

function mark(word: string): string | null {
  if (!/^(?:0|-?[1-9]\d*)$/.test(word)) return null;
  const value = BigInt(word);
  return value >= -(2n ** 31n) && value < 2n ** 32n ? String(BigInt.asUintN(32, value)) : null;
}

const respelledWords = new Map<string, string | null>();

/** ADDRESS:PORT with the address as inet_ntop(3) spells it; null if invalid. */
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
