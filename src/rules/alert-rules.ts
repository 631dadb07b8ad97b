// The alerts: one for each cause and for each thing that it broke, held by level (times.ts), without a label that names the director. Labels
// say where a thing stands, so that Alertmanager can hold back what a wider cause explains (alertmanager-file.ts). `cause` is the identity of a
// page (model/paging/page.ts); a critical alert comes beside the warning of the same cause, since another severity would be another alert that
// is held anew.

import type { Severity } from '../model/finding/finding.js';
import { keptOf } from './cause-rules.js';
import type { Alerting, Rule } from './rule.js';
import type { RuleTimes } from './times.js';

/** The alerts, the widest first. */
export function alertRules(times: RuleTimes): readonly Rule[] {
  return [
    ...watchRules(times),
    ...placeRules(times),
    ...hostRules(times),
    ...serviceRules(times),
    ...serverRules(times),
    ...findingRules(times),
  ];
}

function watchRules({ stepS, apartS }: RuleTimes): readonly Rule[] {
  const labels = { cause: 'collecting/{{ $labels.instance }}', level: 'director', severity: 'critical' };
  const notSilenced = 'unless on (job, instance) lvs_finding{kind="collecting", silenced="true"}';
  return [
    {
      alert: 'LvsWatchdog',
      expr: 'vector(1)',
      forS: 0,
      labels: { severity: 'none' },
      summary: 'alerts on load balancers are evaluated and delivered',
      why: "Always fires: route it to a dead man's switch, which alerts when it stops coming.",
    },
    {
      alert: 'LvsStatsDown',
      expr: 'up{job="lvs"} == 0',
      forS: Math.max(stepS, apartS),
      labels,
      summary: 'lvs-stats on {{ $labels.instance }} does not answer',
    },
    {
      alert: 'LvsReadingStale',
      expr: `time() - lvs_reading_timestamp_seconds > ${3 * stepS}\n${notSilenced}`,
      forS: apartS,
      labels,
      summary: '{{ $labels.instance }} has stored no reading for {{ $value | humanizeDuration }}',
    },
    {
      alert: 'LvsCycleFailing',
      expr: `lvs_cycle_failing == 1\n${notSilenced}`,
      forS: 2 * stepS,
      labels,
      summary: '{{ $labels.instance }} cannot read its table',
    },
  ];
}

function placeRules({ rackS }: RuleTimes): readonly Rule[] {
  return [
    {
      alert: 'LvsDcDown',
      expr: 'count by (dc) (count by (dc, service, server) (lvs:server_down{dc!=""} and on (job, instance, dc) lvs:dc_down))',
      forS: rackS,
      labels: { cause: 'dc/{{ $labels.dc }}', level: 'dc', severity: 'critical' },
      summary: 'data centre {{ $labels.dc }}: {{ $value }} real servers are down',
    },
    {
      alert: 'LvsRackDown',
      expr: 'count by (dc, rack) (count by (dc, rack, service, server) (lvs:server_down{rack!=""} and on (job, instance, rack) lvs:rack_down))',
      forS: rackS,
      labels: { cause: 'rack/{{ $labels.rack }}', level: 'rack', severity: 'critical' },
      summary: 'rack {{ $labels.rack }}: {{ $value }} real servers are down',
    },
  ];
}

function hostRules({ hostS }: RuleTimes): readonly Rule[] {
  const down = 'max by (host, rack, dc) (lvs:host_down or lvs:host_alone)';
  return bothSeverities({
    alert: 'LvsHostDown',
    expr: `count by (host, rack, dc) (count by (host, rack, dc, service, server) (lvs:server_down))\nand on (host) ${down}`,
    isCritical: 'and on (host) lvs:server_critical',
    forS: hostS,
    labels: { cause: 'host/{{ $labels.host }}', level: 'host' },
    summary: 'host {{ $labels.host }}: {{ $value }} real servers are down',
  });
}

function serviceRules({ serviceS }: RuleTimes): readonly Rule[] {
  const isOnlyBroken = 'lvs:service_broken unless on (job, instance, service) lvs:service_down';
  const rules = bothSeverities({
    alert: 'LvsServiceDown',
    expr: [
      '(',
      '  count by (service) (lvs:service_down)',
      '  or count by (service, host, rack, dc) (',
      '    topk by (job, instance, service) (1,',
      '      count by (job, instance, service, host, rack, dc) (lvs:server_down unless lvs:server_left)',
      '    )',
      `    and on (job, instance, service) (${isOnlyBroken})`,
      '  )',
      ')',
    ].join('\n'),
    isCritical: 'and on (service) lvs:service_critical',
    forS: serviceS,
    labels: { cause: 'service/{{ $labels.service }}', level: 'service' },
    summary: 'service {{ $labels.service }} does not work, or lost many real servers',
  });
  return rules.map((rule, i) => (i === 0 ? { ...rule, why: whyPlaced } : rule));
}

const whyPlaced =
  'Services that a wider cause explains have the labels of one of its hosts, by which Alertmanager holds them back.';

function serverRules({ serverS }: RuleTimes): readonly Rule[] {
  return bothSeverities({
    alert: 'LvsServerDown',
    expr: 'count by (service, server, host, rack, dc) (lvs:server_down)',
    isCritical: 'and on (service, server) lvs:server_critical',
    forS: serverS,
    labels: { cause: 'server/{{ $labels.server }}', level: 'server' },
    summary: 'real server {{ $labels.server }} of {{ $labels.service }} is down',
  });
}

function findingRules(times: RuleTimes): readonly Rule[] {
  return (['warning', 'critical'] as const).map((severity) => {
    const selector = `lvs_finding{severity="${severity}", silenced="false", explained="false", kind!="collecting"}`;
    return {
      alert: 'LvsFinding',
      expr: `max by (kind, subject) ${keptOf(selector, times)}`,
      forS: times.serverS,
      labels: { cause: 'alone/{{ $labels.kind }}/{{ $labels.subject }}', level: 'alone', severity },
      summary: '{{ $labels.kind }} of {{ $labels.subject }}',
    };
  });
}

/** An alert as a warning, and beside it as critical where that is so. */
function bothSeverities({
  isCritical,
  ...alert
}: Omit<Alerting, 'labels'> & { readonly labels: Readonly<Record<string, string>>; readonly isCritical: string }) {
  const withSeverity = (severity: Severity, expr: string): Rule => ({
    ...alert,
    expr,
    labels: { ...alert.labels, severity },
  });
  return [withSeverity('warning', alert.expr), withSeverity('critical', `${alert.expr}\n${isCritical}`)];
}
