// `serve --alertmanager URL`: Alertmanager's API v2, `POST /api/v2/alerts`. Every open page is reported at each turn, with an end four steps
// ahead: Alertmanager resolves an alert that it no longer hears of, and its own default of five minutes would be one cycle. An alert starts when
// it is first reported, since Alertmanager's group_wait does not apply to an older one. https://prometheus.io/docs/alerting/latest/alerts_api/

import type { Page } from '../../model/paging/page.js';
import { alertsText } from '../letter-text.js';
import type { ReportedAlert } from '../outbox.js';
import type { Reported, StateReceiver } from './channel.js';
import { type ReceiverUrl, request } from './receiver-url.js';

/** Steps for which an alert stays open without another report. */
const stepsAhead = 4;

/** Most findings in the description of an alert. */
const mostAlerts = 100;

/** The receiver at an address. */
export function alertmanager(at: ReceiverUrl, stepS: number, limitMs?: number): StateReceiver {
  const url = new URL(at.url);
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\/api\/v2\/alerts$/, '')}/api/v2/alerts`;
  return {
    name: `alertmanager ${at.name}`,
    report: async (pages, reported, nowS) => {
      const open: Reported = Object.fromEntries(
        pages.map((page) => [keyOf(page), { startsS: reported[keyOf(page)]?.startsS ?? nowS, page }]),
      );
      const ended = Object.entries(reported).filter(([key]) => open[key] === undefined);
      const alerts = [
        ...Object.values(open).map((one) => alertOf(one, nowS, nowS + stepsAhead * stepS)),
        ...ended.map(([, one]) => alertOf(one, nowS, nowS)),
      ];
      if (alerts.length > 0) await request({ ...at, url }, alerts, limitMs);
      return open;
    },
  };
}

/** Pages with the same key have the same labels, so they are one alert. */
function keyOf({ identity, severity }: Page): string {
  return `${severity} ${identity}`;
}

/** No label names the director: two viewers of the same services make one alert. */
function alertOf({ page, startsS }: ReportedAlert, nowS: number, endsS: number): object {
  const { identity, level, severity, title } = page;
  return {
    labels: { alertname: 'LvsPage', cause: identity, level, severity },
    annotations: { summary: title, description: alertsText(page, mostAlerts) },
    // A clock that was set back would let it end before it starts, which is refused.
    startsAt: timeText(Math.min(startsS, nowS)),
    endsAt: timeText(endsS),
  };
}

function timeText(timeS: number): string {
  return new Date(timeS * 1000).toISOString();
}
