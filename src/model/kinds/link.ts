// Agents and the links that they watch: `agent_web01`, `link_web01/10.1.2.3`, `link_web01/10.1.2.3_3306`.

import { type LinkTarget, targetText } from '../links/target.js';
import {
  agentArchive,
  agentPrefix,
  linkArchive,
  linkPrefix,
  parseAgentArchive,
  parseLinkArchive,
  resolveLinkArchive,
} from '../names/link-name.js';
import { gauge, type Kind, type SourceTraits } from './kind.js';

/** The agents that report to a server. */
export const agents: SourceTraits = {
  name: 'agents',
  seesAllReplies: true,
  witness: 'top',
  tops: { one: 'agent', words: 'agents', field: 'agents' },
  members: { one: 'link', words: 'links', field: 'links' },
  isListed: false,
  isOfGroup: false,
};

/** Description of an agent; a place that nobody states is ''. */
export type AgentAbout = { readonly kind: 'agent'; readonly role: string; readonly dc: string };

/** Description of a link. */
export type LinkAbout = { readonly kind: 'link' };

/** Parsed names. */
export type AgentParts = { readonly kind: 'agent'; readonly agent: string };
export type LinkParts = { readonly kind: 'link'; readonly agent: string; readonly to: LinkTarget };

const shared = { source: agents, rank: 3, hasStandingPictures: false } as const;
const roundTrip = gauge('RTT', 'ms');
const loss = gauge('Loss', '%');

/** An agent: over all its links, how many are watched and lost, the mean and the longest round-trip time, and the share of lost probes. */
export const agent: Kind<AgentAbout, AgentParts> = {
  ...shared,
  kind: 'agent',
  level: 'top',
  measures: [gauge('Links', 'link'), gauge('Lost', 'link'), roundTrip, gauge('RTTMax', 'ms'), loss],
  measureSet: 'agent',
  prefix: agentPrefix,
  parse: (name) => {
    const own = parseAgentArchive(name);
    return own === null ? null : { kind: 'agent', agent: own };
  },
  format: (parts) => agentArchive(parts.agent),
  ownName: (parts) => `agent ${parts.agent}`,
  written: (parts) => parts.agent,
  aboutOf: () => ({ kind: 'agent', role: '', dc: '' }),
};

/** A link: the mean of its rounds' median round-trip times, and the share of lost probes. */
export const link: Kind<LinkAbout, LinkParts> = {
  ...shared,
  kind: 'link',
  level: 'member',
  measures: [roundTrip, loss],
  measureSet: 'link',
  prefix: linkPrefix,
  parse: (name) => {
    const own = parseLinkArchive(name);
    return own === null ? null : { kind: 'link', ...own };
  },
  format: linkArchive,
  resolve: resolveLinkArchive,
  ownName: (parts) => targetText(parts.to),
  written: (parts) => `${parts.agent}/${targetText(parts.to)}`,
  addressOf: (parts) => parts.to.address,
  aboutOf: () => ({ kind: 'link' }),
};
