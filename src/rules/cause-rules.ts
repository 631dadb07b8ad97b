// Recording rules that conclude causes from what is down, as the pager does (interpret/paging/causes.ts, places.ts): data centre, rack, host,
// service. Each director is judged on its own, by `job` and `instance`: what one sees as dead must not be hidden by another that cannot know.
// The alerts drop these labels (alert-rules.ts).

import type { Recording, Rule } from './rule.js';
import { durationText, type RuleTimes } from './times.js';

/** Few enough to have died by chance, as in interpret/paging/places.ts. */
const few = 3;

const by = (...names: readonly string[]): string => `by (${['job', 'instance', ...names].join(', ')})`;
const on = (...names: readonly string[]): string => `on (${['job', 'instance', ...names].join(', ')})`;

/** A metric of each director; while a director does not answer, as it was last, for a time. */
export function keptOf(selector: string, { keptS }: Pick<RuleTimes, 'keptS'>): string {
  const last = `last_over_time(${selector}[${durationText(keptS)}])`;
  return `(\n  ${selector}\n  or ${last} unless on (job, instance) lvs_cycle_failing\n)`;
}

/** The rules; `rackPart` is the part of a rack's hosts that makes it a fault of the rack. */
export function causeRules(times: RuleTimes, rackPart: number): readonly Rule[] {
  return [...evidenceRules(times), ...rackRules(times, rackPart), ...hostRules(times), ...serviceRules(times)];
}

function evidenceRules(times: RuleTimes): readonly Rule[] {
  const kept = (selector: string): string => keptOf(selector, times);
  const server = by('service', 'server', 'host', 'rack', 'dc');
  return [
    {
      record: 'lvs:server_down',
      expr: `min ${server} ${kept('lvs_real_server_down_timestamp_seconds')}`,
      why: 'Evidence: since when real servers are down, whether hosts and services have usable ones left.',
    },
    {
      record: 'lvs:server_critical',
      expr: `min ${server} ${kept('lvs_real_server_down_timestamp_seconds{severity="critical"}')}`,
    },
    { record: 'lvs:host_usable', expr: `max ${by('host', 'rack', 'dc')} ${kept('lvs_host_usable_real_servers')}` },
    { record: 'lvs:service_usable', expr: `min ${by('service')} ${kept('lvs_virtual_server_usable_real_servers')}` },
    {
      record: 'lvs:service_broken',
      expr: `count ${by('service')} ${kept('lvs_virtual_server_down_timestamp_seconds')}\nor lvs:service_usable == 0`,
    },
    {
      record: 'lvs:service_critical',
      expr: `count ${by('service')} ${kept('lvs_virtual_server_down_timestamp_seconds{severity="critical"}')}\nor count ${by('service')} (lvs:server_critical)`,
    },
    {
      record: 'lvs:host_dead',
      expr: `max ${by('host', 'rack', 'dc')} (lvs:server_down) and ${on('host')} (lvs:host_usable == 0)`,
      why: 'Hosts on which nothing works, since the last of their real servers died.',
    },
    { record: 'lvs:rack_usable', expr: `sum ${by('dc', 'rack')} (lvs:host_usable{rack!=""})` },
    { record: 'lvs:rack_hosts', expr: `count ${by('dc', 'rack')} (lvs:host_usable{rack!=""})` },
  ];
}

function rackRules(times: RuleTimes, rackPart: number): readonly Rule[] {
  const { togetherS } = times;
  const rack = on('dc', 'rack');
  const isWhole = `${rack} (lvs:rack_usable == 0)`;
  const slots = (name: string, shift: string): string =>
    `count_values ${by('dc', 'rack')} ("${name}", floor(lvs:host_dead{rack!=""} / ${2 * togetherS}${shift}))`;
  return [
    {
      record: 'lvs:rack_together',
      expr: `max ${by('dc', 'rack')} (\n  ${slots('slot', '')}\n  or ${slots('shifted', ' + 0.5')}\n)`,
      why: `The most hosts of a rack that died together, within ${durationText(togetherS)}: in slots of twice that length, laid twice, half a slot apart.`,
    },
    { record: 'lvs:rack_service', expr: `count ${by('dc', 'rack', 'service')} (lvs:server_down{rack!=""})` },
    {
      record: 'lvs:rack_only_service',
      expr: `lvs:rack_service and ${rack} (count ${by('dc', 'rack')} (lvs:rack_service) == 1)`,
    },
    {
      record: 'lvs:rack_service_elsewhere',
      expr: `lvs:rack_only_service < ${on('service')} group_left () count ${by('service')} (lvs:server_down)`,
    },
    {
      record: 'lvs:rack_of_service',
      expr: [
        `(lvs:rack_only_service and ${on('service')} (lvs:service_usable == 0) unless ${isWhole})`,
        `or (lvs:rack_service_elsewhere unless ${isWhole})`,
        `or (lvs:rack_service_elsewhere and ${on('service')} (lvs:service_usable == 0))`,
        `or (lvs:rack_service_elsewhere and ${on('service')} (lvs:server_down unless ${isWhole}))`,
      ].join('\n'),
      why: 'Not the rack, but the one service that died in it: dead elsewhere too, or altogether while the rest of the rack works.',
    },
    {
      record: 'lvs:rack_judged',
      expr: [
        '(',
        `  (lvs:rack_together > 1 and ${isWhole})`,
        `  or (count ${by('dc', 'rack')} (lvs:host_dead{rack!=""}) >= ${few} and ${isWhole})`,
        `  or (lvs:rack_together >= ${few} and ${rack} (lvs:rack_together >= ${rack} ${rackPart} * lvs:rack_hosts))`,
        `) unless ${rack} lvs:rack_of_service`,
      ].join('\n'),
    },
    covered('rack', { times, left: 'lvs:server_down' }),
    {
      record: 'lvs:dc_judged',
      expr: [
        `count ${by('dc')} (`,
        `  count ${by('dc', 'rack')} (lvs:server_down{dc!="", rack!=""})`,
        `  or count ${by('dc', 'host')} (lvs:server_down{dc!="", rack=""})`,
        ') > 1',
        `unless ${on('dc')} (sum ${by('dc')} (lvs:host_usable{dc!=""}) > 0)`,
      ].join('\n'),
    },
    covered('dc', { times, left: 'lvs:server_down' }),
  ];
}

const endpointsOf = (dead: string): string =>
  `count ${by('host', 'rack', 'dc')} (count ${by('host', 'rack', 'dc', 'server')} (${dead}))`;

function hostRules(times: RuleTimes): readonly Rule[] {
  const services = `count ${by('host', 'rack', 'dc')} (count ${by('host', 'rack', 'dc', 'service')} (lvs:server_down)) >= 2`;
  return [
    {
      record: 'lvs:host_judged',
      expr: [
        `(${services})`,
        `and ${on('host')} (`,
        '  lvs:host_dead',
        `  or ${endpointsOf('lvs:server_down')} > ${few}`,
        ')',
      ].join('\n'),
      why: 'Hosts, if several services say so.',
    },
    covered('host', { times, left: 'lvs:server_down' }),
    {
      record: 'lvs:server_left',
      expr: [
        'lvs:server_down',
        `unless ${on('dc')} lvs:dc_down`,
        `unless ${on('rack')} lvs:rack_down`,
        `unless ${on('host')} lvs:host_down`,
      ].join('\n'),
      why: 'Real servers that no wider cause explains.',
    },
  ];
}

function serviceRules(times: RuleTimes): readonly Rule[] {
  const explained = `count ${by('service')} (lvs:server_down unless lvs:server_left)`;
  return [
    {
      record: 'lvs:service_judged',
      expr: [
        '(',
        '  lvs:service_broken',
        `  or count ${by('service')} (lvs:server_left) > ${few}`,
        `) unless ${on('service')} (`,
        `  ${explained}`,
        `  unless ${on('service')} (count ${by('service')} (lvs:server_left) > 1)`,
        ')',
      ].join('\n'),
      why: 'Services that lost more than wider causes explain.',
    },
    covered('service', { times, left: 'lvs:server_left' }),
    {
      record: 'lvs:host_alone',
      expr: [
        'lvs:host_dead',
        `and ${on('host')} (`,
        `  ${endpointsOf(`lvs:server_left unless ${on('service')} lvs:service_down`)} > 1`,
        ')',
      ].join('\n'),
      why: 'Hosts on which several ports of one service died, which works elsewhere.',
    },
  ];
}

const alertOf = { dc: 'LvsDcDown', rack: 'LvsRackDown', host: 'LvsHostDown', service: 'LvsServiceDown' } as const;

/** A cause that is judged now; or whose alert fires, while something of it is still down, for a time after it ended. */
function covered(
  level: keyof typeof alertOf,
  { times, left }: { readonly times: RuleTimes; readonly left: string },
): Recording {
  const { coverS, evaluationS } = times;
  const isFiring = `ALERTS{alertname="${alertOf[level]}", alertstate="firing"}`;
  return {
    record: `lvs:${level}_down`,
    expr: [
      `lvs:${level}_judged`,
      'or (',
      `  last_over_time(lvs:${level}_judged[${durationText(coverS)}])`,
      `  and ${on(level)} ${left}`,
      `  and on (${level}) last_over_time(${isFiring}[${durationText(3 * evaluationS)}])`,
      ')',
    ].join('\n'),
  };
}
