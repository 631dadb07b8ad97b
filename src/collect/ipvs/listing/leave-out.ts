// The lines of a listing that cannot be read: which entry each costs, and which others may be missing because of it.

import type { RealServerId, ServiceId } from '../../../model/names/identity.js';
import { realServerName, serviceName } from '../../../model/names/name.js';
import { type EntriesSoFar, endService, type ServiceLines } from './entries-so-far.js';
import { isRealServer, parseRealServerHead, parseServiceHead, suspectedServices } from './entry-head.js';
import { LineProblem } from './listing.js';
import type { Line } from './listing-lines.js';

/** An unreadable line, and the reason. */
export interface BadLine {
  readonly words: readonly string[];
  readonly line: Line;
  readonly problem: LineProblem;
}

/** Omits the entry of a line. */
export function leaveOut<R, S extends ServiceLines<R>>(soFar: EntriesSoFar<R, S>, bad: BadLine): void {
  const { current, notes } = soFar;
  if (!isRealServer(bad.words)) {
    leaveOutService(soFar, bad);
    return;
  }
  if (current === null) {
    // Below an omitted service, or before the first.
    if (soFar.above !== null) soFar.above.below += 1;
    else leaveOutStray(soFar, bad);
    return;
  }
  const head = headOr(() => parseRealServerHead(bad.words));
  if (head === null) {
    current.hasStray = true;
    notes.addRefused(bad, { entry: null, what: `a real server of ${serviceName(current.id)}` });
    return;
  }
  current.realServers.delete(head.key);
  const isNew = !current.refused.has(head.key);
  current.refused.set(head.key, head.id);
  const note = isNew ? notes.addRefused(bad, { entry: nameOf(current, head.id) }) : { below: 0 };
  if (isHidden(bad, realServerMark)) current.hasStray = true;
  if (!isHidden(bad, serviceMark)) return;
  // A line end was lost: the next lines belong to a service within this line.
  soFar.before = current;
  soFar.current = null;
  soFar.above = note;
  soFar.strayLines += 1;
}

const [serviceMark, realServerMark] = [/(?:TCP|UDP|SCTP|FWM)$/, /->$/];

/** May an unreadable line be two lines, the second of which begins with a word of this kind? */
function isHidden({ words, line }: BadLine, mark: RegExp): boolean {
  return line.tooLong !== null || words.slice(1).some((word) => mark.test(word));
}

function leaveOutService<R, S extends ServiceLines<R>>(soFar: EntriesSoFar<R, S>, bad: BadLine): void {
  const { services, refused, notes } = soFar;
  if (isProse(bad)) {
    soFar.saying = bad.line.text();
    notes.addProse(bad);
    return;
  }
  endService(soFar);
  const head = headOr(() => parseServiceHead(bad.words));
  if (head === null) {
    leaveOutStray(soFar, bad);
    return;
  }
  const { id, key } = head;
  services.delete(key);
  const isNew = !refused.has(key);
  refused.set(key, id);
  const note = { entry: serviceName(id) };
  soFar.above = isNew ? notes.addRefused(bad, note) : { below: 0 };
  if (isHidden(bad, serviceMark)) soFar.strayLines += 1;
}

/** The last words of a program that was ended early, from a shell or from ssh(1). */
export const dying =
  /^(Killed|Terminated|Aborted|Hangup|Quit|Alarm clock|Segmentation fault|Bus error|Broken pipe|Connection .*(reset|closed by remote host|timed out|lost)|Timeout)/i;

/**
 * Is a line program output within the listing ("Killed", "Connection to lb1 closed.")? A damaged line of ipvsadm has a number in it, or
 * does not begin like a sentence.
 */
function isProse({ words, line }: BadLine): boolean {
  return (
    line.tooLong === null &&
    /^[A-Z][a-z']{2,}/.test(words[0] ?? '') &&
    words.every((word) => /^["'(]?[A-Za-z]/.test(word))
  );
}

/** Omits a line with an unknown service; it may have been one of the real servers above it. */
function leaveOutStray<R, S extends ServiceLines<R>>(soFar: EntriesSoFar<R, S>, bad: BadLine): void {
  soFar.above = soFar.notes.addRefused(bad, { entry: null, what: 'an entry' });
  const suspects = suspectedServices(bad.words);
  for (const id of suspects) soFar.suspects.set(serviceName(id), id);
  if (suspects.length > 0) return;
  soFar.strayLines += 1;
  // A line that begins like a service's was not a real server of the one above.
  if (soFar.before !== null && !serviceMark.test(bad.words[0] ?? '')) soFar.before.hasStray = true;
}

/** The name of a real server of a service. */
export function nameOf({ id }: { readonly id: ServiceId }, realServer: RealServerId): string {
  return `${serviceName(id)}/${realServerName(realServer)}`;
}

function headOr<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof LineProblem) return null;
    throw error;
  }
}
