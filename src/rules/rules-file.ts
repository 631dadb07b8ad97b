// The rules file for Prometheus: rates that dashboards use, causes, alerts. It names no host: where hosts stand is in the series, so that the
// rules stay the same for thousands of hosts, and when the topology changes.

import type { PagingPolicy } from '../model/policy/paging.js';
import { alertRules } from './alert-rules.js';
import { causeRules } from './cause-rules.js';
import { comment, type RuleGroup, rulesText } from './rule.js';
import { durationText, type RuleTimes } from './times.js';

/** The name of the file, which its tests have to know. */
export const rulesFileName = 'lvs.rules.yml';

/** The text of the file. */
export function rulesFile(policy: PagingPolicy, times: RuleTimes): string {
  return `${about(policy, times)}${rulesText([rates, causes(policy, times)])}`;
}

function about({ rackPart }: PagingPolicy, times: RuleTimes): string {
  const { stepS, scrapeS, evaluationS, skewS, rackS, hostS, serviceS, serverS } = times;
  const [step, scrape, evaluation, skew] = [stepS, scrapeS, evaluationS, skewS].map(durationText);
  const [rack, host, service, server] = [rackS, hostS, serviceS, serverS].map(durationText);
  return comment(
    `Alerts on load balancers, and rates that dashboards use; docs/alerts.md explains them. The policy, archives with a step of ${step}, scrapes ` +
      `every ${scrape}, evaluations every ${evaluation} and a skew of up to ${skew} give the times: racks are held for ${rack}, hosts for ${host}, ` +
      `services for ${service}, real servers and findings for ${server}. A rack is at fault when ${Math.round(100 * rackPart)} % of its hosts die together. Needs ` +
      'Prometheus 2.26 or later. Change the policy rather than this file, and run "lvs-stats alerts" again.',
    0,
  );
}

const rates: RuleGroup = {
  name: 'lvs-rates',
  why: 'Over ten minutes, so that they are right for counters of cycles too.',
  intervalS: null,
  rules: [
    {
      record: 'lvs:virtual_server_connections:rate10m',
      expr: 'rate(lvs_virtual_server_connections_total[10m])',
    },
    {
      record: 'lvs:virtual_server_bits:rate10m',
      expr: '8 * (rate(lvs_virtual_server_incoming_bytes_total[10m]) + rate(lvs_virtual_server_outgoing_bytes_total[10m]))',
    },
  ],
};

function causes({ rackPart }: PagingPolicy, times: RuleTimes): RuleGroup {
  return {
    name: 'lvs-causes',
    why:
      'Causes of what is down, as the pages of "serve" have them. While a director does not answer, it counts as it was last for ' +
      `${durationText(times.keptS)}; a cause that ended covers what is still broken for ${durationText(times.coverS)}.`,
    intervalS: times.evaluationS,
    rules: [...causeRules(times, rackPart), ...alertRules(times)],
  };
}
