// The live table as JSON objects, for the command line and the viewer.

import { findingRecord } from '../finding/finding-text.js';
import type { LinkRow, LinksView } from './view.js';

/** The live table as a JSON object. */
export function linksRecord({ timeS, agents, links, findings }: LinksView): Readonly<Record<string, unknown>> {
  return { time: timeS, findings: findings.map(findingRecord), agents, links: links.map(linkRecord) };
}

/** A link as a JSON object: times as `lostSince` and `lastSeen`. */
export function linkRecord({ lostS, lastS, ...link }: LinkRow): object {
  return { ...link, lostSince: lostS, lastSeen: lastS };
}
