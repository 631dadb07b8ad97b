// The judge of probes: their values become readings, and the known state remembers values and failures. A probe that failed makes its values
// unknown and stays as it is; one that left the policy is gone.

import type { ArchiveChange, KnownArchive, KnownOther, Reading } from '../../model/cycle.js';
import type { LedgerEvent } from '../../model/ledger-event.js';
import { serviceOf } from '../../model/names/name.js';
import { memoryOf, type ProbesReading, probesSource } from '../../model/probes/reading.js';
import { isFault, type Judge, type JudgeInput, type Judgement, otherSource, withFailure } from '../judge.js';
import { type MeasuredArchive, measureProbe } from './measure-probe.js';

type ProbesInput = JudgeInput<ProbesReading, KnownOther>;
type ProbesOutcome = Judgement<KnownOther>;

/** The judge of probes. */
export const probesJudge: Judge<ProbesReading, KnownOther> = {
  ...otherSource(probesSource),
  judge: (input) => {
    const { known, previous, read, timeS } = input;
    if (read === null) return unasked(input);
    if (!isFault(read)) return judgeReading(input, read);
    const { failure } = withFailure(known.failure, { code: read.code, timeS });
    return { known: { ...known, failure }, readings: [], archives: [], events: [], gone: previous.gone };
  },
};

/** Probes are gone if no cycle read any for this many seconds: one without them may be run by hand, or while the policy is wrong. */
const forgottenS = 86_400;

function unasked({ known, previous: { gone }, timeS }: ProbesInput): ProbesOutcome {
  if (known.timeS === null || known.archives.size === 0 || timeS - known.timeS <= forgottenS) {
    return { known, readings: [], archives: [], events: [], gone };
  }
  const draft = new Draft(gone, timeS);
  for (const [name, own] of known.archives) draft.remove(name, own, leftPolicy);
  return draft.outcome({ ...known, archives: new Map(), own: {} });
}

const leftPolicy = 'the policy no longer has it';

function judgeReading({ known, previous: { gone }, timeS }: ProbesInput, { probes }: ProbesReading): ProbesOutcome {
  const draft = new Draft(gone, timeS);
  const values = new Map<string, number>();
  const failures = new Map<string, string>();
  const archives = new Map<string, KnownArchive>();
  for (const probe of probes) {
    const { measured, absent, doubtful, failure } = measureProbe(probe, known, gone);
    if (failure !== null) failures.set(probe.name, failure);
    for (const one of measured) {
      values.set(one.name, one.value);
      archives.set(one.name, draft.keep(one, known.archives.get(one.name)));
    }
    for (const [name, own] of knownOf(known, doubtful)) archives.set(name, own);
    for (const [name, own] of knownOf(known, absent)) {
      if (own.absentS !== null) draft.remove(name, own, 'the probe no longer gives it');
      else archives.set(name, draft.miss(name, own));
    }
  }
  const asked = new Set(archives.keys());
  for (const [name, own] of known.archives) {
    if (!asked.has(name) && !draft.gone.has(name)) draft.remove(name, own, leftPolicy);
  }
  return draft.outcome({ archives, timeS, failure: null, own: memoryOf(known, values, failures) });
}

function knownOf({ archives }: KnownOther, names: readonly string[]): readonly (readonly [string, KnownArchive])[] {
  return names.flatMap((name) => {
    const own = archives.get(name);
    return own === undefined ? [] : [[name, own] as const];
  });
}

/** The judgement while it is made. */
class Draft {
  readonly gone: Map<string, number>;
  readonly #timeS: number;
  readonly #readings: Reading[] = [];
  readonly #archives: ArchiveChange[] = [];
  readonly #events: LedgerEvent[] = [];

  constructor(gone: ReadonlyMap<string, number>, timeS: number) {
    this.gone = new Map(gone);
    this.#timeS = timeS;
  }

  /** Reads an archive; after a return the time away is unknown. */
  keep({ name, about, value }: MeasuredArchive, before: KnownArchive | undefined): KnownArchive {
    const timeS = this.#timeS;
    const goneS = before === undefined ? this.gone.get(name) : undefined;
    const sinceS = before?.lastS ?? goneS ?? timeS - 1;
    const values = Float64Array.of(goneS === undefined ? value : Number.NaN);
    this.#readings.push({ archive: name, sinceS, timeS, values });
    const isSame = before !== undefined && JSON.stringify(before.about) === JSON.stringify(about);
    if (!isSame || before.absentS !== null) this.#archives.push({ name, about, lastS: null, goneS: null });
    if (before === undefined && name === serviceOf(name)) {
      this.#events.push({ timeS, archive: name, kind: goneS === undefined ? 'appeared' : 'back' });
    }
    this.gone.delete(name);
    return { about, counters: [], lastS: timeS, absentS: null };
  }

  /** Misses an archive for the first time. */
  miss(name: string, own: KnownArchive): KnownArchive {
    this.#archives.push({ name, about: own.about, lastS: own.lastS, goneS: null });
    return { ...own, absentS: this.#timeS };
  }

  /** Takes an archive for gone. */
  remove(name: string, { about, lastS, absentS }: KnownArchive, detail: string): void {
    const timeS = this.#timeS;
    this.#archives.push({ name, about, lastS, goneS: absentS ?? timeS });
    if (name === serviceOf(name)) this.#events.push({ timeS, archive: name, kind: 'gone', detail });
    this.gone.set(name, lastS);
  }

  outcome(known: KnownOther): ProbesOutcome {
    return { known, readings: this.#readings, archives: this.#archives, events: this.#events, gone: this.gone };
  }
}
