// Reads which losses the services of a report survive.

import type { lendOf } from '../cli/lend.js';
import type { ArchiveInfo } from '../model/archive.js';
import type { Policy } from '../model/policy/policy.js';
import type { ServiceSurvival } from '../model/redundancy/survival.js';
import { readSurvivals } from '../render/redundancy/read-survivals.js';
import type { ReportRedundancy } from '../report/report.js';

/** The archives of a report, and the measures of redundancy. */
interface RedundancyRequest {
  readonly lend: ReturnType<typeof lendOf>;
  readonly director: string;
  readonly policy: Policy;
  readonly chosen: readonly ArchiveInfo[];
}

/** The losses that the chosen services survive, as of the newest reading. */
export async function reportRedundancy({
  lend,
  director,
  policy,
  chosen,
}: RedundancyRequest): Promise<ReportRedundancy> {
  const names = new Set(chosen.map(({ name }) => name));
  const services = await lend(async (archives) => {
    const known = await archives.latest();
    const all: ServiceSurvival[] = [];
    const facts = { known, policy, director };
    for await (const one of readSurvivals(archives, facts, (service) => names.has(service))) all.push(one);
    return all;
  });
  return { services, hasTopology: policy.topology.hosts.length > 0, allowed: policy.thresholds.spare };
}
