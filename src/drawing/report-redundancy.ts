// Reads which losses the services of a report survive.

import type { lendOf } from '../cli/lend.js';
import type { ArchiveInfo } from '../model/archive.js';
import type { Policy } from '../model/policy/policy.js';
import type { ServiceSurvival } from '../model/redundancy/survival.js';
import { readSurvivals } from '../render/redundancy/read-survivals.js';
import type { ReportRedundancy } from '../report/report.js';
import type { ArchiveReader } from '../store/archives.js';

/** Lends archives with the table of their newest reading. */
export type LendTable = ReturnType<typeof lendOf>;

/** The archives of a report, and the measures of redundancy. */
interface RedundancyRequest {
  /** Lends the table of the newest reading; null where nobody has it, as in an engine. */
  readonly lendTable: LendTable | null;
  readonly director: string;
  readonly policy: Policy;
  readonly chosen: readonly ArchiveInfo[];
}

/** The losses that the chosen services survive, as of the newest reading; none without a table. */
export async function reportRedundancy({
  lendTable,
  director,
  policy,
  chosen,
}: RedundancyRequest): Promise<ReportRedundancy> {
  const names = new Set(chosen.map(({ name }) => name));
  const read = async (archives: ArchiveReader): Promise<readonly ServiceSurvival[]> => {
    const known = await archives.latest();
    const all: ServiceSurvival[] = [];
    const facts = { known, policy, director };
    for await (const one of readSurvivals(archives, facts, (service) => names.has(service))) all.push(one);
    return all;
  };
  const services = lendTable === null ? [] : await lendTable(read);
  return { services, hasTopology: policy.topology.hosts.length > 0, allowed: policy.thresholds.spare };
}
