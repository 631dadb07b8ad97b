// The page of redundancy: which losses each service survives, what the others would have to carry, and what is missing.

import { archiveText } from '../../model/finding/finding-text.js';
import type { Policy } from '../../model/policy/policy.js';
import { partnersOf } from '../../model/policy/redundancy.js';
import { lossLevels, type ServiceSurvival, type Survival } from '../../model/redundancy/survival.js';
import { gradeOf, weakestFirst, worstGrade } from '../../model/redundancy/survival-grade.js';
import { survivalRecord } from '../../model/redundancy/survival-record.js';
import { lossTitles, missingText, outcomeText, percentText, unitText } from '../../model/redundancy/survival-text.js';
import { countOf } from '../../model/text/count-of.js';
import { formatLocal } from '../../render/look/local-time.js';
import { readSurvivals } from '../../render/redundancy/read-survivals.js';
import { inSlices } from '../data/time-slice.js';
import type { Page, Visit } from '../frame/page-frame.js';
import { archivePath } from '../pages/figure.js';
import { type RouteRequest, route } from '../routes/route.js';
import type { Site } from '../site.js';

type SurviveSite = Pick<Site, 'source' | 'known' | 'policy' | 'director' | 'collecting'>;

/** The services, those that survive least first; others are answered meanwhile. */
async function survivalsOf({ source, known, policy, director }: SurviveSite): Promise<readonly ServiceSurvival[]> {
  const all: ServiceSurvival[] = [];
  const facts = { known: await known(), policy: policy().policy, director };
  for await (const service of inSlices(readSurvivals(source, facts))) all.push(service);
  return weakestFirst(all);
}

/** The page. */
export async function survivePage(site: Site, { catalogue }: Visit): Promise<Page> {
  const services = await survivalsOf(site);
  const { policy } = site.policy();
  const { timeZone } = site.looks();
  const { lastS } = site.collecting();
  const partners = partnersOf(policy.groups, site.director);
  return {
    template: 'survive',
    path: 'survive',
    title: 'Redundancy',
    content: {
      verdict: verdictOf(services),
      grade: worstGrade(services.map(gradeOf)),
      lookedAt: lastS === null ? '' : formatLocal(timeZone, lastS).slice(0, 16),
      titles: lossLevels.map((level) => lossTitles[level]),
      rows: services.map((one) => ({
        ...rowOf(one),
        href: catalogue.byName.has(one.service) ? `${site.basePath}/${archivePath(one.service)}` : '',
      })),
      allowed: percentText(policy.thresholds.spare),
      hasTopology: policy.topology.hosts.length > 0,
      partners: partners.join(', '),
    },
  };
}

function verdictOf(services: readonly ServiceSurvival[]): string {
  const bad = services.filter((one) => gradeOf(one) !== 'ok').length;
  if (bad === 0) return `${countOf(services.length, 'service survives', 'services survive')} what they have to`;
  return `${bad} of ${countOf(services.length, 'service')} would not survive a loss that they must survive`;
}

function rowOf(one: ServiceSurvival) {
  return {
    name: archiveText(one.service),
    servers: one.standings.length,
    required: one.required === null ? '' : lossTitles[one.required],
    cells: lossLevels.map((level) => cellOf(one.survivals[level])),
    missing: missingText(one),
  };
}

function cellOf(survival: Survival) {
  const { outcome, worst } = survival;
  return { outcome, text: outcomeText(survival), title: worst === null ? '' : `worst: ${unitText(survival)}` };
}

/** A number for a policy that is in force, which changes with it. */
const versions = new WeakMap<Policy, number>();
let newest = 0;

function versionOf(policy: Policy): number {
  const known = versions.get(policy);
  if (known !== undefined) return known;
  newest += 1;
  versions.set(policy, newest);
  return newest;
}

/** `survive`: the same for programs. */
export const surviveRoute = route({
  path: '/survive',
  parse: ({ sources }: RouteRequest<{ readonly site: SurviveSite }>) => sources.site,
  key: ({ policy }) => ['survive', versionOf(policy().policy)],
  rows: async (site) => ({ services: await survivalsOf(site), site }),
  json: ({ services, site: { policy, director, collecting } }) => ({
    small: {
      time: collecting().lastS,
      status: worstGrade(services.map(gradeOf)),
      topology: policy().policy.topology.hosts.length > 0,
      partners: partnersOf(policy().policy.groups, director),
      allowed: policy().policy.thresholds.spare,
      services: services.map(survivalRecord),
    },
  }),
});
