// The stacks of a service's real servers: read, summed up, and compared with what the scheduler promises.

import type { About, ArchiveInfo } from '../../model/archive.js';
import { nameWithin } from '../../model/names/name.js';
import type { SeriesSource } from '../../model/series.js';
import { type DealtQuantity, dealtBy, isByWeight } from '../../model/service/promise.js';
import { type ServiceSetup, setupsOf } from '../../model/service/service-setup.js';
import { readCapacities } from '../capacity/read-capacities.js';
import {
  type ShareType,
  type Span,
  type StackMember,
  type StackType,
  shareStacks,
  shareTypes,
} from '../define/graph-request.js';
import { shortName } from '../define/heading.js';
import { type HostNames, hostsOf } from '../look/host-names.js';
import { formatLocal } from '../look/local-time.js';
import { readStackAnnotations } from '../series/annotations.js';
import { fairShares, type Imbalance, imbalanceOf } from '../series/fair-share.js';
import { type Fair, type Stack, stacksOf } from '../series/stack-parts.js';
import { emptySums, type StackSums, withMember } from '../series/stack-sums.js';
import { wholePeak } from '../series/whole-peak.js';
import { readWholeMax } from './content/graph-jobs.js';
import { archiveSubject, frame, isInSpan, type Looks, type SpanRows, type SpanSet } from './content/span-set.js';
import { inGroups, stackMembers } from './content/stack-jobs.js';
import { picturePath } from './picture-file.js';
import type { PictureJob } from './picture-job.js';

/** The stacks of a service's real servers. */
export type ServiceStacks = Readonly<Record<ShareType, Stack>>;

/** A service, and the wanted rows of its real servers. */
export interface ServiceStacksRequest {
  readonly service: ArchiveInfo;
  /** All of its present and former ones. */
  readonly realServers: readonly ArchiveInfo[];
  readonly set: SpanRows;
  readonly hosts: HostNames;
  readonly timeZone: string;
}

/** The stack that shows what schedulers distribute. */
const dealtIn: Readonly<Partial<Record<StackType, DealtQuantity>>> = { cps: 'Conns', active: 'ActiveConn' };

/** Reads the stacks of a service's real servers. */
export async function readServiceStacks(source: SeriesSource, wanted: ServiceStacksRequest): Promise<ServiceStacks> {
  const { service, realServers, set, hosts } = wanted;
  const { span } = set;
  let sums: readonly StackSums[] = shareTypes.map((type) => emptySums(shareStacks[type], set));
  const members: StackMember[] = [];
  const aboutOf = new Map(realServers.map(({ name, about }) => [name, about]));
  const present = realServers.filter((one) => isInSpan(one, span));
  for (const archives of inGroups(present, set)) {
    for (const own of await stackMembers(source, { archives, set, hosts })) {
      const member = withAbout(own, aboutOf.get(own.name));
      members.push(member);
      sums = withMember(sums, member, span);
    }
  }
  const events = await source.events({ archive: service.name });
  const setups = setupsOf({ service, realServers, events });
  const max = await readWholeMax(source, service.name, set);
  const stacks = stacksOf(sums, 'real servers').map((stack, i): Stack => {
    const type = sums[i]?.type;
    if (type === undefined) return stack;
    const fair = fairOf(stack, type, { setups, members, ...wanted });
    return { ...stack, fair, peak: wholePeak(max, type, span) };
  });
  return Object.fromEntries(shareTypes.map((type, i) => [type, stacks[i]])) as Readonly<Record<ShareType, Stack>>;
}

/** The pictures to draw of a service's real servers. */
export interface ShareJobs extends Pick<ServiceStacksRequest, 'service' | 'realServers'> {
  readonly set: SpanSet;
  readonly looks: Looks;
  readonly types: readonly ShareType[];
}

/** Reads the stacks of a service's real servers, and returns the jobs for the wanted types. */
export async function shareJobs(source: SeriesSource, { set, looks, types, ...of }: ShareJobs): Promise<PictureJob[]> {
  if (types.length === 0 || of.realServers.length === 0) return [];
  const stacks = await readServiceStacks(source, { ...of, set, ...looks });
  const { name } = of.service;
  const annotations = await readStackAnnotations(source, of.service, set);
  const { hosts, capacity } = looks;
  const stackTypes = types.map((type) => shareStacks[type]);
  const capacities = await readCapacities(source, {
    archive: of.service,
    hosts: hostsOf(name, hosts),
    capacity,
    types: stackTypes,
  });
  const shared = { ...frame(set, looks), ...annotations, capacities, subject: archiveSubject(of.service, looks.hosts) };
  return types.map((type) => ({
    path: picturePath(set.folder, name, type),
    dataS: set.span.endS,
    graph: { kind: 'stack', request: { ...shared, type: shareStacks[type], stack: stacks[type] } },
  }));
}

/** Its forwarding and weight precede its host names. */
function withAbout(member: StackMember, about: About | undefined): StackMember {
  if (about?.kind !== 'real-server') return member;
  return { ...member, hostNames: [`${about.forwarding} w${about.weight}`, ...member.hostNames] };
}

interface ServiceStacksSetup extends ServiceStacksRequest {
  readonly setups: readonly ServiceSetup[];
  readonly members: readonly StackMember[];
}

function fairOf(
  stack: Stack,
  type: StackType,
  { setups, members, realServers, set: { span }, timeZone }: ServiceStacksSetup,
): Fair | null {
  const dealt = dealtIn[type];
  const shown = setups.filter(({ startS, endS }) => endS > span.startS && startS < span.endS);
  const isPromised = (setup: ServiceSetup): boolean => dealt !== undefined && dealtBy(setup) === dealt;
  const promised = shown.filter(isPromised);
  if (promised.length === 0) return null;
  const stretches = promised
    .flatMap((setup) => onceThere(setup, realServers))
    .filter(({ endS }) => endS > span.startS)
    .map((setup) => ({ ...clipToSpan(setup, span), shares: sharesOfParts(stack, fairShares(setup)) }));
  const [setup] = shown;
  if (setup === undefined || !isPromised(setup)) return { inForce: null, stretches, sentence: '' };
  const imbalance = imbalanceOf(members, { setup, span });
  return {
    inForce: { isByWeight: isByWeight(setup), shares: stretches[0]?.shares ?? [] },
    stretches,
    sentence: imbalance === null ? '' : formatImbalance(imbalance, isByWeight(setup), { span, timeZone }),
  };
}

/** A set-up without the real servers that did not exist yet, newest first: an older ledger may lack when they were added. */
function onceThere(setup: ServiceSetup, realServers: readonly ArchiveInfo[]): readonly ServiceSetup[] {
  const { startS, endS, weights } = setup;
  const dealtTo = realServers.filter(({ name }) => weights.has(nameWithin(name)));
  const comesS = Math.max(startS, ...dealtTo.map(({ firstS }) => firstS).filter((firstS) => firstS < endS));
  if (comesS === startS) return [setup];
  const earlier = new Map(weights);
  for (const { name, firstS } of dealtTo) if (firstS >= comesS) earlier.delete(nameWithin(name));
  return [{ ...setup, startS: comesS }, ...onceThere({ ...setup, endS: comesS, weights: earlier }, realServers)];
}

/** JSON has no infinity, so an infinite end is limited. */
function clipToSpan({ startS, endS }: ServiceSetup, span: Span): { startS: number; endS: number } {
  return { startS: Math.max(startS, span.startS), endS: Math.min(endS, span.endS) };
}

/** "Others" are promised the rest of the whole. */
function sharesOfParts({ parts }: Stack, shares: ReadonlyMap<string, number>): number[] {
  const named = parts.map(({ archive }) => (archive === null ? Number.NaN : (shares.get(nameWithin(archive)) ?? 0)));
  const sum = named.reduce((total, share) => total + (share || 0), 0);
  return named.map((share, i) => (parts[i]?.archive === null ? Math.max(0, 1 - sum) : share));
}

const whatIsDealt: Readonly<Record<DealtQuantity, string>> = {
  Conns: 'new connections',
  ActiveConn: 'active connections',
};

function formatImbalance(
  { name, dealt, share, fairShare, sinceS }: Imbalance,
  byWeight: boolean,
  { span, timeZone }: { readonly span: Span; readonly timeZone: string },
): string {
  const percent = (part: number): string => `${(100 * part).toFixed(part < 0.0995 ? 1 : 0)} %`;
  const promised = `${byWeight ? 'weight share' : 'even share'} ${percent(fairShare)}`;
  const [day = '', time = '', ...zone] = formatLocal(timeZone, sinceS).split(' ');
  const isToday = span.endS - sinceS < 20 * 3600;
  const since =
    sinceS <= span.startS
      ? `throughout these ${span.label}`
      : `since ${isToday ? time : [day, time, ...zone].join(' ')}`;
  return `${shortName(name)} takes ${percent(share)} of ${whatIsDealt[dealt]}, ${promised}, ${since}`;
}
