// The findings of all directors of a fleet, worst first. Those that directors of one group share are listed once.

import { type Finding, worstFirst } from '../../model/finding/finding.js';
import { isOfDirector } from '../../model/names/name.js';
import { type FindingRow, findingRows } from '../now/finding-rows.js';
import { siteVerdict } from '../now/findings.js';
import type { Fleet, FleetPart } from './fleet.js';

/** A finding on the fleet's page. */
export interface FleetFindingRow extends FindingRow {
  /** The director or, if several of a group have it, the group and these: `edge (lb1, lb2)`. */
  readonly where: string;
  readonly whereHref: string;
}

/** The rows of the page, and how many more there are. */
export interface FleetFindings {
  readonly rows: readonly FleetFindingRow[];
  readonly more: number;
  readonly silenced: number;
}

/** Rows shown: a rack that died is a finding of each director that balances to it. */
const maxRows = 40;

/** A finding of some directors. */
interface Found {
  readonly finding: Finding;
  readonly directors: readonly FleetPart[];
  /** The group that all of these are in; null for a single director. */
  readonly group: FleetPart | null;
}

/** The findings of a fleet. */
export async function fleetFindings({ directors, groups }: Fleet, timeZone: string): Promise<FleetFindings> {
  const all = new Map<string, Found>();
  let silenced = 0;
  for (const part of directors) {
    const group = groups().find((one) => one.group.directors.includes(part.name)) ?? null;
    const verdict = siteVerdict(part.parts.site);
    silenced += verdict.silenced.length;
    for (const finding of verdict.findings) {
      // A group shares what its table says, not the machines of its directors.
      const place = group === null || isOfDirector(finding.subject) ? part.name : group.name;
      const key = JSON.stringify([place, finding.kind, finding.subject]);
      const before = all.get(key);
      if (before === undefined) all.set(key, { finding, directors: [part], group });
      else all.set(key, { ...before, finding: worse(before.finding, finding), directors: [...before.directors, part] });
    }
  }
  const found = new Map([...all.values()].map((one) => [one.finding, one]));
  const sorted = worstFirst([...found.keys()]);
  const rows = await Promise.all(sorted.slice(0, maxRows).map((finding) => rowOf(found.get(finding), timeZone)));
  return { rows: rows.flat(), more: Math.max(0, sorted.length - maxRows), silenced };
}

/** The more severe one or, if both are alike, the older one. */
function worse(a: Finding, b: Finding): Finding {
  return worstFirst([a, b])[0] ?? a;
}

async function rowOf(found: Found | undefined, timeZone: string): Promise<readonly FleetFindingRow[]> {
  const [first] = found?.directors ?? [];
  if (found === undefined || first === undefined) return [];
  const { finding, directors, group } = found;
  const isOfGroup = group !== null && directors.length > 1;
  const shown = isOfGroup ? group : first;
  const { site, catalogue } = shown.parts;
  const names = directors.map(({ name }) => name).join(', ');
  const ground = { catalogue: await catalogue(), basePath: site.basePath, timeZone };
  return findingRows([finding], ground).map((row) => ({
    ...row,
    where: isOfGroup ? `${group.name} (${names})` : first.name,
    whereHref: `${site.basePath}/`,
  }));
}
