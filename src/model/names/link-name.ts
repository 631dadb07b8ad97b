// The names of the archives of agents and of their links. The address of a link is written as in the names of real servers.
//
//   agent_web01   link_web01/10.1.2.3   link_web01/10.1.2.3_3306   link_web01/2001-db8--5

import { agentNamePattern } from '../links/report.js';
import { canonicalAddress, type LinkTarget, parseTarget } from '../links/target.js';
import { addressPart, parseRealServerName } from './name.js';

/** An agent, and the far end of one of its links. */
export interface LinkId {
  readonly agent: string;
  readonly to: LinkTarget;
}

/** Prefixes of the names. */
export const agentPrefix = 'agent_';
export const linkPrefix = 'link_';

/** The archive of an agent. */
export function agentArchive(agent: string): string {
  return `${agentPrefix}${agent}`;
}

/** The archive of a link. */
export function linkArchive({ agent, to: { address, port } }: LinkId): string {
  return `${linkPrefix}${agent}/${addressPart(address)}${port === null ? '' : `_${port}`}`;
}

/** The agent of an archive's name; null if the text is not the canonical form of one. */
export function parseAgentArchive(name: string): string | null {
  const agent = name.startsWith(agentPrefix) ? name.slice(agentPrefix.length) : '';
  return agentNamePattern.test(agent) ? agent : null;
}

/** The link of an archive's name; null if the text is not the canonical form of one. */
export function parseLinkArchive(name: string): LinkId | null {
  const [, agent = '', end = ''] = /^link_([^/]+)\/([^/]+)$/.exec(name) ?? [];
  const to = agentNamePattern.test(agent) ? parseEnd(end) : null;
  return to !== null && linkArchive({ agent, to }) === name ? { agent, to } : null;
}

/** The name that a user's text means: `link_web01/10.1.2.3:3306`, `link_web01/[2001:db8::5]:80`; null if it is none. */
export function resolveLinkArchive(text: string): string | null {
  const [, agent = '', end = ''] = /^link_([^/]+)\/([^/]+)$/.exec(text) ?? [];
  const to = agentNamePattern.test(agent) ? parseTarget(end) : null;
  return to === null ? null : linkArchive({ agent, to });
}

function parseEnd(text: string): LinkTarget | null {
  if (text.includes('_')) {
    const id = parseRealServerName(text);
    return id === null || id.port === 0 ? null : id;
  }
  const address = canonicalAddress(text.includes('-') ? text.replaceAll('-', ':') : text);
  return address === null ? null : { address, port: null };
}
