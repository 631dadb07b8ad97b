// Events in words, the same on graphs, on pages and in tables.

import { type EventKind, isOfFinding, type LedgerEvent } from '../ledger-event.js';
import { identify } from '../names/parse-name.js';

/** Titles of events. */
export const eventTitles: Readonly<Record<EventKind, string>> = {
  appeared: 'first seen',
  gone: 'gone',
  back: 'back',
  'real-server-added': 'real server added',
  'real-server-removed': 'real server removed',
  'weight-changed': 'weight changed',
  'forwarding-changed': 'forwarding changed',
  'status-changed': 'status changed',
  'scheduler-changed': 'scheduler changed',
  'flags-changed': 'flags changed',
  'counters-reset': 'counters reset',
  'counters-wrapped': 'counters wrapped',
  'sum-incomplete': 'sum incomplete',
  'sum-complete': 'sum complete again',
  'cycle-missed': 'cycles missed',
  'cycle-failed': 'cycle failed',
  'cycle-resumed': 'collecting resumed',
  'clock-set': 'clock set',
  'clock-set-back': 'clock set back',
  'counters-frozen': 'counters frozen',
  'counters-running': 'counters running again',
  'sync-changed': 'sync daemons changed',
  'books-unbalanced': 'books unbalanced',
  'books-balanced': 'books balanced',
  'entries-left-out': 'entries left out',
  'entries-read-again': 'all entries read again',
  'haproxy-failed': 'HAProxy not read',
  'haproxy-resumed': 'HAProxy read again',
  'finding-opened': 'finding',
  'finding-closed': 'finding closed',
  'database-repaired': 'database repaired',
  'older-dropped': 'older events dropped',
  failover: 'failover',
};

/** Causes in words. */
export const causeTexts: Readonly<Record<NonNullable<LedgerEvent['cause']>, string>> = {
  'machine-restarted': 'machine restarted',
  'module-reloaded': 'ip_vs reloaded',
  'namespace-recreated': 'network namespace or kernel table recreated',
  'table-cleared': 'table cleared',
  'table-cleared-or-zeroed': 'table cleared or zeroed',
  'service-re-added': 'service re-added',
  zeroed: 'zeroed',
  're-added-or-zeroed': 're-added or zeroed',
  'perhaps-restarted': 'perhaps re-added or zeroed: the kernel counted more than its services show',
  'missing-once': 'missing from one reading: re-added, or a torn listing',
  'real-server-re-added': 'real server re-added',
  'haproxy-reloaded': 'HAProxy was reloaded',
  'haproxy-cleared': 'HAProxy counters cleared',
  'haproxy-reloaded-or-cleared': 'HAProxy reloaded, or its counters cleared',
  'machine-down': 'the machine was down',
  'collector-stopped': 'no collector ran',
};

/** The details of an event besides its title and its real server: "1 to 0", "zeroed", "3 h 15 min: the machine was down". */
export function eventWhat({ kind, from, to, cause, detail }: LedgerEvent): string {
  const change = from !== undefined && to !== undefined ? `${from || 'none'} to ${to || 'none'}` : (to ?? from ?? '');
  // The code of an error stands for its message.
  const value = isShownByCode(kind) ? '' : change;
  return [value, cause === undefined ? '' : causeTexts[cause], detail ?? ''].filter((part) => part !== '').join(': ');
}

/** The real server of an event as people write it, `10.0.0.5:8080`; empty if there is none. */
export function realServerText({ archive, realServer }: LedgerEvent): string {
  if (realServer === undefined) return '';
  const own = identify(`${archive}/${realServer}`);
  return own?.kind.ownName(own.parts) ?? realServer;
}

/** An event in as few words as possible: "weight changed 10.0.0.5:8080: 1 to 0", "cycle failed: not permitted". */
export function eventLine(event: LedgerEvent): string {
  const { kind, from, to, cause } = event;
  if (isOfFinding(kind)) return `${eventTitles[kind]}: ${event.detail ?? to ?? ''}`;
  const hasFailed = kind === 'cycle-failed' || kind === 'haproxy-failed';
  const what = hasFailed ? codeText(to) : isShownByCode(kind) ? '' : eventWhat({ ...event, detail: '' });
  const words = from === undefined && to === undefined && cause === undefined ? '' : what;
  const title = [eventTitles[kind], realServerText(event)].filter((part) => part !== '').join(' ');
  return words === '' ? title : `${title}: ${words}`;
}

/** Do these events hold the code of an error? */
function isShownByCode(kind: EventKind): boolean {
  return ['cycle-failed', 'cycle-resumed', 'haproxy-failed', 'haproxy-resumed'].includes(kind) || isOfFinding(kind);
}

/** The code of an error in words: "not permitted". */
export function codeText(code: string | undefined): string {
  return (code ?? '').replaceAll('-', ' ');
}

/** An event as a JSON object, with times as `time` and `since`. */
export function eventRecord({ timeS, sinceS, ...rest }: LedgerEvent): Readonly<Record<string, unknown>> {
  return { time: timeS, ...rest, ...(sinceS === undefined ? {} : { since: sinceS }) };
}

/** Events as rows of CSV, titles first; `text` is for people. */
export function eventRows(events: readonly LedgerEvent[]): readonly (readonly string[])[] {
  const titles = ['time', 'archive', 'kind', 'realServer', 'from', 'to', 'cause', 'since', 'detail', 'text'];
  const rows = events.map((event) => {
    const record: Readonly<Record<string, unknown>> = { ...eventRecord(event), text: eventLine(event) };
    return titles.map((title) => String(record[title] ?? ''));
  });
  return [titles, ...rows];
}
