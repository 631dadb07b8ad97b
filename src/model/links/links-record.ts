// The live table as JSON objects, for the command line and the viewer.

import { findingRecord } from '../finding/finding-text.js';
import type { LinkRow, LinksView } from './view.js';

/** The live table as a JSON object. */
export function linksRecord({ timeS, agents, links, findings }: LinksView): Readonly<Record<string, unknown>> {
  return { time: timeS, findings: findings.map(findingRecord), agents, links: links.map(linkRecord) };
}

/**
 * A link as a JSON object: times as `lostSince` and `lastSeen`. Its fields are named one by one: V8 makes slow objects of copies that others are
 * added to, which take several times the memory and the time for 50,000 links.
 */
export function linkRecord(link: LinkRow): object {
  return {
    agent: link.agent,
    to: link.to,
    verdict: link.verdict,
    loss: link.loss,
    rtt: link.rtt,
    usualRtt: link.usualRtt,
    fromDc: link.fromDc,
    toDc: link.toDc,
    fromRole: link.fromRole,
    toRole: link.toRole,
    hurts: link.hurts,
    lostSince: link.lostS,
    lastSeen: link.lastS,
  };
}
