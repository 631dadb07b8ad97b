// Findings as lines of a page: how bad, about what, since when, and a link to the graphs of that moment.

import { type Finding, worstFirst } from '../../model/finding/finding.js';
import { findingText, findingTitles, subjectText } from '../../model/finding/finding-text.js';
import { isOfLinks } from '../../model/finding/link-text.js';
import type { SilencedFinding } from '../../model/finding/silenced.js';
import type { Verdict } from '../../model/finding/verdict.js';
import { hurtText } from '../../model/links/hurt-text.js';
import { isOfDirector, serviceOf } from '../../model/names/name.js';
import type { Silence } from '../../model/policy/silence.js';
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
    hosts: isOfLinks(finding.kind) ? hurtOf(finding) : hostsOfFinding(finding, ground.catalogue),
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
  return silenced.flatMap(({ finding, silence }) => {
    const until = untilText(silence, ground.timeZone);
    return findingRows([finding], ground).map((row) => ({ ...row, why: silence.why, until }));
  });
}

function untilText({ untilS }: Silence, timeZone: string): string {
  return untilS === null ? 'by the policy' : `until ${formatLocal(timeZone, untilS).slice(0, 16)}`;
}

/** The page of a finding's archive, at a span around its beginning. */
function momentHref({ kind, archives: [first], sinceS }: Finding, { catalogue, basePath }: FindingGround): string {
  if (isOfLinks(kind)) return `${basePath}/links`;
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

/** The services with real servers that are cut off: "hurts 192.0.2.10:443 and 2 others:"; '' if there are none. */
function hurtOf({ archives }: Finding): string {
  const services = [...new Set(archives.filter((name) => !isOfDirector(name)).map(serviceOf))];
  return services.length === 0 ? '' : `hurts ${hurtText(services)}:`;
}

/** The state of a service in a list. */
export interface StateWords {
  /** The title of its worst finding, or another remark; '' if there is none. */
  readonly state: string;
  /** Until when and why the finding is silenced; '' if it is not. */
  readonly silenced: string;
}

/** The states of the services that findings affect: the worst one of each; a silenced one only if there is no other. */
export function findingStates(
  { findings, silenced }: Pick<Verdict, 'findings' | 'silenced'>,
  timeZone: string,
): ReadonlyMap<string, StateWords> {
  const states = new Map<string, StateWords>();
  const add = ({ kind, archives }: Finding, silence: string): void => {
    for (const archive of archives) {
      const service = serviceOf(archive);
      if (!states.has(service)) states.set(service, { state: findingTitles[kind], silenced: silence });
    }
  };
  for (const finding of worstFirst(findings)) add(finding, '');
  for (const { finding, silence } of silenced) add(finding, `${untilText(silence, timeZone)}: ${silence.why}`);
  return states;
}
