// The status of the data in words: for the pages, for monitoring (`healthz`), and for the alarm.

import { heartbeatOf } from '../model/retention.js';
import { formatLocal } from '../render/look/local-time.js';
import { leftOutCount } from './pages/left-out.js';
import type { CollectorState, Site } from './site.js';
import type { Status } from './wire.js';

/** The current status. */
export function statusOf(site: Pick<Site, 'collecting' | 'nowS' | 'looks'>): Status {
  return { ...ageStatusOf(site), leftOut: leftOutCount(site.collecting()) };
}

/** Does the newest reading say what happens now? */
export function isCurrent({ state }: Pick<Status, 'state'>): boolean {
  return state === 'ok' || state === 'frozen';
}

function ageStatusOf({
  collecting,
  nowS,
  looks,
}: Pick<Site, 'collecting' | 'nowS' | 'looks'>): Omit<Status, 'leftOut'> {
  const { retention, lastS, failure, frozen } = collecting();
  const heartbeatS = heartbeatOf(retention);
  const now = Math.floor(nowS());
  const zone = looks().timeZone;
  if (failure !== null) {
    const newest =
      lastS === null ? 'Nothing has been read yet.' : `The newest data is from ${formatLocal(zone, lastS)}.`;
    const state = failure.isOfEngine ? 'unread' : 'failed';
    return { lastS, nowS: now, state, message: `${failureSentence(failure, zone)} ${newest}` };
  }
  if (lastS === null) {
    const message = 'Nothing has been read yet: the first cycle makes an archive for each service.';
    return { lastS, nowS: now, state: 'empty', message };
  }
  if (lastS - now > retention.stepS) {
    const message = `The newest reading is from ${formatLocal(zone, lastS)}, in the future: nothing is collected until then. Correct this machine's clock, or drop that reading with "lvs-stats rewind".`;
    return { lastS, nowS: now, state: 'failed', message };
  }
  if (now - lastS <= heartbeatS && frozen !== null && frozen !== undefined) {
    const message = `The kernel's counters have been frozen since ${formatLocal(zone, frozen.sinceS)} (${frozen.reason}): rates are unknown, not zero. "lvs-stats doctor" says how to unfreeze them.`;
    return { lastS, nowS: now, state: 'frozen', message };
  }
  if (now - lastS <= heartbeatS) return { lastS, nowS: now, state: 'ok', message: '' };
  const message = `No data since ${formatLocal(zone, lastS)}: collecting has stopped. Is cron, or the server that collects, running?`;
  return { lastS, nowS: now, state: 'late', message };
}

function failureSentence({ sinceS, text, isOfEngine }: NonNullable<CollectorState['failure']>, zone: string): string {
  const what = isOfEngine ? 'The engine with the rows has not been readable' : 'Collecting has failed';
  return `${what} since ${formatLocal(zone, sinceS)}: ${text.replace(/\.?$/, '.')}`;
}
