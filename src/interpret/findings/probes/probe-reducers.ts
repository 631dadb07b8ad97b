// Findings of probes: one that fails, and values that the policy calls wrong. Each test is a kind; where several checks of one test are true
// of a value, such as a warning and a critical limit, the worst one that has lasted long enough counts.

import { type FindingKind, type FindingNumbers, severities } from '../../../model/finding/finding.js';
import type { Thresholds } from '../../../model/finding/thresholds.js';
import type { ProbeCheck, ProbeTest } from '../../../model/policy/probe.js';
import { type KnownOfKind, type Reducer, reducer, type Sign } from '../reducer.js';
import type { ObservedValue, ProbeObservation } from './observe-probes.js';

const probeFailing = reducer<ProbeObservation>({
  kind: 'probe-failing',
  severity: 'warning',
  signs: ({ probes }) => {
    const found = probes.flatMap(({ archive, failure }): readonly (readonly [string, Sign])[] =>
      failure === null ? [] : [[archive, { archives: [archive], numbers: { text: failure } }]],
    );
    return { found: new Map(found) };
  },
});

/** The kind of finding of each test. */
const kinds = {
  above: 'probe-above',
  below: 'probe-below',
  equal: 'probe-equal',
  unequal: 'probe-unequal',
  changed: 'probe-changed',
} as const satisfies Readonly<Record<ProbeTest, FindingKind>>;

/** The reducers of all of them. */
export const probeReducers: readonly Reducer<ProbeObservation>[] = [
  probeFailing,
  ...(Object.keys(kinds) as ProbeTest[]).map(reducerOf),
];

function reducerOf(test: ProbeTest): Reducer<ProbeObservation> {
  return reducer<ProbeObservation>({
    kind: kinds[test],
    severity: 'warning',
    signs: ({ probes, isUnknown }, thresholds, known) => {
      const found = probes.flatMap(({ probe: { name, checks }, values }) =>
        values.flatMap((value): readonly (readonly [string, Sign])[] => {
          const own = checks.filter((check) => check.test === test && isTrue(check, value));
          const check = weightiest(own, { known, thresholds, archive: value.archive });
          return check === null ? [] : [[value.archive, signOf(check, name, value)]];
        }),
      );
      return { found: new Map(found), isUnknown };
    },
  });
}

function isTrue({ test, limit }: ProbeCheck, { value, before }: ObservedValue): boolean {
  if (test === 'changed') return !Number.isNaN(before) && value !== before;
  const than = limit ?? Number.NaN;
  if (test === 'above') return value > than;
  if (test === 'below') return value < than;
  return (value === than) === (test === 'equal');
}

interface CheckGround {
  readonly known: KnownOfKind;
  readonly thresholds: Thresholds;
  readonly archive: string;
}

/** The worst check that has lasted long enough, or else the first that will have; null if there is none. */
function weightiest(checks: readonly ProbeCheck[], { known, thresholds, archive }: CheckGround): ProbeCheck | null {
  const before = known.get(archive);
  const isOpen = before !== undefined && before.openS !== null;
  const cycles = (before?.count ?? 0) + 1;
  const needed = ({ openCycles }: ProbeCheck): number => openCycles ?? thresholds.openCycles;
  const ripe = checks.filter((check) => isOpen || cycles >= needed(check));
  const [worst] = ripe.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
  const [first] = checks.toSorted((a, b) => needed(a) - needed(b));
  return worst ?? first ?? null;
}

function signOf(check: ProbeCheck, probe: string, { archive, value, before }: ObservedValue): Sign {
  const { limit, severity, openCycles } = check;
  const other: FindingNumbers = limit === null ? { before } : { limit };
  const numbers = { probe, value, ...other };
  return { archives: [archive], numbers, severity, ...(openCycles !== null && { openCycles }) };
}
