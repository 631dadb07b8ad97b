// The judge of a source without a form of its own. Only its readings are judged in a way of its own: a reading that failed changes nothing,
// and a source that nobody has read for a day is gone with its archives.

import type { KnownOther } from '../../model/cycle.js';
import {
  isFault,
  type Judge,
  type JudgeInput,
  type Judgement,
  otherSource,
  type SourceReading,
  withFailure,
} from '../judge.js';
import { Draft } from './draft.js';

/** Seconds: cycles without the source may be run by hand, or while the policy is wrong or a server is away. */
const forgottenS = 86_400;

/** A source and how its readings are judged. */
export interface OtherNature<R extends SourceReading> {
  readonly source: string;
  readonly judgeReading: (input: JudgeInput<R, KnownOther>, reading: R) => Judgement<KnownOther>;
  /** Why its archives are gone once nobody reads it. */
  readonly left: string;
}

/** The judge of such a source. */
export function otherJudge<R extends SourceReading>(nature: OtherNature<R>): Judge<R, KnownOther> {
  const { source, judgeReading } = nature;
  return {
    ...otherSource(source),
    judge: (input) => {
      const { known, previous, read, timeS } = input;
      if (read === null) return unasked(nature, input);
      if (!isFault(read)) return judgeReading(input, read);
      const { failure } = withFailure(known.failure, { code: read.code, timeS });
      return unchanged({ ...known, failure }, previous.gone);
    },
  };
}

function unasked<R extends SourceReading>(
  { left }: OtherNature<R>,
  { known, previous: { gone }, timeS }: JudgeInput<R, KnownOther>,
): Judgement<KnownOther> {
  const isThere = known.timeS !== null && known.archives.size > 0;
  if (!isThere || timeS - (known.timeS ?? timeS) <= forgottenS) return unchanged(known, gone);
  const draft = new Draft(gone, timeS);
  for (const [name, own] of known.archives) draft.remove(name, own, left);
  return draft.outcome({ ...known, archives: new Map(), own: {} });
}

function unchanged(known: KnownOther, gone: ReadonlyMap<string, number>): Judgement<KnownOther> {
  return { known, readings: [], archives: [], events: [], gone };
}
