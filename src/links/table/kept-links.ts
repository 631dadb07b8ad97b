// The live table across restarts of the server: `links.json` of the data folder, JSON with a version, renamed into place. It has the agents, what
// they said of themselves, and their links: since when they are lost, or that they were well, which decides what is to blame for others; and the peers that
// they name.

import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../../files/json-object.js';
import { readBounded } from '../../files/read-file.js';
import { writeWhole } from '../../files/whole-file.js';
import { type AgentAbout, agentNamePattern, type PeerReport } from '../../model/links/report.js';
import { probesPerRound } from '../../model/links/round.js';
import { parseTarget } from '../../model/links/target.js';
import { parsePeers } from '../protocol/parse-report.js';
import { type LinkState, newAgent, newLink } from './agent-state.js';
import type { LiveTable } from './live-table.js';

const version = 1;
const maxBytes = 2 ** 26;

/** The path of the file. */
export function linksPath(dataDir: string): string {
  return join(dataDir, 'links.json');
}

interface KeptLink {
  readonly to: string;
  /** Null if it was well. */
  readonly lostS: number | null;
  readonly lastS: number;
}

interface KeptAgent {
  readonly name: string;
  readonly about: AgentAbout;
  readonly round: number;
  readonly lastS: number;
  readonly addresses: readonly string[];
  readonly links: readonly KeptLink[];
  /** Missing if there are none. */
  readonly peers?: readonly PeerReport[];
}

/** The text of the file for a table. */
export function keptText(table: LiveTable): string {
  const agents = [...table.agents().values()].map(({ name, about, round, lastS, addresses, links }): KeptAgent => {
    const kept = [...links.values()].flatMap(({ to, history }) =>
      history === null ? [] : [{ to, lostS: history.lostS, lastS: history.lastS }],
    );
    const peers = table.peers.of(name);
    const named = peers.length === 0 ? {} : { peers };
    return { name, about, round, lastS, addresses: [...addresses], links: kept, ...named };
  });
  return `${JSON.stringify({ version, agents })}\n`;
}

/** Writes the file. Throws what Node throws, and then keeps the old one. */
export function writeKept(dataDir: string, text: string): void {
  writeWhole(linksPath(dataDir), text, { mode: 0o640 });
}

/**
 * Puts agents back that a file has. A file that cannot be read is set aside; the problem is returned, or null. Throws what Node throws if it can
 * be neither read nor set aside.
 */
export function restoreKept(dataDir: string, table: LiveTable, nowS: number): string | null {
  const path = linksPath(dataDir);
  if (!existsSync(path)) return null;
  try {
    for (const agent of parseKept(readBounded(path, maxBytes).toString())) restoreAgent(table, agent, nowS);
    return null;
  } catch (error) {
    const aside = `${path}.unreadable-${nowS}`;
    renameSync(path, aside);
    const why = error instanceof Error ? error.message : String(error);
    return `${path} cannot be read (${why}); it is now ${aside}, and cuts that are still there are found again`;
  }
}

function restoreAgent(table: LiveTable, kept: KeptAgent, nowS: number): void {
  const { name, about, round, lastS, addresses, links, peers = [] } = kept;
  const agent = newAgent(name, nowS);
  Object.assign(agent, { about, round, part: Number.MAX_SAFE_INTEGER, lastS, addresses: new Set(addresses) });
  for (const own of links) agent.links.set(own.to, restoredLink(name, own, nowS));
  table.restore(agent, peers);
}

function restoredLink(agent: string, { to, lostS, lastS }: KeptLink, nowS: number): LinkState {
  const unknown = Number.NaN;
  const losses = lostS === null ? 0 : 2 ** probesPerRound - 1;
  const link = newLink(agent, to, nowS);
  link.wantedS = lastS;
  link.history = {
    losses,
    known: probesPerRound,
    lostS,
    rtt: unknown,
    rttMax: unknown,
    usualRtt: unknown,
    slowRounds: 0,
    lastS,
  };
  return link;
}

/** Parses the file's text. Throws an `Error` that says what is wrong. */
function parseKept(text: string): readonly KeptAgent[] {
  const read: unknown = JSON.parse(text);
  if (!isObject(read) || !Array.isArray(read['agents'])) throw new Error('it is not a table of agents');
  if (read['version'] !== version) throw new Error(`its version is ${JSON.stringify(read['version'])}, not ${version}`);
  const agents: readonly unknown[] = read['agents'];
  const wrong = agents.findIndex((one) => !isKeptAgent(one));
  if (wrong >= 0) throw new Error(`the agent number ${wrong + 1} is not of the right form`);
  return agents.filter(isKeptAgent).map((agent) => ({ ...agent, peers: parsePeers(agent.peers ?? []) }));
}

function isKeptAgent(value: unknown): value is KeptAgent {
  if (!isObject(value)) return false;
  const { name, about, round, lastS, addresses, links } = value;
  return (
    typeof name === 'string' &&
    agentNamePattern.test(name) &&
    isObject(about) &&
    [round, lastS].every(Number.isFinite) &&
    Array.isArray(addresses) &&
    addresses.every((one) => typeof one === 'string') &&
    Array.isArray(links) &&
    links.every(isKeptLink)
  );
}

function isKeptLink(value: unknown): value is KeptLink {
  if (!isObject(value)) return false;
  const { to, lostS, lastS } = value;
  return (
    typeof to === 'string' &&
    parseTarget(to) !== null &&
    (lostS === null || Number.isFinite(lostS)) &&
    Number.isFinite(lastS)
  );
}
