// Sends single samples, in their order.

import { PassingError } from '../../engine/connection/http.js';
import type { Sample } from '../../engine/series/sample.js';
import { addWritten, attempt, nothingWritten, type WriteGround, type Written } from './write-rows.js';

const mostSamples = 5000;

/** Sends samples in requests of a bounded size. Throws a `PassingError`. */
export async function writeSamples(
  samples: readonly Sample[],
  ground: Pick<WriteGround, 'url' | 'send' | 'encoder'>,
): Promise<Written> {
  let sum = nothingWritten;
  for (let at = 0; at < samples.length; at += mostSamples) {
    sum = addWritten(sum, await writeSome(samples.slice(at, at + mostSamples), ground));
  }
  return sum;
}

/** One request; a refused one is halved until the samples that are refused are alone. */
async function writeSome(
  samples: readonly Sample[],
  ground: Pick<WriteGround, 'url' | 'send' | 'encoder'>,
): Promise<Written> {
  const refusal = await attempt(ground.encoder.encodeSamples(samples), ground);
  if (refusal === null) return { ...nothingWritten, taken: samples.length };
  const { kind, text } = refusal;
  if (samples.length > 1) {
    const middle = Math.ceil(samples.length / 2);
    const first = await writeSome(samples.slice(0, middle), ground);
    return addWritten(first, await writeSome(samples.slice(middle), ground));
  }
  if (kind === 'too-large') throw new PassingError(`refuses a single sample as too large: ${text}`);
  const [{ timeS } = { timeS: 0 }] = samples;
  return { ...nothingWritten, text, ...(kind === 'conflict' ? { refused: 1 } : { tooOldS: timeS, lostS: timeS }) };
}
