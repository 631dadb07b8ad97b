// Parses `ipvsadm -L -n`: how every virtual server is set up, and its real servers with their concurrent connections.
//
//   TCP  10.9.1.43:443 sh (sh-port) persistent 2678400 mask 255.0.0.0
//     -> 10.1.0.11:443                Masq    1      0          4
//   FWM  6 IPv6 wlc persistent 300 mask 64
//
// After the scheduler come its flags and the service's; they are kept as one text, so a flag unknown here is not lost.

import type { Forwarding, RealServerId, ServiceId } from '../model/identity.js';
import { quote } from './collect-error.js';
import { isRealServer, parseRealServerHead, parseServiceHead } from './entry-head.js';
import { forEachEntry, LineProblem, tableLayout } from './listing.js';
import { parseWhole } from './whole-number.js';

/** A real server's line. */
interface RealServerSetup {
  readonly id: RealServerId;
  readonly forwarding: Forwarding;
  readonly weight: number;
  readonly activeConn: number;
  readonly inActConn: number;
}

/** A virtual server's line and those of its real servers, by key. */
export interface ServiceSetup {
  readonly id: ServiceId;
  readonly scheduler: string;
  readonly flags: string;
  readonly realServers: Map<string, RealServerSetup>;
}

const largestWeight = 2 ** 31 - 1;
const mostConnections = 2 ** 32 - 1;

/**
 * The set-up of a listing, by the virtual server's key. `source` is what messages call the text.
 * Throws a `CollectError`; a table without virtual servers is an empty map.
 */
export function parseTable(text: string, source = `"${tableLayout.command}"`): ReadonlyMap<string, ServiceSetup> {
  const services = new Map<string, ServiceSetup>();
  let service: ServiceSetup | null = null;
  forEachEntry({ text, layout: tableLayout, source }, (words) => {
    if (isRealServer(words)) addRealServer(service, words);
    else service = addService(services, words);
  });
  return services;
}

function addService(services: Map<string, ServiceSetup>, words: readonly string[]): ServiceSetup {
  const { id, key, length } = parseServiceHead(words);
  if (services.has(key)) throw new LineProblem('this virtual server is listed twice', 'duplicate');
  const scheduler = parseScheduler(words[length] ?? '');
  const service = { id, scheduler, flags: parseFlags(words.slice(length + 1)), realServers: new Map() };
  services.set(key, service);
  return service;
}

function addRealServer(service: ServiceSetup | null, words: readonly string[]): void {
  if (service === null) throw new LineProblem('a real server before any virtual server');
  const { id, key } = parseRealServerHead(words);
  if (service.realServers.has(key)) {
    throw new LineProblem('this real server is listed twice in one virtual server', 'duplicate');
  }
  if (words.length !== 6) {
    throw new LineProblem(
      `expected forwarding method, weight, active and inactive connections, found ${words.length - 2} words`,
    );
  }
  service.realServers.set(key, {
    id,
    forwarding: parseForwarding(words[2] ?? ''),
    weight: parseWhole(words[3] ?? '', largestWeight, 'a weight'),
    activeConn: parseWhole(words[4] ?? '', mostConnections, 'a number of connections'),
    inActConn: parseWhole(words[5] ?? '', mostConnections, 'a number of connections'),
  });
}

function parseForwarding(word: string): Forwarding {
  if (word === 'Masq' || word === 'Route' || word === 'Tunnel' || word === 'Local') return word;
  throw new LineProblem(`expected Masq, Route, Tunnel or Local, found ${quote(word)}`);
}

/** The name of a kernel module (`wlc`), or `none`. */
function parseScheduler(word: string): string {
  if (/^[A-Za-z_][\w.+-]*$/.test(word)) return word;
  throw new LineProblem(`expected the name of a scheduler, found ${quote(word)}`);
}

/**
 * A list in parentheses, then names, each with a number or a netmask behind it where it has one. Names unknown here are
 * kept too, but not what a lost line end would bring: an arrow, a colon, an upper-case word, a number by itself.
 */
function parseFlags(words: readonly string[]): string {
  const isFlag = (word: string, index: number): boolean => {
    if (flagName.test(word)) return true;
    if (index === 0) return /^\([\w.,+-]+\)$/.test(word);
    return /^\d[\d.]*$/.test(word) && flagName.test(words[index - 1] ?? '');
  };
  const odd = words.find((word, index) => !isFlag(word, index));
  if (odd !== undefined) throw new LineProblem(`expected flags after the scheduler, found ${quote(odd)}`);
  return words.join(' ');
}

const flagName = /^[a-z][a-z0-9_.+-]*$/;
