// All verbs of the archives in one table: whether each reads or writes, how its arguments from the socket are checked, and what listeners
// learn after a write. The lock of a long-lived process, the socket and its parser use this table, so a new verb is a method of `Archives`
// and `Store`, and a line here.

import type { KnownState } from '../../model/cycle.js';
import type { Archives } from '../archives.js';
import { type SentTable, sentTable, tableFrom } from '../layout/stored-table.js';
import {
  parseCycle,
  parseEventQuery,
  parseForeign,
  parseKeyTime,
  parseManyQuery,
  parseMonthQuery,
  parsePart,
  parseRowsQuery,
  parseSeriesQuery,
  parseSilence,
  parseText,
  parseTime,
} from './parse-arguments.js';
import { sentCycle } from './sent-cycle.js';

/** The name of a verb. */
export type VerbName = keyof Archives;

/** The arguments of a verb. */
export type Arguments<N extends VerbName> = Parameters<Archives[N]>;

/** The answer of a verb. */
export type Answer<N extends VerbName> = Awaited<ReturnType<Archives[N]>>;

/** A change that listeners are notified of. */
export interface Change {
  /** The table as of the newest cycle, if the verb had it. */
  readonly table: KnownState | null;
  /** Whether readings were replaced by others of the same times, or archives removed. */
  readonly isReplaced: boolean;
}

/** One verb: a reader, or a writer with its change (null when nothing changed). */
export type Verb<N extends VerbName> = {
  /** Checks arguments from the socket. Throws a `ProtocolError`. */
  readonly parse: (args: readonly unknown[]) => Arguments<N>;
  /** The forms of arguments and answer on the socket, where they differ from those in the process. */
  readonly wire?: {
    readonly ofArguments?: (args: Arguments<N>) => readonly unknown[];
    readonly ofAnswer?: { readonly to: (answer: Answer<N>) => unknown; readonly from: (sent: unknown) => Answer<N> };
  };
} & (
  | { readonly access: 'read' }
  | { readonly access: 'write'; readonly changeOf: (answer: Answer<N>, args: Arguments<N>) => Change | null }
);

const noArguments = (): [] => [];
const noChange = (): null => null;
const unchanged: Change = { table: null, isReplaced: false };
const replaced: Change = { table: null, isReplaced: true };

/** All verbs. */
export const verbs: { readonly [N in VerbName]: Verb<N> } = {
  latest: {
    access: 'read',
    parse: noArguments,
    wire: { ofAnswer: { to: sentTable, from: (sent) => tableFrom(sent as SentTable) } },
  },
  list: { access: 'read', parse: noArguments },
  fetch: { access: 'read', parse: ([query]) => [parseSeriesQuery(query)] },
  fetchBoth: { access: 'read', parse: ([query]) => [parseRowsQuery(query)] },
  fetchMany: { access: 'read', parse: ([query]) => [parseManyQuery(query)] },
  percentiles: { access: 'read', parse: ([query]) => [parseMonthQuery(query)] },
  baselines: { access: 'read', parse: ([timeS]) => [parseKeyTime(timeS)] },
  silences: { access: 'read', parse: noArguments },
  policy: { access: 'read', parse: noArguments },
  links: { access: 'read', parse: ([part]) => [parsePart(part)] },
  linkCounts: { access: 'read', parse: noArguments },
  fleet: { access: 'read', parse: noArguments },
  events: { access: 'read', parse: ([query]) => [parseEventQuery(query)] },
  dump: { access: 'read', parse: ([name]) => [parseText(name)] },
  append: {
    access: 'write',
    parse: ([cycle, isDurable]) => [parseCycle(cycle), isDurable !== false],
    wire: { ofArguments: ([cycle, ...rest]) => [sentCycle(cycle), ...rest] },
    changeOf: (_, [{ table }, isDurable = true]) => (isDurable ? { table, isReplaced: false } : null),
  },
  appendToExisting: {
    access: 'write',
    parse: ([cycle]) => [parseCycle(cycle)],
    wire: { ofArguments: ([cycle]) => [sentCycle(cycle)] },
    changeOf: (_, [{ table }]) => ({ table, isReplaced: false }),
  },
  sync: { access: 'write', parse: noArguments, changeOf: () => unchanged },
  merge: {
    access: 'write',
    parse: ([foreign]) => [parseForeign(foreign)],
    changeOf: ({ taken }) => (taken > 0 ? replaced : null),
  },
  silence: { access: 'write', parse: ([silence]) => [parseSilence(silence)], changeOf: () => unchanged },
  endSilence: {
    access: 'write',
    parse: ([pattern]) => [parseText(pattern)],
    changeOf: (isEnded) => (isEnded ? unchanged : null),
  },
  patrol: { access: 'write', parse: noArguments, changeOf: noChange },
  rewind: {
    access: 'write',
    parse: ([untilS]) => [parseTime(untilS)],
    changeOf: (rewound) => (rewound === null ? null : replaced),
  },
  forget: {
    access: 'write',
    parse: ([name]) => [parseText(name)],
    changeOf: (forgotten) => (forgotten === null ? null : replaced),
  },
};

/** Whether a text names a verb. */
export function isVerbName(text: string): text is VerbName {
  return Object.hasOwn(verbs, text);
}

/** Performs a verb with its arguments. */
export function perform<N extends VerbName>(archives: Archives, name: N, args: Arguments<N>): Promise<Answer<N>> {
  return Reflect.apply(archives[name], archives, args);
}

/**
 * Performs a verb for a caller on the socket; the answer is in its sent form. Throws a `ProtocolError` at once instead of answering: a
 * client that sends other arguments speaks another protocol.
 */
export function performSent<N extends VerbName>(
  archives: Archives,
  name: N,
  args: readonly unknown[],
): Promise<unknown> {
  const verb: Verb<N> = verbs[name];
  const checked = verb.parse(args);
  return perform(archives, name, checked).then((answer) => verb.wire?.ofAnswer?.to(answer) ?? answer);
}

/** Sends a verb with its arguments through `send`, and receives its answer. */
export async function performRemotely<N extends VerbName>(
  name: N,
  args: Arguments<N>,
  send: (name: N, args: readonly unknown[]) => Promise<unknown>,
): Promise<Answer<N>> {
  const { wire }: Verb<N> = verbs[name];
  const answer = await send(name, wire?.ofArguments?.(args) ?? args);
  return wire?.ofAnswer === undefined ? (answer as Answer<N>) : wire.ofAnswer.from(answer);
}

/** Archives whose verbs are all performed by one function. */
export function archivesFrom(
  performed: <N extends VerbName>(name: N, args: Arguments<N>) => Promise<Answer<N>>,
): Archives {
  const methods: readonly (readonly unknown[])[] = Object.keys(verbs)
    .filter(isVerbName)
    .map((name) => [name, (...args: Arguments<typeof name>) => performed(name, args)]);
  return Object.fromEntries(methods);
}
