// One reading of the probes of the policy, and how the known state remembers it.

import type { KnownOther } from '../cycle.js';
import { type Labels, probeArchive } from '../names/probe-name.js';

/** A number of a probe; NaN if the probe says so. */
export interface ProbeValue {
  readonly labels: Labels;
  readonly value: number;
}

/** The result of one probe: one value without labels, or values of different labels; or why there are none. */
export interface ProbeReading {
  readonly name: string;
  readonly reads: 'command' | 'file';
  readonly result: readonly ProbeValue[] | ProbeFailure;
}

/** Why a probe gave no numbers, or not all. */
export interface ProbeFailure {
  readonly failure: string;
}

/** The results of all probes of the policy. */
export interface ProbesReading {
  readonly probes: readonly ProbeReading[];
}

/** The name of the source in the known state. */
export const probesSource = 'probes';

/** Most values of one probe. */
export const maxProbeValues = 100;

/** Most archives of one probe, those that are gone included. */
export const maxProbeArchives = 500;

/** The part of the known state that remembers values and failures (`KnownOther.own`). */
type ProbeMemory = NonNullable<KnownOther['own']>;

const lastKey = (archive: string): string => `last ${archive}`;
const valueKey = (archive: string): string => `value ${archive}`;
const failureKey = (probe: string): string => `failure ${probe}`;

/** The memory of a reading: the value of each archive, or the last one that was known, and why each failing probe fails. */
export function memoryOf(
  before: Pick<KnownOther, 'own'>,
  values: ReadonlyMap<string, number>,
  failures: ReadonlyMap<string, string>,
): ProbeMemory {
  const lastOf = (archive: string): number | null => {
    const last = lastKnownValue(before, archive);
    return Number.isNaN(last) ? null : last;
  };
  return Object.fromEntries([
    ...[...values].map(([archive, value]) =>
      Number.isNaN(value) ? ([lastKey(archive), lastOf(archive)] as const) : ([valueKey(archive), value] as const),
    ),
    ...[...failures].map(([probe, text]) => [failureKey(probe), text] as const),
  ]);
}

/** The newest value of an archive; NaN if unknown. */
export function knownValue({ own }: Pick<KnownOther, 'own'>, archive: string): number {
  const value = own?.[valueKey(archive)];
  return typeof value === 'number' ? value : Number.NaN;
}

/** The newest value of an archive that was known before a run of failures; NaN if there is none. */
export function lastKnownValue(known: Pick<KnownOther, 'own'>, archive: string): number {
  const last = known.own?.[lastKey(archive)];
  return typeof last === 'number' ? last : knownValue(known, archive);
}

/** Why the newest reading of a probe failed; null if it did not. */
export function knownFailure({ own }: Pick<KnownOther, 'own'>, probe: string): string | null {
  const text = own?.[failureKey(probe)];
  return typeof text === 'string' ? text : null;
}

/** The archive of a probe itself. */
export function archiveOfProbe(probe: string): string {
  return probeArchive({ probe, labels: [] });
}

/** The archives of the values with labels of a probe, of which its own value is the sum; none if it has a single value. */
export function valuesOfProbe({ archives }: Pick<KnownOther, 'archives'>, probe: string): readonly string[] {
  const top = archiveOfProbe(probe);
  return [...archives].flatMap(([name, { absentS }]) => (absentS === null && name.startsWith(`${top}/`) ? [name] : []));
}
