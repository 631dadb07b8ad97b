// Series of probes, as of the newest cycle: the values with the labels that their probe gave, and whether each probe gave numbers.

import type { KnownState } from '../model/cycle.js';
import { type Labels as ProbeLabels, parseProbeArchive } from '../model/names/probe-name.js';
import { knownFailure, knownValue, probesSource, valuesOfProbe } from '../model/probes/reading.js';
import { otherIn } from '../model/table/other-sources.js';
import { type Family, type Labels, labels, type Sample } from './exposition.js';

/** A probe, or one of its values, in the newest cycle. */
export interface ExportedProbe {
  readonly probe: string;
  readonly labels: ProbeLabels;
  /** NaN if unknown; null for a probe whose values have labels. */
  readonly value: number | null;
  readonly isOk: boolean;
}

/** The probes of the newest cycle; none if it did not read any. */
export function exportedProbes(table: KnownState): readonly ExportedProbe[] {
  const known = otherIn(table, probesSource);
  if (known.timeS === null || known.timeS !== table.timeS || known.failure !== null) return [];
  return [...known.archives].flatMap(([archive, own]): readonly ExportedProbe[] => {
    const id = parseProbeArchive(archive);
    if (id === null || own.absentS !== null) return [];
    const isSum = id.labels.length === 0 && valuesOfProbe(known, id.probe).length > 0;
    const value = isSum ? null : knownValue(known, archive);
    return [{ ...id, value, isOk: knownFailure(known, id.probe) === null }];
  });
}

/** The families of probes. */
export function probeFamilies(probes: readonly ExportedProbe[]): readonly Family[] {
  const own = probes.filter((one) => one.labels.length === 0);
  return [
    {
      name: 'lvs_probe_value',
      type: 'gauge',
      help: 'Value of a probe, with the labels that it gave; none while it is unknown. As of the newest cycle.',
      samples: probes.flatMap((one): readonly Sample[] =>
        one.value === null || Number.isNaN(one.value) ? [] : [[labelsOf(one), one.value]],
      ),
    },
    {
      name: 'lvs_probe_success',
      type: 'gauge',
      help: '1 if a probe gave all of its values in the newest cycle. NaN is a value too: an unknown one, which the probe gave on purpose.',
      samples: own.map(({ probe, isOk }) => [labels({ probe }), Number(isOk)]),
    },
  ];
}

/** No label of a value is called `probe` (collect/probes/parse-values.ts). */
function labelsOf({ probe, labels: given }: ExportedProbe): Labels {
  return labels({ probe, ...Object.fromEntries(given) });
}
