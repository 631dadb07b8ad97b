// Reports the findings of an agent to Mackerel: the checks of named targets within ten seconds, metrics once a minute. Both run beside the rounds and
// apart from each other; a Mackerel that is away or refuses is one line in the log, and is tried again later and later. Nothing is queued: what is
// still in force goes out as soon as Mackerel answers.

import type { PeerTarget } from '../../peers/member.js';
import type { Say } from '../log.js';
import { openOutage } from '../outage.js';
import type { Journal } from '../pool/journal.js';
import type { ReadMembers } from '../serf/messages.js';
import type { Clock } from '../timing.js';
import { type Checks, mostChecks } from './checks.js';
import { type MackerelPlace, MackerelRefusal, requestMackerel } from './request.js';
import { checksBody, metricsBody, mostReports, parseHeldChecks } from './wire.js';

/** The sources of the reports, and their receiver. */
export interface MackerelPlan {
  readonly place: MackerelPlace;
  /** The host of the checks; null for none. */
  readonly hostId: string | null;
  /** The service of the metrics; null for none. */
  readonly service: string | null;
  readonly checks: Checks;
  readonly journal: Pick<Journal, 'findings'>;
  /** The members, and the name of this one; null while Serf does not answer. */
  readonly members: () => { readonly read: ReadMembers; readonly self: string } | null;
  readonly clock: Clock;
  readonly say: Say;
  readonly signal: AbortSignal;
  /** Time between two looks for changes, ms. */
  readonly lookMs: number;
}

/** Time between two reports of metrics, ms: Mackerel refuses more. */
const metricsMs = 60_000;

/** Waits after a failure, ms; they double. */
const [firstRetryMs, longestRetryMs] = [15_000, 300_000];

/** Time for the last report of an agent that ends, ms. */
const lastMs = 2000;

/** Reports until the signal; then verdicts in force become unknown. */
export async function reportToMackerel(plan: MackerelPlan): Promise<void> {
  const { hostId, service, members, clock } = plan;
  const works: Promise<void>[] = [];
  if (hostId !== null) works.push(reportChecks(plan, hostId));
  if (service !== null) {
    const path = `/api/v0/services/${encodeURIComponent(service)}/tsdb`;
    works.push(
      repeat(plan, { what: 'metrics of peers', everyMs: Math.max(metricsMs, plan.lookMs) }, async () => {
        const self = members()?.self;
        if (self === undefined) return;
        const findings = plan.journal.findings(clock.steadyMs());
        await requestMackerel(plan.place, path, metricsBody(findings, self, clock.nowMs() / 1000));
      }),
    );
  }
  await Promise.all(works);
}

async function reportChecks(plan: MackerelPlan, hostId: string): Promise<void> {
  const { checks, clock, say } = plan;
  let isRecalled = false;
  // Mackerel ignores a report of a second that it has.
  let lastS = 0;
  const nextS = (): number => {
    lastS = Math.max(lastS + 1, Math.floor(clock.nowMs() / 1000));
    return lastS;
  };
  const left = openOutage(say);
  await repeat(plan, { what: 'verdicts on peers', everyMs: plan.lookMs }, async () => {
    if (!isRecalled) await recall(plan, hostId);
    isRecalled = true;
    checks.settle(plan.journal.findings(clock.steadyMs()).probes, offered(plan), clock.steadyMs());
    if (checks.left() > 0)
      left.failed('left', `there are more verdicts on peers than Mackerel gets: ${mostChecks} at most`);
    await sendDue(plan, { hostId, place: plan.place, timeS: nextS() });
  });
  checks.end(clock.steadyMs());
  try {
    const place = { ...plan.place, timeoutMs: Math.min(lastMs, plan.place.timeoutMs) };
    await sendDue(plan, { hostId, place, timeS: nextS() });
  } catch (error) {
    say(`Mackerel did not get that this agent ends: it ${failureText(error)}`, 'warning');
  }
}

/** Learns what an earlier life of this agent has left there. */
async function recall({ place, checks, clock }: MackerelPlan, hostId: string): Promise<void> {
  const text = await requestMackerel(place, `/api/v0/hosts/${encodeURIComponent(hostId)}/monitored-statuses`, null);
  for (const { target, status } of parseHeldChecks(text)) checks.recall(target, status, clock.steadyMs());
}

function offered({ members }: MackerelPlan): (target: PeerTarget) => boolean | null {
  const known = members()?.read.members;
  const byName = new Map(known?.map((member) => [member.name, member]));
  return ({ member, service }) => {
    if (known === undefined) return null;
    const services = byName.get(member)?.services;
    return services !== undefined && (service === null || services.some(({ text }) => text === service));
  };
}

async function sendDue(
  { checks, clock }: MackerelPlan,
  { hostId, place, timeS }: { hostId: string; place: MackerelPlace; timeS: number },
): Promise<void> {
  const due = checks.due(clock.steadyMs());
  for (let at = 0; at < due.length; at += mostReports) {
    const some = due.slice(at, at + mostReports);
    await requestMackerel(place, '/api/v0/monitoring/checks/report', checksBody(some, hostId, timeS));
    checks.sent(some, clock.steadyMs());
  }
}

/** Works again and again until the signal; a failure is said once, and followed by longer waits. */
async function repeat(
  { place, clock, say, signal }: MackerelPlan,
  { what, everyMs }: { what: string; everyMs: number },
  work: () => Promise<void>,
): Promise<void> {
  const outage = openOutage(say);
  const name = `Mackerel at ${place.url.host}`;
  let retryMs = firstRetryMs;
  while (!signal.aborted) {
    let waitMs = everyMs;
    try {
      await work();
      outage.worked(`${name} takes ${what} again`);
      retryMs = firstRetryMs;
    } catch (error) {
      outage.failed(keyOf(error), `${name} ${failureText(error)}: ${what} in force are reported when it takes them`);
      waitMs = Math.max(everyMs, retryMs);
      retryMs = Math.min(longestRetryMs, 2 * retryMs);
    }
    await clock.sleep(waitMs, signal);
  }
}

function keyOf(error: unknown): string {
  return error instanceof MackerelRefusal ? `refused ${error.message.slice(0, 3)}` : 'away';
}

function failureText(error: unknown): string {
  if (error instanceof MackerelRefusal) return `refuses (${error.message})`;
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && 'code' in first ? String(first.code) : '';
  return `cannot be reached (${code !== '' ? code : first instanceof Error ? first.message : String(first)})`;
}
