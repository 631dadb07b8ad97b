// The probes of one cycle as the reducers of their findings see them, apart from the director, which may not have been read.

import type { Cycle, KnownOther, KnownState } from '../../../model/cycle.js';
import type { KnownFinding } from '../../../model/finding/finding.js';
import { parseProbeArchive } from '../../../model/names/probe-name.js';
import type { Probe } from '../../../model/policy/probe.js';
import {
  archiveOfProbe,
  knownFailure,
  knownValue,
  lastKnownValue,
  probesSource,
  valuesOfProbe,
} from '../../../model/probes/reading.js';
import { otherIn } from '../../../model/table/other-sources.js';

/** An observation of probes. */
export interface ProbeObservation {
  readonly timeS: number;
  /** Those that the cycle read. */
  readonly probes: readonly ObservedProbe[];
  /** Whether nothing can be said about an archive: its probe failed, or gave no number for it. */
  readonly isUnknown: (archive: string) => boolean;
}

/** A probe of the policy, as read. */
export interface ObservedProbe {
  readonly probe: Probe;
  readonly archive: string;
  /** Why it failed; null if it did not. */
  readonly failure: string | null;
  /** Its known values: those with labels, or else its own. */
  readonly values: readonly ObservedValue[];
}

/** A value; `before` is the last known one of an earlier cycle, NaN if there is none. */
export interface ObservedValue {
  readonly archive: string;
  readonly value: number;
  readonly before: number;
}

/** Observes a cycle; null if it read no probes, although there are some. */
export function observeProbes(
  previous: KnownState,
  { timeS, table }: Cycle,
  probes: readonly Probe[],
): ProbeObservation | null {
  const [before, now] = [otherIn(previous, probesSource), otherIn(table, probesSource)];
  const isRead = now.timeS === timeS && now.failure === null;
  if (!isRead && now.archives.size > 0) return null;
  const observed = isRead ? probes.map((probe) => observe(probe, before, now)) : [];
  const failing = observed.filter(({ failure }) => failure !== null).map(({ archive }) => archive);
  return {
    timeS,
    probes: observed,
    isUnknown: (archive) =>
      now.archives.has(archive) &&
      Number.isNaN(knownValue(now, archive)) &&
      (now.archives.get(archive)?.absentS === null || failing.some((one) => archive.startsWith(`${one}/`))),
  };
}

/** The findings without those of probes that are not among `probes`. */
export function ofProbes(findings: readonly KnownFinding[], probes: readonly Probe[]): readonly KnownFinding[] {
  const names = new Set(probes.map(({ name }) => name));
  return findings.filter(({ subject }) => {
    const id = parseProbeArchive(subject);
    return id === null || names.has(id.probe);
  });
}

function observe(probe: Probe, before: KnownOther, now: KnownOther): ObservedProbe {
  const archive = archiveOfProbe(probe.name);
  const labelled = valuesOfProbe(now, probe.name);
  const names = labelled.length > 0 ? labelled : [archive];
  const values = names.map((name) => ({
    archive: name,
    value: knownValue(now, name),
    before: lastKnownValue(before, name),
  }));
  const known = values.filter(({ value }) => !Number.isNaN(value));
  return { probe, archive, failure: knownFailure(now, probe.name), values: known };
}
