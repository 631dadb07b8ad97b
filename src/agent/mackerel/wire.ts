// The bodies of Mackerel's API (mackerel.io/api-docs): check reports of a host, metrics of a service, and the statuses of a host's monitors. A report names its check "peer TARGET"; the message repeats the target, since a status has only that.

import { isObject } from '../../files/json-object.js';
import type { PeerTarget } from '../../peers/member.js';
import { targetKey } from '../../peers/member.js';
import type { PeerFindings } from '../pool/journal.js';
import type { Check, CheckStatus } from './checks.js';

/** Most reports of a request. */
export const mostReports = 100;

/** A message is shorter than 1,024 characters. */
const mostCharacters = 1023;

/** The beginning of each message, by which this program knows its own. */
const mark = 'lvs-stats: ';

/** The body of a report of checks, 100 at most, at an epoch second. */
export function checksBody(checks: readonly Check[], hostId: string, timeS: number): string {
  const reports = checks.map(({ target, status, message }) => ({
    source: { type: 'host', hostId },
    name: `peer ${targetKey(target)}`,
    status,
    message: [...`${mark}${message}`].slice(0, mostCharacters).join(''),
    occurredAt: timeS,
  }));
  return JSON.stringify({ reports });
}

/** The body of the metrics of a service. Names of agents stand in them, or they would overwrite one another. */
export function metricsBody({ members, verdicts, hasQuorum }: PeerFindings, self: string, nowS: number): string {
  const agent = self.replace(/[^A-Za-z0-9_-]/g, '_');
  // Without a majority nothing is judged, and without Serf nobody is known.
  const known = hasQuorum
    ? { alive: members['alive'] ?? 0, failed: members['failed'] ?? 0, named: verdicts.length }
    : {};
  const values = Object.entries({ quorum: hasQuorum ? 1 : 0, ...known });
  const time = Math.floor(nowS);
  return JSON.stringify(values.map(([name, value]) => ({ name: `lvs_peers.${name}.${agent}`, time, value })));
}

/** A target that Mackerel holds as not OK. */
export interface HeldCheck {
  readonly target: PeerTarget;
  readonly status: CheckStatus;
}

/** The checks of this program among the statuses of a host. Throws an `Error` for another answer. */
export function parseHeldChecks(text: string): readonly HeldCheck[] {
  const answer: unknown = parseJson(text);
  const all = isObject(answer) ? answer['monitoredStatuses'] : null;
  if (!Array.isArray(all)) throw new Error('its answer has no monitoredStatuses: is it Mackerel?');
  return all.flatMap((one: unknown) => {
    const detail = isObject(one) ? one['detail'] : null;
    const message = isObject(detail) ? detail['message'] : null;
    const status = isObject(one) ? one['status'] : null;
    if (typeof message !== 'string' || (status !== 'CRITICAL' && status !== 'UNKNOWN')) return [];
    const target = targetOf(message);
    return target === null ? [] : [{ target, status }];
  });
}

function targetOf(message: string): PeerTarget | null {
  const [, member, service] =
    /^lvs-stats: (\S{1,128})(?: ([a-z][a-z0-9-]*\/\d+(?:\/tls)?))? (?:is|was) /.exec(message) ?? [];
  return member === undefined ? null : { member, service: service ?? null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
