// Parses `ipvsadm -L -n`: the set-up of every service, and its real servers with their concurrent connections.
//
//   TCP  10.9.1.43:443 sh (sh-port) persistent 2678400 mask 255.0.0.0
//     -> 10.1.0.11:443                Masq    1      0          4
//   FWM  6 IPv6 wlc persistent 300 mask 64
//
// The scheduler is followed by its flags and the service's; they are kept as one text, so that unknown flags are not lost.

import { type Forwarding, isForwarding, type RealServerId, type ServiceId } from '../../../model/names/identity.js';
import { quote } from '../../collect-error.js';
import { type Entries, parseEntries } from './entries.js';
import type { Grammar, ServiceLines } from './entries-so-far.js';
import { LineProblem, splitWords, tableLayout } from './listing.js';
import { parseWhole } from './whole-number.js';

/** A real server's line. */
interface RealServerSetup {
  readonly id: RealServerId;
  readonly forwarding: Forwarding;
  readonly weight: number;
  readonly activeConn: number;
  readonly inActConn: number;
}

/** A service's line and those of its real servers. */
export interface ServiceSetup extends ServiceLines<RealServerSetup> {
  readonly scheduler: string;
  readonly flags: string;
}

/** The largest weight of a real server. */
export const largestWeight = 2 ** 31 - 1;

/** The largest number of connections. */
export const maxConnections = 2 ** 32 - 1;

/** The set-up of a listing; messages call the text `source`. Throws a `CollectError`. */
export function parseTableListing(text: string, source = `"${tableLayout.command}"`): Entries<ServiceSetup> {
  return parseEntries(text, source, grammar);
}

const grammar: Grammar<RealServerSetup, ServiceSetup> = {
  layout: tableLayout,
  service: (id: ServiceId, words, from) => {
    const scheduler = parseScheduler(words[from] ?? '');
    const flags = parseFlags(words.slice(from + 1));
    return { id, scheduler, flags, realServers: new Map(), refused: new Map(), hasStray: false };
  },
  realServer: parseRealServer,
  isSameService: (first, second) => first.scheduler === second.scheduler && first.flags === second.flags,
  // Connections come and go between two lines.
  isSameRealServer: (first, second) => first.forwarding === second.forwarding && first.weight === second.weight,
};

function parseRealServer(id: RealServerId, words: readonly string[]): RealServerSetup {
  if (words.length !== 6) {
    throw new LineProblem(
      `expected forwarding method, weight, active and inactive connections, found ${words.length - 2} words`,
    );
  }
  return {
    id,
    forwarding: parseForwarding(words[2] ?? ''),
    weight: parseWhole(words[3] ?? '', largestWeight, 'a weight'),
    activeConn: parseWhole(words[4] ?? '', maxConnections, 'a number of connections'),
    inActConn: parseWhole(words[5] ?? '', maxConnections, 'a number of connections'),
  };
}

/** Few distinct words, each on a thousand lines: one text per word, not a slice, which would keep the whole listing in memory. */
const knownForwardings = new Map(['Masq', 'Route', 'Tunnel', 'Local'].map((word) => [word, word]));

/** A forwarding method; an unknown one keeps its word, and its counters still count. Throws a `LineProblem`. */
export function parseForwarding(word: string): Forwarding {
  const known = knownForwardings.get(word);
  if (known !== undefined) return known;
  if (isForwarding(word)) return Buffer.from(word, 'latin1').toString('latin1');
  throw new LineProblem(`expected Masq, Route, Tunnel, Local or another method's name, found ${quote(word)}`);
}

/** A scheduler and its flags as one text, joined with single blanks. Throws a `LineProblem`. */
export function parseSetUp(text: string): string {
  const [scheduler = '', ...flags] = splitWords(text, 0, text.length);
  return `${parseScheduler(scheduler)} ${parseFlags(flags)}`.trimEnd();
}

/** The name of a kernel module (`wlc`), or `none`. */
function parseScheduler(word: string): string {
  if (/^[A-Za-z_][\w.+-]*$/.test(word)) return word;
  throw new LineProblem(`expected the name of a scheduler, found ${quote(word)}`);
}

/**
 * A list in parentheses, then names, each followed by its number or netmask if it has one. Unknown names are kept too, but not the traces
 * of a lost line end: an arrow, a colon, an upper-case word, a number by itself.
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
