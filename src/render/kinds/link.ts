// Depictions of agents and of their links.

import type { AgentAbout, AgentParts, LinkAbout, LinkParts } from '../../model/kinds/link.js';
import { targetText } from '../../model/links/target.js';
import { agentTypes, linkTypes } from '../define/graph-request.js';
import type { Depiction } from './depiction.js';

/** An agent. */
export const agent: Depiction<AgentAbout, AgentParts> = {
  namesOf: (parts) => ({ endpoint: parts.agent, protocol: 'agent' }),
  graphTypes: () => agentTypes,
  togetherTypes: [],
  partOf: null,
  factsOf: ({ role, dc }) => [
    ['role', role === '' ? 'unknown' : role],
    ['data centre', dc === '' ? 'unknown' : dc],
  ],
};

/** A link. */
export const link: Depiction<LinkAbout, LinkParts> = {
  namesOf: (parts) => ({ endpoint: `${targetText(parts.to)} from ${parts.agent}`, protocol: 'link' }),
  isShortInLegends: true,
  graphTypes: () => linkTypes,
  togetherTypes: [],
  partOf: null,
  factsOf: () => [],
};
