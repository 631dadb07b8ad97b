// Tests of the rules for promtool, with racks and data centres of the topology: what dies, and which alerts fire when.
// https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/

import { rackOf, type Topology } from '../model/topology/topology.js';
import { alertRules } from './alert-rules.js';
import { comment } from './rule.js';
import { rulesFileName } from './rules-file.js';
import { type Example, exampleOf } from './test-example.js';
import { type Place, World } from './test-world.js';
import { durationText, type RuleTimes } from './times.js';

/** The name of the file. */
export const ruleTestsFileName = 'lvs.rules.test.yml';

/** The text of the file. */
export function ruleTestsFile(topology: Topology, times: RuleTimes): string {
  const examples = [
    ...rackExamples(topology, times),
    ...dcExamples(topology, times),
    hostExample(times),
    serviceExample(times),
    serverExample(times),
    findingExample(times),
    silenceExample(times),
    watchExample(times),
  ];
  return [
    comment(`promtool test rules ${ruleTestsFileName}`, 0),
    `rule_files: [${rulesFileName}]\n`,
    `evaluation_interval: ${durationText(times.evaluationS)}\n`,
    'tests:\n',
    ...examples.map((example) => exampleOf(example, times, alertRules(times))),
    rates,
  ].join('');
}

/** Hosts that an example shows at most. */
const mostHosts = 4;

const elsewhere: Place = { host: '203.0.113.9', rack: '', dc: '' };
const [web, tls] = ['192.0.2.1_80', '192.0.2.1_443'];

/** The hosts of each rack, or of each data centre, by where they stand. */
function placesBy(topology: Topology, key: 'rack' | 'dc'): readonly (readonly Place[])[] {
  const groups = new Map<string, Place[]>();
  for (const host of topology.hosts) {
    const place = { host: host.host, rack: rackOf(host) ?? '', dc: host.dc ?? '' };
    if (place[key] === '') continue;
    groups.set(place[key], [...(groups.get(place[key]) ?? []), place]);
  }
  return [...groups.values()];
}

/** The rack with the most hosts: nothing in it works any more. */
function rackExamples(topology: Topology, times: RuleTimes): readonly Example[] {
  const [largest] = placesBy(topology, 'rack').toSorted((a, b) => b.length - a.length);
  const hosts = (largest ?? []).slice(0, mostHosts);
  const [first] = hosts;
  if (first === undefined || hosts.length < 2) return [];
  const world = new World(times, 2).use(elsewhere, [web, tls]);
  for (const host of hosts) world.kill(host, [web, tls]);
  const { rack, dc } = first;
  const fires = { alert: 'LvsRackDown', labels: { rack, dc }, value: 2 * hosts.length };
  const hostsDown = hosts.map((place) => ({ alert: 'LvsHostDown', labels: { ...place }, value: 2 }));
  return [
    {
      title: `A rack dies: its page comes first, and its hosts have its label, by which they are held back.`,
      world,
      checks: [
        { afterS: times.rackS + times.apartS, alert: 'LvsRackDown', fires: [fires] },
        { afterS: times.rackS + times.evaluationS, alert: 'LvsHostDown', fires: [] },
        { afterS: times.serverS + times.apartS, alert: 'LvsRackDown', fires: [fires] },
        { afterS: times.serverS + times.apartS, alert: 'LvsHostDown', fires: hostsDown },
        { afterS: times.serverS + times.apartS, alert: 'LvsServiceDown', fires: [] },
      ],
    },
    ...returnExamples(hosts, times),
  ];
}

/** All hosts of the rack but one come back: what is still down is the rack's for a while, then a page of its own. */
function returnExamples(hosts: readonly Place[], times: RuleTimes): readonly Example[] {
  const late = hosts.at(-1);
  if (late === undefined) return [];
  const { rack, dc } = late;
  const world = new World(times, 1).use(elsewhere, [web, tls]);
  const scrapes = Math.ceil((times.serverS + times.apartS) / times.scrapeS);
  for (const host of hosts) world.kill(host, [web, tls]);
  for (const host of hosts.slice(0, -1)) world.revive(host, scrapes);
  const returnS = scrapes * times.scrapeS;
  const overS = returnS + times.coverS + times.apartS;
  const isCovered = { alert: 'LvsRackDown', labels: { rack, dc }, value: 2 };
  return [
    {
      title: 'The rack comes back, except for one host.',
      world,
      checks: [
        { afterS: returnS + times.evaluationS, alert: 'LvsRackDown', fires: [isCovered] },
        { afterS: overS, alert: 'LvsRackDown', fires: [] },
        { afterS: overS, alert: 'LvsHostDown', fires: [{ alert: 'LvsHostDown', labels: { ...late }, value: 2 }] },
      ],
    },
  ];
}

/** A data centre with two racks, or hosts whose racks are not known: nothing in it works any more. */
function dcExamples(topology: Topology, times: RuleTimes): readonly Example[] {
  for (const places of placesBy(topology, 'dc')) {
    const unitOf = ({ rack, host }: Place): string => (rack === '' ? `host ${host}` : `rack ${rack}`);
    const [one, other] = new Map(places.map((place) => [unitOf(place), place])).values();
    if (one === undefined || other === undefined) continue;
    const world = new World(times, 1).use(elsewhere, [web, tls]).kill(one, [web, tls]).kill(other, [web, tls]);
    const fires = { alert: 'LvsDcDown', labels: { dc: one.dc }, value: 4 };
    const title = 'A data centre dies.';
    return [{ title, world, checks: [{ afterS: times.rackS + times.apartS, alert: 'LvsDcDown', fires: [fires] }] }];
  }
  return [];
}

const outside: Place = { host: '203.0.113.1', rack: '', dc: '' };

function hostExample(times: RuleTimes): Example {
  const world = new World(times, 2).use(elsewhere, [web, tls]).kill(outside, [web, tls]);
  const fires = [{ alert: 'LvsHostDown', labels: { host: outside.host }, value: 2 }];
  return {
    title: 'A host dies, as two directors see it: one alert. A director that does not answer for a moment ends none.',
    world: world.silent(Math.floor(times.serverS / times.scrapeS), 2),
    checks: [
      { afterS: times.hostS - times.evaluationS, alert: 'LvsHostDown', fires: [] },
      { afterS: times.hostS + times.apartS, alert: 'LvsHostDown', fires },
      { afterS: times.serverS + times.apartS, alert: 'LvsHostDown', fires },
      { afterS: times.serverS + times.apartS, alert: 'LvsRackDown', fires: [] },
    ],
  };
}

function serviceExample(times: RuleTimes): Example {
  const fires = { alert: 'LvsServiceDown', labels: { service: web }, value: 1 };
  return {
    title:
      'A service has no real server left on hosts that work: a warning, and beside it the critical alert that holds it back.',
    world: new World(times, 1).use(elsewhere, [tls]).fail(elsewhere, web),
    checks: [
      { afterS: times.serviceS - times.evaluationS, alert: 'LvsServiceDown', fires: [] },
      {
        afterS: times.serviceS + times.apartS,
        alert: 'LvsServiceDown',
        fires: [fires, { ...fires, severity: 'critical' }],
      },
      { afterS: times.serviceS + times.apartS, alert: 'LvsHostDown', fires: [] },
    ],
  };
}

function serverExample(times: RuleTimes): Example {
  const world = new World(times, 1).use(elsewhere, [web, tls]).use(outside, [tls]).kill(outside, [web]);
  const labels = { service: web, server: '203.0.113.1_8080', host: outside.host };
  return {
    title: 'One real server dies on a host that works.',
    world,
    checks: [
      { afterS: times.serverS - times.evaluationS, alert: 'LvsServerDown', fires: [] },
      {
        afterS: times.serverS + times.apartS,
        alert: 'LvsServerDown',
        fires: [{ alert: 'LvsServerDown', labels, value: 1 }],
      },
      { afterS: times.serverS + times.apartS, alert: 'LvsServiceDown', fires: [] },
    ],
  };
}

function findingExample(times: RuleTimes): Example {
  const labels = { kind: 'disk-full', subject: 'all' };
  const fires = [{ alert: 'LvsFinding', labels, value: 1, severity: 'critical' }];
  return {
    title: 'A finding that concerns no real server.',
    world: new World(times, 2).find({ ...labels, severity: 'critical', silenced: 'false', explained: 'false' }),
    checks: [{ afterS: times.serverS + times.apartS, alert: 'LvsFinding', fires }],
  };
}

function silenceExample(times: RuleTimes): Example {
  const finding = { kind: 'share-off', subject: web, severity: 'warning', silenced: 'false', explained: 'false' };
  return {
    title: 'What is silenced, explained by what is down, or a notice alerts nobody.',
    world: new World(times, 1)
      .find({ ...finding, silenced: 'true' })
      .find({ ...finding, kind: 'traffic-collapsed', explained: 'true' })
      .find({ ...finding, kind: 'chains-long', severity: 'notice' }),
    checks: [{ afterS: times.serverS + 2 * times.apartS, alert: 'LvsFinding', fires: [] }],
  };
}

function watchExample(times: RuleTimes): Example {
  const { stepS, apartS } = times;
  const labels = { job: 'lvs', instance: 'lb1' };
  return {
    title: 'lvs-stats stops answering; the watchdog never stops.',
    world: new World(times, 1).silent(0, null),
    checks: [
      { afterS: 0, alert: 'LvsWatchdog', fires: [{ alert: 'LvsWatchdog', labels: {}, value: 1 }] },
      {
        afterS: 2 * Math.max(stepS, apartS),
        alert: 'LvsWatchdog',
        fires: [{ alert: 'LvsWatchdog', labels: {}, value: 1 }],
      },
      {
        afterS: Math.max(stepS, apartS) + apartS,
        alert: 'LvsStatsDown',
        fires: [{ alert: 'LvsStatsDown', labels, value: 0, severity: 'critical' }],
      },
    ],
  };
}

const rates = `  # Rates.
  - interval: 1m
    input_series:
      - {series: 'lvs_virtual_server_connections_total{local_address="192.0.2.1", local_port="80"}', values: '0+60x10'}
      - {series: 'lvs_virtual_server_incoming_bytes_total{local_address="192.0.2.1", local_port="80"}', values: '0+600x10'}
      - {series: 'lvs_virtual_server_outgoing_bytes_total{local_address="192.0.2.1", local_port="80"}', values: '0+6000x10'}
    promql_expr_test:
      - expr: lvs:virtual_server_connections:rate10m
        eval_time: 10m
        exp_samples:
          - {labels: 'lvs:virtual_server_connections:rate10m{local_address="192.0.2.1", local_port="80"}', value: 1}
      - expr: lvs:virtual_server_bits:rate10m
        eval_time: 10m
        exp_samples:
          - {labels: 'lvs:virtual_server_bits:rate10m{local_address="192.0.2.1", local_port="80"}', value: 880}
`;
