// The age of the data in words: short for the bar, and loud if collecting has stopped.

import { formatLocal } from '../../src/render/look/local-time.js';
import { formatAge, formatAgo } from '../../src/web/pages/age.js';
import type { Status } from '../../src/web/wire.js';

/** The known facts: the server's last status, and since when it is unreachable (null: it is reachable). */
export interface Knowledge {
  readonly status: Pick<Status, 'lastS' | 'state' | 'message'>;
  readonly unreachableSinceS: number | null;
  readonly nowS: number;
  readonly timeZone: string;
}

/** The display: the bar's words and its class, the alarm ('' for none), and the beginning of the title. */
export interface Age {
  readonly text: string;
  readonly level: '' | 'late' | 'failed';
  readonly alarm: string;
  readonly titlePrefix: string;
}

const lateS = 600;

/** The age in words. */
export function ageOf({ status, unreachableSinceS, nowS, timeZone }: Knowledge): Age {
  const { lastS, state, message } = status;
  const ago = lastS === null ? 'no data yet' : formatAgo(nowS - lastS);
  if (unreachableSinceS !== null) {
    const newest = lastS === null ? '' : ` The newest data shown is from ${formatLocal(timeZone, lastS)}.`;
    const alarm = `The server has been unreachable since ${formatLocal(timeZone, unreachableSinceS)}.${newest} The page retries every half minute: is "lvs-stats serve" running?`;
    return { text: `✕ server unreachable · ${ago}`, level: 'failed', alarm, titlePrefix: 'UNREACHABLE · ' };
  }
  if (state === 'failed') {
    const alarm = message || 'The last cycle failed.';
    return { text: `✕ last cycle failed · ${ago}`, level: 'failed', alarm, titlePrefix: 'FAILED · ' };
  }
  if (state === 'unread') {
    return { text: `✕ engine unreadable · ${ago}`, level: 'failed', alarm: message, titlePrefix: 'UNREADABLE · ' };
  }
  // The server's status may be some seconds old; until the next one the page keeps counting.
  if (lastS !== null && (state === 'late' || nowS - lastS > lateS)) {
    const alarm =
      message || `Collecting has stopped: the newest reading is from ${formatLocal(timeZone, lastS)}, ${ago}.`;
    return { text: `▲ data is ${formatAge(nowS - lastS)} old`, level: 'late', alarm, titlePrefix: 'STOPPED · ' };
  }
  if (state === 'frozen') {
    return { text: `▲ counters frozen · ${ago}`, level: 'late', alarm: message, titlePrefix: 'FROZEN · ' };
  }
  if (lastS === null) return { text: '○ no data yet', level: '', alarm: '', titlePrefix: '' };
  return { text: `● ${ago}`, level: '', alarm: '', titlePrefix: '' };
}
