// The outbox: the state of paging with the messages that wait for each channel. It is one value, so that a step of paging and its messages
// are kept together: a restart neither repeats a page nor forgets one.

import type { PagingFacts } from '../interpret/paging/evidence.js';
import { type PagingGround, stepPaging } from '../interpret/paging/step.js';
import type { Finding } from '../model/finding/finding.js';
import { type Delivery, noPages, type Page, type PagingState } from '../model/paging/page.js';
import { messageOf } from './message.js';
import { emptyQueue, enqueued, type Queue } from './queue.js';

/** An alert that a receiver of states holds to be open. */
export interface ReportedAlert {
  /** When it was first reported, epoch seconds. */
  readonly startsS: number;
  readonly page: Page;
}

/** Why a receiver fails, and since when. */
export interface Failure {
  readonly sinceS: number;
  readonly text: string;
}

/** The outbox; JSON keeps all of it. */
export interface Outbox {
  readonly paging: PagingState;
  /** By the name of their channel. */
  readonly queues: Readonly<Record<string, Queue>>;
  /** Alerts that receivers of states hold to be open: by receiver, then by identity and severity. */
  readonly reported: Readonly<Record<string, Readonly<Record<string, ReportedAlert>>>>;
  /** By receiver; those that work are missing. */
  readonly failures: Readonly<Record<string, Failure>>;
  /** When findings of the moment began, epoch seconds, by kind and subject. */
  readonly begun: Readonly<Record<string, number>>;
}

/** The outbox before the first step. */
export const emptyOutbox: Outbox = { paging: noPages, queues: {}, reported: {}, failures: {}, begun: {} };

/** The names of the receivers. */
export interface ReceiverNames {
  readonly channels: readonly string[];
  readonly states: readonly string[];
}

/** The outbox with exactly these receivers. A channel that is new learns which pages are out. */
export function withReceivers(outbox: Outbox, { channels, states }: ReceiverNames, nowS: number): Outbox {
  const out = openPages(outbox).map((page) => messageOf({ kind: 'page', page }, nowS));
  const queues = channels.map((name) => [name, outbox.queues[name] ?? enqueued(emptyQueue, out)] as const);
  const reported = states.map((name) => [name, outbox.reported[name] ?? {}] as const);
  const failures = Object.entries(outbox.failures).filter(([name]) => channels.includes(name) || states.includes(name));
  return {
    ...outbox,
    queues: Object.fromEntries(queues),
    reported: Object.fromEntries(reported),
    failures: Object.fromEntries(failures),
  };
}

/** The pages that are out. */
export function openPages({ paging }: Outbox): readonly Page[] {
  return paging.pages.flatMap(({ stage, page }) => (stage === 'out' ? [page] : []));
}

/** Makes a step of paging. */
export function stepOutbox(before: Outbox, facts: PagingFacts, ground: PagingGround): Outbox {
  const { state, deliveries } = stepPaging(before.paging, facts, ground);
  const said = new Map(before.paging.pages.map(({ page }) => [page.id, page]));
  const listed = new Set(before.paging.pages.flatMap(({ stage, page }) => (stage === 'listed' ? [page.id] : [])));
  const added = deliveries
    .filter((one) => isWorthSaying(one, said))
    .map((one) => messageOf(one, ground.nowS, listed.has(one.page.id)));
  const queues = Object.entries(before.queues).map(([name, queue]) => [name, enqueued(queue, added)] as const);
  return { ...before, paging: state, queues: Object.fromEntries(queues) };
}

/** An update is a message if the page became worse or lists more. Its numbers alone change with each reading. */
function isWorthSaying({ kind, page }: Delivery, said: ReadonlyMap<string, Page>): boolean {
  const before = said.get(page.id);
  if (kind !== 'update' || before === undefined) return true;
  const listed = new Set(before.alerts.map(({ id }) => id));
  return page.severity !== before.severity || page.alerts.some(({ id }) => !listed.has(id));
}

/** Findings that readers conclude, and whose beginning is forgotten with their process. */
const momentary: ReadonlySet<Finding['kind']> = new Set(['collecting', 'disk-full', 'policy-unreadable']);

/** The findings with their first known beginnings, so that a restart changes none, and these beginnings. */
export function withBeginnings(
  findings: readonly Finding[],
  begun: Outbox['begun'],
): { readonly findings: readonly Finding[]; readonly begun: Outbox['begun'] } {
  const keyOf = ({ kind, subject }: Finding): string => `${kind}/${subject}`;
  const begins = (one: Finding): number => (momentary.has(one.kind) ? (begun[keyOf(one)] ?? one.sinceS) : one.sinceS);
  const known = findings.map((one) => ({ ...one, sinceS: begins(one) }));
  const kept = known.filter(({ kind }) => momentary.has(kind)).map((one) => [keyOf(one), one.sinceS] as const);
  return { findings: known, begun: Object.fromEntries(kept) };
}
