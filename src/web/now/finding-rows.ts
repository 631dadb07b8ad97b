// Findings as lines of a page: how bad, about what, since when, and a link to the graphs of that moment.

import { type Finding, worstFirst } from '../../model/finding/finding.js';
import { findingText, findingTitles, subjectText } from '../../model/finding/finding-text.js';
import type { SilencedFinding } from '../../model/finding/silenced.js';
import type { Verdict } from '../../model/finding/verdict.js';
import { serviceOf } from '../../model/names/name.js';
import { formatLocal } from '../../render/look/local-time.js';
import type { Catalogue } from '../data/catalogue.js';
import { archivePath } from '../pages/figure.js';

/** A finding on a page. */
export interface FindingRow {
  readonly severity: Finding['severity'];
  /** The severity as a shape and a word, so that it does not depend on colour. */
  readonly symbol: string;
  readonly subject: string;
  readonly hosts: string;
  readonly text: string;
  readonly since: string;
  readonly href: string;
}

/** Shapes of the severities. */
const symbols = { critical: '■', warning: '▲', notice: '●' } as const;

/** Seconds shown before a finding began, and at least after it. */
const beforeS = 2 * 3600;
const afterS = 4 * 3600;

interface FindingGround {
  readonly catalogue: Catalogue;
  readonly basePath: string;
  readonly timeZone: string;
}

/** The rows of findings. */
export function findingRows(findings: readonly Finding[], ground: FindingGround): readonly FindingRow[] {
  return findings.map((finding) => ({
    severity: finding.severity,
    symbol: symbols[finding.severity],
    subject: subjectText(finding),
    hosts: hostsOfFinding(finding, ground.catalogue),
    text: findingText(finding),
    since: formatLocal(ground.timeZone, finding.sinceS).slice(0, 16),
    href: momentHref(finding, ground),
  }));
}

/** A silenced finding on a page. */
export interface SilencedRow extends FindingRow {
  readonly why: string;
  /** When the silence ends, in words. */
  readonly until: string;
}

/** The rows of silenced findings. */
export function silencedRows(silenced: readonly SilencedFinding[], ground: FindingGround): readonly SilencedRow[] {
  return silenced.flatMap(({ finding, silence: { why, untilS } }) => {
    const until = untilS === null ? 'by the policy' : `until ${formatLocal(ground.timeZone, untilS).slice(0, 16)}`;
    return findingRows([finding], ground).map((row) => ({ ...row, why, until }));
  });
}

/** The page of a finding's archive, at a span around its beginning. */
function momentHref({ archives: [first], sinceS }: Finding, { catalogue, basePath }: FindingGround): string {
  const { lastS, byName } = catalogue;
  const untilS = Math.max(Math.min(sinceS + afterS, lastS), Math.min(lastS, sinceS) + 900);
  const query = lastS === 0 ? '' : `?since=${Math.min(sinceS, lastS) - beforeS}&until=${untilS}`;
  if (first === undefined || !byName.has(first)) return `${basePath}/all${query}`;
  return `${basePath}/${archivePath(first)}${query}`;
}

function hostsOfFinding({ archives: [first] }: Finding, { services }: Catalogue): string {
  const service = first === undefined ? undefined : services.find(({ info }) => info.name === serviceOf(first));
  return service?.hosts.slice(0, 2).join(', ') ?? '';
}

/** The titles of the findings that affect each service, the worst one for each; a silenced one only if there is no other. */
export function findingStates({
  findings,
  silenced,
}: Pick<Verdict, 'findings' | 'silenced'>): ReadonlyMap<string, string> {
  const states = new Map<string, string>();
  const add = ({ kind, archives }: Finding, suffix: string): void => {
    for (const archive of archives) {
      if (!states.has(serviceOf(archive))) states.set(serviceOf(archive), `${findingTitles[kind]}${suffix}`);
    }
  };
  for (const finding of worstFirst(findings)) add(finding, '');
  for (const { finding } of silenced) add(finding, ' (silenced)');
  return states;
}
