// Asks a receiver which rows it takes, by its own status pages. VictoriaMetrics takes rows in any order; Prometheus takes old ones within
// `out_of_order_time_window`, and without one only rows that follow what it has. Others are assumed to want them in order.

import { PassingError, type SendRequest } from '../../engine/connection/http.js';
import { durationS } from './prometheus-duration.js';

/** The rows that a receiver takes, and in which order. */
export type Receiving =
  /** Rows in any order; `startedBy` identifies the process, which loses what it took in its last seconds when it is killed. */
  | { readonly order: 'any'; readonly startedBy: string }
  /** Rows in any order, as far back as its window. */
  | { readonly order: 'window'; readonly startedBy: null }
  /** Rows in order; rows that end before `floorS` are too old, as far as it says. */
  | {
      readonly order: 'ascending';
      readonly floorS: number | null;
      readonly startedBy: null;
      /** It has no query API at the usual place: it cannot be asked which rows it has. */
      readonly isMute: boolean;
    };

/** A receiver that only takes samples, as far as is known. */
export const muteReceiver: Extract<Receiving, { readonly order: 'ascending' }> = {
  order: 'ascending',
  floorS: null,
  startedBy: null,
  isMute: true,
};

const mostBytes = 2 ** 23;

/** Asks the receiver whose query API has this root. Throws a `PassingError`. */
export async function askReceiver(baseUrl: URL | null, send: SendRequest): Promise<Receiving> {
  if (baseUrl === null) return muteReceiver;
  const read = async (path: string): Promise<string | null> => {
    const { status, text, retryAfterS } = await send({ url: new URL(path, baseUrl), mostBytes });
    if (status === 429 || status >= 500) throw new PassingError(`answers ${status}`, retryAfterS);
    return status === 200 ? text : null;
  };
  const metrics = (await read('metrics')) ?? '';
  if (/^vm_app_version\{/m.test(metrics)) {
    const [, startedBy = ''] = /^vm_app_start_timestamp (\S+)$/m.exec(metrics) ?? [];
    return { order: 'any', startedBy };
  }
  const config = await read('api/v1/status/config');
  if (config === null) return { ...muteReceiver, isMute: (await read('api/v1/query?query=1')) === null };
  const [, window = '0s'] = /^\s*out_of_order_time_window:\s*(\w+)\s*$/m.exec(stringAt(config, ['data', 'yaml'])) ?? [];
  if (durationS(window) > 0) return { order: 'window', startedBy: null };
  return { order: 'ascending', floorS: await floorOf(read), startedBy: null, isMute: false };
}

/** Without a window, Prometheus refuses what is older than half a block before its newest sample (`Head.appendableMinValidTime`). */
async function floorOf(read: (path: string) => Promise<string | null>): Promise<number | null> {
  const flags = await read('api/v1/status/flags');
  const head = await read('api/v1/status/tsdb');
  if (flags === null || head === null) return null;
  const blockS = durationS(stringAt(flags, ['data', 'storage.tsdb.min-block-duration']));
  const maxMs = Number(stringAt(head, ['data', 'headStats', 'maxTime']));
  return blockS > 0 && maxMs > 0 ? maxMs / 1000 - blockS / 2 : null;
}

/** The text or number at a path of a JSON text; empty if there is none. */
function stringAt(json: string, path: readonly string[]): string {
  try {
    let value: unknown = JSON.parse(json);
    for (const name of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  } catch {
    return '';
  }
}
