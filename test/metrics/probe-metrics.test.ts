// Series of probes: the labels that a probe gave beside its name, and nothing that is not of the newest cycle.

import { expect, test } from 'vitest';
import { interpretReads } from '../../src/interpret/interpret.js';
import { judgedRead } from '../../src/interpret/judged-read.js';
import { probesJudge } from '../../src/interpret/probes/judge-probes.js';
import { exposition } from '../../src/metrics/exposition.js';
import { exportedProbes, probeFamilies } from '../../src/metrics/probe-metrics.js';
import { emptyState, type KnownState } from '../../src/model/cycle.js';
import type { ProbeReading } from '../../src/model/probes/reading.js';

const startS = 1_763_700_000;

function after(previous: KnownState, timeS: number, probes: readonly ProbeReading[]): KnownState {
  return interpretReads(previous, { timeS, host: null, reads: [judgedRead(probesJudge, { probes })] }).table;
}

const textOf = (table: KnownState): string => [...exposition(probeFamilies(exportedProbes(table)), 'text')].join('');
const samplesOf = (table: KnownState) =>
  textOf(table)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

const flows: ProbeReading = {
  name: 'flows',
  reads: 'command',
  result: [
    { labels: [['bridge', 'br0']], value: 3 },
    {
      labels: [
        ['bridge', 'a"b\\c'],
        ['kind', 'probe'],
      ],
      value: -0.5,
    },
    { labels: [['bridge', 'br2']], value: Number.NaN },
  ],
};

test('have the labels of their probe, and whether it gave its values; a sum or an unknown value has none', () => {
  const load: ProbeReading = { name: 'load', reads: 'file', result: [{ labels: [], value: 1e15 }] };
  const hangs: ProbeReading = { name: 'hangs', reads: 'command', result: { failure: 'it hangs' } };
  expect(textOf(after(emptyState, startS, [flows, load, hangs]))).toBe(
    `# HELP lvs_probe_value Value of a probe, with the labels that it gave; none while it is unknown. As of the newest cycle.
# TYPE lvs_probe_value gauge
lvs_probe_value{probe="flows",bridge="br0"} 3
lvs_probe_value{probe="flows",bridge="a\\"b\\\\c",kind="probe"} -0.5
lvs_probe_value{probe="load"} 1000000000000000
# HELP lvs_probe_success 1 if a probe gave all of its values in the newest cycle. NaN is a value too: an unknown one, which the probe gave on purpose.
# TYPE lvs_probe_success gauge
lvs_probe_success{probe="flows"} 1
lvs_probe_success{probe="load"} 1
lvs_probe_success{probe="hangs"} 0
`,
  );
});

test('leave out what the newest cycle did not read', () => {
  const first = after(emptyState, startS, [flows]);
  const second = after(first, startS + 300, [{ ...flows, result: [{ labels: [['bridge', 'br0']], value: 4 }] }]);
  expect(samplesOf(second)).toEqual([
    'lvs_probe_value{probe="flows",bridge="br0"} 4',
    'lvs_probe_success{probe="flows"} 1',
  ]);
  expect(samplesOf({ ...second, timeS: startS + 600 })).toEqual([]);
  expect(samplesOf(emptyState)).toEqual([]);
});
