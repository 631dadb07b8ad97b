// Rows and receivers for tests of pushing.

import { type EngineRequest, PassingError, type SendRequest } from '../../src/engine/connection/http.js';
import type { SeriesRows } from '../../src/engine/series/row-series.js';
import { decodeWriteRequest } from './decode.js';

/** The time of the first row. */
export const firstS = 1_800_000_000;

/** A series of finest rows. */
export function rowsOf(archive: string, values: readonly number[], other: Partial<SeriesRows> = {}): SeriesRows {
  const own = { archive, dataSource: 'Conns', rowS: 300, cf: null, firstS, wanted: null };
  return { ...own, values: Float64Array.from(values), ...other };
}

/** A sample as a receiver of tests judges it: null to take it, or the reason to refuse the request. */
export type Judge = (sample: {
  readonly archive: string;
  readonly timeS: number;
  readonly value: number;
}) => string | null;

/** A receiver that refuses a whole request because of one sample, as Prometheus does; it keeps what it took. */
export function pickyReceiver(judge: Judge) {
  const taken: string[] = [];
  const requests: EngineRequest[] = [];
  const send: SendRequest = async (request) => {
    requests.push(request);
    if (!(request.body instanceof Uint8Array)) throw new PassingError('got no body');
    const samples = decodeWriteRequest(request.body).flatMap(({ labels, samples: own }) => {
      const archive = Object.fromEntries(labels)['archive'] ?? '';
      return own.map(({ timeMs, value }) => ({ archive, timeS: timeMs / 1000, value }));
    });
    const reason = samples.map(judge).find((one) => one !== null) ?? null;
    if (reason !== null) return { status: 400, text: `${reason}\n`, retryAfterS: 0 };
    taken.push(...samples.map(({ archive, timeS, value }) => `${archive} ${timeS - firstS} ${value}`));
    return { status: 204, text: '', retryAfterS: 0 };
  };
  return { send, taken, requests };
}
