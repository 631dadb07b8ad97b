// The judge of probes: their values become readings, and the known state remembers values and failures. A probe that failed makes its values
// unknown and stays as it is; one that left the policy is gone.

import type { KnownArchive, KnownOther } from '../../model/cycle.js';
import { memoryOf, type ProbesReading, probesSource } from '../../model/probes/reading.js';
import type { JudgeInput, Judgement } from '../judge.js';
import { Draft } from '../other/draft.js';
import { otherJudge } from '../other/other-judge.js';
import { measureProbe } from './measure-probe.js';

type ProbesInput = JudgeInput<ProbesReading, KnownOther>;

const leftPolicy = 'the policy no longer has it';

/** The judge of probes. */
export const probesJudge = otherJudge<ProbesReading>({ source: probesSource, judgeReading, left: leftPolicy });

function judgeReading(
  { known, previous: { gone }, timeS }: ProbesInput,
  { probes }: ProbesReading,
): Judgement<KnownOther> {
  const draft = new Draft(gone, timeS);
  const values = new Map<string, number>();
  const failures = new Map<string, string>();
  const archives = new Map<string, KnownArchive>();
  for (const probe of probes) {
    const { measured, absent, doubtful, failure } = measureProbe(probe, known, gone);
    if (failure !== null) failures.set(probe.name, failure);
    for (const one of measured) {
      const { name, about, value } = one;
      values.set(name, value);
      archives.set(name, draft.keep({ name, about, values: Float64Array.of(value) }, known.archives.get(name)));
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
