// Probes that the policy defines: a command or a file that gives numbers, and which numbers are wrong.

/** A probe. */
export interface Probe {
  /** Letters, digits and `_`; no two probes share one. */
  readonly name: string;
  readonly target: ProbeTarget;
  readonly checks: readonly ProbeCheck[];
}

/** Where the numbers of a probe come from. */
export type ProbeTarget = ProbeCommand | ProbeFile;

/** A command, run without a shell. */
export interface ProbeCommand {
  readonly kind: 'command';
  /** The path of the program, then its arguments. */
  readonly words: readonly string[];
  /** The user as which root runs it: a name, or `UID:GID`. */
  readonly user: string;
}

/** A file. */
export interface ProbeFile {
  readonly kind: 'file';
  readonly path: string;
  /** The user as which root reads it. */
  readonly user: string;
}

/** A number that is wrong. */
export interface ProbeCheck {
  readonly test: ProbeTest;
  /** The number in `is above 5`; null for `has changed`. */
  readonly limit: number | null;
  readonly severity: 'critical' | 'warning';
  /** Readings after which its finding opens; null for as many as the policy sets for findings. */
  readonly openCycles: number | null;
}

/** The words of the policy for each test. */
export const probeTests = {
  above: 'is above',
  below: 'is below',
  equal: 'is',
  unequal: 'is not',
  changed: 'has changed',
} as const;

/** A test of a number. */
export type ProbeTest = keyof typeof probeTests;

/** Most probes of a policy. */
export const maxProbes = 32;

/** The user of probes where the policy names none. */
export const defaultProbeUser = 'nobody';
