// `serve --heartbeat URL`: asks for an address after each good cycle. Whoever owns that address notices when it is no longer asked for: the
// machine, the program or collecting has stopped, and nobody is left to say so.

import { type ReceiverUrl, request } from './channels/receiver-url.js';

/** The state of collecting. */
export interface Collecting {
  /** Time of the newest reading; null before the first. */
  readonly lastS: number | null;
  /** Null while cycles succeed. */
  readonly failure: object | null;
}

/** The means of a heartbeat. */
export interface HeartbeatGround {
  /** Time of the newest reading when the process began, which is no cycle of its time; null if there was none. */
  readonly firstS: number | null;
  readonly report: (text: string, level: 'error' | 'notice') => void;
  readonly limitMs?: number;
}

/** A function that beats if there was a good cycle since the last beat. One that fails is repeated with the next call. */
export function createHeartbeat(at: ReceiverUrl, { firstS, report, limitMs }: HeartbeatGround) {
  let beatS = firstS;
  let failing: string | null = null;
  return async ({ lastS, failure }: Collecting): Promise<void> => {
    if (failure !== null || lastS === null || lastS === beatS) return;
    try {
      await request(at, undefined, limitMs);
      beatS = lastS;
      if (failing !== null) report('heartbeat: works again', 'notice');
      failing = null;
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (text !== failing) report(`heartbeat: ${text}; tried again at the next step`, 'error');
      failing = text;
    }
  };
}
