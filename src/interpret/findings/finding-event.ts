// The opening or closing of a finding as an event of the affected service, or of the director.

import { type Finding, hostOfSubject } from '../../model/finding/finding.js';
import { findingText, findingTitles, subjectText } from '../../model/finding/finding-text.js';
import { linkSubjectText } from '../../model/finding/link-text.js';
import type { LedgerEvent } from '../../model/ledger-event.js';
import { directorName, isOfDirector, serviceOf } from '../../model/names/name.js';
import { formatDuration } from '../../model/text/duration-text.js';

/** The event of a finding that opened or closed at a time, epoch seconds. */
export function findingEvent(own: Finding, kind: 'finding-opened' | 'finding-closed', timeS: number): LedgerEvent {
  const { subject } = own;
  const isArchive = hostOfSubject(subject) === null && linkSubjectText(subject) === null;
  const about = isArchive ? subject : (own.archives[0] ?? directorName);
  const archive = isOfDirector(about) ? directorName : serviceOf(about);
  const sentence = kind === 'finding-opened' ? findingText(own) : closedText(own, timeS);
  const detail = archive === subject ? sentence : `${subjectText(own)}: ${sentence}`;
  return { timeS, sinceS: own.sinceS, archive, kind, to: own.kind, detail };
}

/** "weight 0, over after 2 h 5 min": the sentence of its opening would read as if it were still open. */
function closedText({ kind, sinceS }: Finding, timeS: number): string {
  return `${findingTitles[kind]}, over after ${formatDuration(timeS - sinceS)}`;
}
