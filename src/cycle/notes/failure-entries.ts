// How `collect` and `serve` report the failures that fail no cycle: probes, and references of drift.

import type { Entry } from '../../cli/log.js';
import type { ReferenceReading } from '../../interpret/drift/judge-drift.js';
import type { KnownState } from '../../model/cycle.js';
import { referenceNames } from '../../model/drift/problem-text.js';
import type { Probe } from '../../model/policy/probe.js';
import { knownFailure, probesSource } from '../../model/probes/reading.js';
import { otherIn } from '../../model/table/other-sources.js';
import { countOf } from '../../model/text/count-of.js';

/** Probes that are reported by name. */
const maxReported = 5;

/** The readings that a cycle made beside its sources; `references` is null if it compared nothing. */
interface Tried {
  readonly timeS: number;
  readonly table: KnownState;
  readonly probes: readonly Probe[];
  readonly references: readonly ReferenceReading[] | null;
}

/** The failures as lines: the first probes by name and the number of others, and each reference. */
export function failureEntries({ timeS, table, probes, references }: Tried): readonly Entry[] {
  const known = otherIn(table, probesSource);
  const failing = (known.timeS === timeS ? probes : []).flatMap(({ name }) => {
    const failure = knownFailure(known, name);
    return failure === null ? [] : [`the probe ${name} fails: ${failure}`];
  });
  const rest = failing.length - maxReported;
  const unread = (references ?? []).flatMap(({ kind, read }) =>
    'failure' in read ? [`drift (${referenceNames[kind]}) is not judged: ${read.failure}`] : [],
  );
  return [
    ...failing.slice(0, maxReported),
    ...(rest > 0 ? [`and ${countOf(rest, 'more probe fails', 'more probes fail')}`] : []),
    ...unread,
  ].map((text): Entry => ({ level: 'notice', text }));
}
