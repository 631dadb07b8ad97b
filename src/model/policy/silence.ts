// Silences: findings that the operator knows about and does not want to be told again until a time. They stay visible, with the reason, but no
// longer count. Silences of the command are stored beside the archives, those of the policy stand in its file.

import { type Finding, findingId } from '../finding/finding.js';
import { archiveText, subjectText } from '../finding/finding-text.js';

/** A silence. */
export interface Silence {
  /** The id of a finding, or a pattern, in which `*` stands for any characters. */
  readonly pattern: string;
  /** Its end, epoch seconds; null if it has none (in the policy). */
  readonly untilS: number | null;
  readonly why: string;
  /** When it began, epoch seconds; null in the policy. */
  readonly sinceS: number | null;
}

/** Most characters of a pattern and of a reason. */
export const maxPattern = 200;
export const maxReason = 300;

/** Whether a pattern means a finding: its id, its kind, its subject, or both as `KIND/SUBJECT`. */
export function isPatternOf(
  pattern: string,
  finding: Pick<Finding, 'kind' | 'subject' | 'archives' | 'sinceS'>,
): boolean {
  const { kind, subject, archives } = finding;
  const subjects = [subject, subjectText(finding), ...archives, ...archives.map(archiveText)];
  const texts = [findingId(finding), kind, ...subjects, ...subjects.map((one) => `${kind}/${one}`)];
  return texts.some((text) => isStarMatch(pattern, text));
}

/** Matches in time proportional to both lengths: parts between stars are found from left to right. */
function isStarMatch(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}

/** The silence of a finding at a time that ends last; null if there is none. */
export function silenceOf(finding: Finding, silences: readonly Silence[], nowS: number): Silence | null {
  const own = silences.filter((one) => isInForce(one, nowS) && isPatternOf(one.pattern, finding));
  return own.reduce<Silence | null>(
    (latest, one) => (latest === null || endOf(one) > endOf(latest) ? one : latest),
    null,
  );
}

/** Whether a silence has not ended. */
export function isInForce(silence: Silence, nowS: number): boolean {
  return endOf(silence) > nowS;
}

function endOf({ untilS }: Silence): number {
  return untilS ?? Number.POSITIVE_INFINITY;
}
