// The source of the probes that the policy defines. A probe that fails is a result: it holds back neither the others nor the cycle.

import { readProbes } from '../../collect/probes/read-probes.js';
import { probesJudge } from '../../interpret/probes/judge-probes.js';
import type { Probe } from '../../model/policy/probe.js';
import { probesSource as name, type ProbesReading } from '../../model/probes/reading.js';
import { type SourceResult, sourceOf } from './source.js';

/** The probes to read. */
export interface ProbeOptions {
  /** Those of the policy; none if missing. */
  readonly probes?: readonly Probe[];
}

/** The source. */
export const probesSource = sourceOf({ name, judge: probesJudge, isBeside: true }, ({ probes = [] }: ProbeOptions) =>
  probes.length === 0
    ? null
    : async (): Promise<SourceResult<ProbesReading>> => {
        return { read: { probes: await readProbes(probes) }, notes: [], moment: null, record: null };
      },
);
