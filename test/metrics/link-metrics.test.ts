// Series of links: what is unknown has none, and what is left out is counted.

import { expect, test } from 'vitest';
import { exposition } from '../../src/metrics/exposition.js';
import { exportedPart, linkFamilies, mostExported } from '../../src/metrics/link-metrics.js';
import { type MetricOptions, standardMetricOptions } from '../../src/metrics/metric-options.js';
import type { LinkRow, LinksView } from '../../src/model/links/view.js';
import { fleetView, lost, well } from '../links/fleet.js';
import { partOf } from '../links/naive.js';

const nowS = 1_764_642_000;

const samplesOf = (view: LinksView | null, options: Partial<MetricOptions> = {}): readonly string[] =>
  [...exposition(linkFamilies(view, { ...standardMetricOptions, ...options }), 'text')]
    .join('')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

const view = fleetView(
  [
    { lb1: { '10.0.0.1': well, '[2001:db8::1]:3306': well }, web1: { '10.0.0.1': well } },
    { lb1: { '10.0.0.1': well, '[2001:db8::1]:3306': well }, web1: { '10.0.0.1': well } },
    { lb1: { '10.0.0.1': lost, '[2001:db8::1]:3306': '1111011111' }, web1: { '10.0.0.1': well } },
  ],
  { nowS },
);

test('are loss and round trip of each link, and when each agent reported; a lost link has no round trip', () => {
  expect(samplesOf(view)).toEqual([
    'lvs_links{verdict="lost"} 1',
    'lvs_links{verdict="lossy"} 0',
    'lvs_links{verdict="slow"} 0',
    'lvs_links{verdict="stale"} 0',
    'lvs_links{verdict="well"} 2',
    'lvs_links_omitted 0',
    'lvs_link_loss_ratio{agent="lb1",to="10.0.0.1"} 0.5',
    'lvs_link_loss_ratio{agent="lb1",to="[2001:db8::1]:3306"} 0.05',
    'lvs_link_loss_ratio{agent="web1",to="10.0.0.1"} 0',
    'lvs_link_rtt_seconds{agent="lb1",to="[2001:db8::1]:3306"} 0.0005',
    'lvs_link_rtt_seconds{agent="web1",to="10.0.0.1"} 0.0005',
    `lvs_agent_last_report_timestamp_seconds{agent="lb1"} ${nowS}`,
    `lvs_agent_last_report_timestamp_seconds{agent="web1"} ${nowS}`,
  ]);
});

test('are absent where nobody watches', () => {
  expect(samplesOf(null)).toEqual([]);
});

test('of silent agents are their number and the time of their last report', () => {
  const rounds = [{ lb1: { '10.0.0.1': well } }, { lb1: { '10.0.0.1': well } }];
  const samples = samplesOf(fleetView(rounds, { nowS, seenS: nowS + 3600 }));
  expect(samples).toContain('lvs_links{verdict="stale"} 1');
  expect(samples.filter((line) => line.startsWith('lvs_link_'))).toEqual([]);
  expect(samples.at(-1)).toBe(`lvs_agent_last_report_timestamp_seconds{agent="lb1"} ${nowS}`);
});

test.each<Partial<MetricOptions>>([{ level: 'director' }, { level: 'virtual-server' }, { isSumByVip: true }])(
  'are counts alone with %o, which say how many links have no series',
  (options) => {
    const samples = samplesOf(view, options);
    expect(samples).toHaveLength(6);
    expect(samples.at(-1)).toBe('lvs_links_omitted 3');
  },
);

test('are those of so many links at most, the worst first, and a count of the others', () => {
  const [worst, ...others] = view.links;
  const [one] = others;
  if (worst === undefined || one === undefined) throw new Error('there are no links');
  const many = Array.from({ length: mostExported + 4 }, (_, i): LinkRow => ({ ...one, to: `h${i}` }));
  const { totals: _, ...rest } = view;
  const whole = { ...rest, links: [worst, ...many] };
  const samples = samplesOf(whole);
  expect(samples).toContain('lvs_links_omitted 5');
  expect(samples.filter((line) => line.startsWith('lvs_link_loss_ratio'))).toHaveLength(mostExported);
  expect(samples).toContain('lvs_link_loss_ratio{agent="lb1",to="10.0.0.1"} 0.5');
  const [, stale] = many;
  if (stale === undefined) throw new Error('there is one link');
  const silent = { ...whole, links: [worst, { ...stale, verdict: 'stale' } as const, ...many] };
  for (const [view, options] of [
    [whole, {}],
    [silent, {}],
    [silent, { level: 'director' } as const],
  ] as const) {
    const part = partOf(view, exportedPart({ ...standardMetricOptions, ...options }, view));
    expect(samplesOf(part, options)).toEqual(samplesOf(view, options));
    expect(part.links.length).toBeLessThan(view.links.length);
  }
});

test('escape what labels cannot hold', () => {
  const [link] = view.links;
  if (link === undefined) throw new Error('there are no links');
  const samples = samplesOf({ ...view, agents: [], links: [{ ...link, agent: 'a"b\\c\nd' }] });
  expect(samples).toContain('lvs_link_loss_ratio{agent="a\\"b\\\\c\\nd",to="10.0.0.1"} 0.5');
});
