// Findings of probes: when they open and close, how bad they are, and what they say.

import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../../../src/cli/policy/parse-policy.js';
import { withFindings } from '../../../src/interpret/findings/find.js';
import { interpretReads } from '../../../src/interpret/interpret.js';
import { judgedRead } from '../../../src/interpret/judged-read.js';
import { probesJudge } from '../../../src/interpret/probes/judge-probes.js';
import { type Cycle, emptyState, type KnownState } from '../../../src/model/cycle.js';
import { type Finding, openFindings } from '../../../src/model/finding/finding.js';
import { findingLine } from '../../../src/model/finding/finding-text.js';
import { isOfFinding } from '../../../src/model/ledger-event.js';
import type { Probe } from '../../../src/model/policy/probe.js';
import type { ProbeReading } from '../../../src/model/probes/reading.js';

const startS = 1_763_700_000;

/** A value, values by bridge, why there is none, or null if the cycle reads no probes. */
type Given = number | Readonly<Record<string, number>> | string | null;

/** Reads a probe several times; the cycles with their findings. */
function cyclesOf(given: readonly Given[], findings: string, probesAfter?: readonly Probe[]): readonly Cycle[] {
  const { probes } = parsePolicy(`probes: [{name: flows, file: /x, findings: [${findings}]}]`, 'policy.yaml').policy;
  let table: KnownState = emptyState;
  return given.map((one, n) => {
    const reads = [judgedRead(probesJudge, one === null ? null : { probes: readingsOf(one) })];
    const read = interpretReads(table, { timeS: startS + 300 * n, host: null, reads });
    const cycle = withFindings(table, read, { probes: probesAfter ?? probes });
    table = cycle.table;
    return cycle;
  });
}

function readingsOf(given: NonNullable<Given>): readonly ProbeReading[] {
  const own = { name: 'flows', reads: 'file' } as const;
  if (typeof given === 'string') return [{ ...own, result: { failure: given } }];
  if (typeof given === 'number') return [{ ...own, result: [{ labels: [], value: given }] }];
  const result = Object.entries(given).map(([bridge, value]) => ({ labels: [['bridge', bridge]] as const, value }));
  return [{ ...own, result }];
}

const openIn = ({ table }: Cycle): readonly Finding[] => openFindings(table.findings);

/** The first letter of the severity of each open finding, cycle by cycle. */
const course = (cycles: readonly Cycle[]): string =>
  cycles
    .map((cycle) =>
      openIn(cycle)
        .map(({ severity }) => severity[0])
        .join(''),
    )
    .map((own) => own || '-')
    .join(' ');

describe('a value is wrong', () => {
  test.each<readonly [findings: string, given: readonly Given[], course: string]>([
    ['{when: is above 0}', [0, 1, 1, 2, 0, 0, 0], '- - w w w - -'],
    ['{when: is above 0, after: 1}', [1, 0, 0], 'w w -'],
    ['{when: is above 0, severity: critical, after: 3}', [1, 1, 0, 1, 1, 1], '- - - - - c'],
    ['{when: is below -1.5, after: 1}', [-1.5, -1.6, -1.5, -1.5], '- w w -'],
    ['{when: is 7, after: 1}', [7, 7.5, 7.5, 7], 'w w - w'],
    ['{when: is not 7, after: 1}', [7, 7.5, 7, 7], '- w w -'],
    ['{when: has changed}', [7, 7, 8, 8, 8, 9], '- - w w - w'],
    // A failure hides no change, and is none.
    ['{when: has changed}', [7, 'it hangs', 8], '- - w'],
    ['{when: has changed}', [7, Number.NaN, 7], '- - -'],
    // What nobody knows opens and closes nothing.
    ['{when: is above 0, after: 3}', [1, 1, Number.NaN, 1], '- - - w'],
    ['{when: is above 0, after: 1}', [1, 'it hangs', Number.NaN, 0, 0], 'w w w w -'],
    ['{when: is above 0, after: 1}', [1, null, null, 0, 0], 'w w w w -'],
  ])('by {findings: [%s]} with the values %j: %s', (findings, given, expected) => {
    const own = cyclesOf(given, findings);
    expect(course(own.map((cycle) => withoutFailing(cycle)))).toBe(expected);
  });

  test('with a warning and a critical limit: the worse one counts once it has lasted, and an open finding follows the value', () => {
    const both = '{when: is above 10, after: 1}, {when: is above 90, severity: critical, after: 2}';
    expect(course(cyclesOf([95, 95, 50, 95, 5, 5], both))).toBe('w c w c c -');
  });

  test('and by two tests at once: these are two findings', () => {
    const [cycle] = cyclesOf([5], '{when: is above 0, after: 1}, {when: is not 4, after: 1}');
    expect(cycle && openIn(cycle).map(({ kind }) => kind)).toEqual(['probe-above', 'probe-unequal']);
  });
});

/** The cycle without the findings about failing. */
function withoutFailing(cycle: Cycle): Cycle {
  const findings = (cycle.table.findings ?? []).filter(({ kind }) => kind !== 'probe-failing');
  return { ...cycle, table: { ...cycle.table, findings } };
}

test('each value with labels is judged by itself, and their sum is not', () => {
  const [first, second] = cyclesOf(
    [
      { br0: 3, br1: 4 },
      { br0: 3, br1: 6 },
    ],
    '{when: is above 5, after: 1}',
  );
  expect(first && openIn(first)).toEqual([]);
  expect(second && openIn(second).map(findingLine)).toEqual(['bridge="br1" of probe flows: 6 is above 5']);
  expect(second && openIn(second)[0]?.archives).toEqual(['probe_flows/bridge=br1']);
});

test('labels that are gone are no longer wrong', () => {
  const given = [{ br0: 3 }, { br1: 0 }, { br1: 0 }, { br1: 0 }];
  expect(course(cyclesOf(given, '{when: is above 0, after: 1}'))).toBe('w w - -');
});

test('a probe that fails is a finding of its own, with the reason', () => {
  const own = cyclesOf([1, 'cat: it hangs', 'cat: it hangs', 1, 1], '');
  expect(course(own)).toBe('- - w w -');
  expect(own[2] && openIn(own[2]).map(findingLine)).toEqual(['probe flows: the probe fails: cat: it hangs']);
});

test('opening and closing are events of the probe', () => {
  const events = cyclesOf([1, 0, 0], '{when: is above 0, after: 1}').flatMap((cycle) => cycle.events);
  expect(events.filter(({ kind }) => isOfFinding(kind))).toMatchObject([
    { archive: 'probe_flows', kind: 'finding-opened', to: 'probe-above', detail: '1 is above 0' },
    { archive: 'probe_flows', kind: 'finding-closed', detail: 'value too high, over after 10 min' },
  ]);
});

test('a check that left the policy is no finding any longer', () => {
  const without = parsePolicy('probes: [{name: flows, file: /x}]', 'policy.yaml').policy.probes;
  expect(course(cyclesOf([1, 1], '{when: is above 0, after: 1}', without))).toBe('- -');
});

describe('the findings of a probe that left the policy', () => {
  const findings = '{when: is above 0, after: 1}';
  const cycleAfter = (given: readonly Given[], probes: readonly Probe[] | undefined): Cycle => {
    const last = cyclesOf(given, findings).at(-1);
    const table = last?.table ?? emptyState;
    const reads = [judgedRead(probesJudge, null)];
    const read = interpretReads(table, { timeS: (table.timeS ?? 0) + 300, host: null, reads });
    return withFindings(table, read, { probes });
  };
  const another = parsePolicy('probes: [{name: load, file: /x}]', 'policy.yaml').policy.probes;

  test.each([
    ['a wrong value, and no probe is left', [1], []],
    ['a wrong value with labels, and no probe is left', [{ br0: 1 }], []],
    ['a failure, and no probe is left', ['it hangs', 'it hangs'], []],
    ['a wrong value, and another probe is left', [1], another],
  ])('close at once: %s', (_, given, left) => {
    expect(openIn(cycleAfter(given, undefined))).toHaveLength(1);
    const cycle = cycleAfter(given, left);
    expect(openIn(cycle)).toEqual([]);
    expect(cycle.events.filter(({ kind }) => isOfFinding(kind))).toMatchObject([{ kind: 'finding-closed' }]);
  });

  test('are what they were while nobody knows the policy', () => {
    expect(openIn(cycleAfter([1], undefined)).map(findingLine)).toEqual(['probe flows: 1 is above 0']);
  });
});

test.each<readonly [findings: string, given: readonly Given[], line: string]>([
  ['{when: is above 1000, after: 1}', [1234567.25], '1,234,567.25 is above 1,000'],
  ['{when: is below 0.5, after: 1}', [-2], '-2 is below 0.5'],
  ['{when: is 3, after: 1}', [3], 'the value is 3'],
  ['{when: is not 3, after: 1}', [4], 'the value is 4, not 3'],
  ['{when: has changed}', [3, 4], 'the value changed from 3 to 4'],
])('%s says of %j: %s', (findings, given, line) => {
  const last = cyclesOf(given, findings).at(-1);
  expect(last && openIn(last).map(findingLine)).toEqual([`probe flows: ${line}`]);
});
