// Whether agents reach the real servers of a service, for its page: those that are lost, from where and since when, and how many the others are.

import { type Reach, reachOf } from '../../model/links/reach.js';
import { nameWithin, parseRealServerName } from '../../model/names/name.js';
import { countOf } from '../../model/text/count-of.js';
import type { Fact } from '../../render/kinds/depiction.js';
import { formatLocal } from '../../render/look/local-time.js';
import { isOfTable, type NamedArchive } from '../data/catalogue.js';
import type { Site } from '../site.js';

/** A real server that agents have lost. */
export interface ReachRow {
  /** `10.0.0.5 (web05)`. */
  readonly server: string;
  /** `lost from lb1, lb2 (silent)`. */
  readonly text: string;
  readonly since: string;
}

/** The part of a page about links. */
export interface ReachContent {
  readonly rows: readonly ReachRow[];
  /** Lost real servers beyond those in the rows. */
  readonly more: number;
  /** A fact; none where no agents report. */
  readonly facts: readonly Fact[];
}

/** Real servers in rows, agents of a row, and addresses of the fact. */
const mostRows = 20;
const mostAgents = 5;
const mostUnwatched = 5;

const nothing: ReachContent = { rows: [], more: 0, facts: [] };

/** The reports of agents about real servers, which may have left; nothing where no agents report to this server. */
export function reachContent(
  { linksToward = null, policy, looks }: Pick<Site, 'linksToward' | 'policy' | 'looks'>,
  servers: readonly NamedArchive[],
): ReachContent {
  const present = servers.filter((one) => isOfTable(one) && one.info.goneS === null);
  if (linksToward === null || present.length === 0) return nothing;
  const hosts = new Map(present.flatMap((one) => addressesOf(one).map((address) => [address, one.hosts[0]] as const)));
  const { timeZone } = looks();
  const reached = reachOf([...hosts.keys()], { linksToward, topology: policy().policy.topology });
  const lost = reached.filter((own) => own.lost.length > 0);
  return {
    rows: lost.slice(0, mostRows).map((own) => rowOf(own, { name: hosts.get(own.address), timeZone })),
    more: Math.max(0, lost.length - mostRows),
    facts: [['links', factText(reached)]],
  };
}

function addressesOf({ info }: NamedArchive): readonly string[] {
  const address = parseRealServerName(nameWithin(info.name))?.address;
  return address === undefined ? [] : [address];
}

function rowOf(
  { address, host, lost, reaching }: Reach,
  { name, timeZone }: { readonly name: string | undefined; readonly timeZone: string },
): ReachRow {
  const shown = name ?? host;
  const agents = lost.slice(0, mostAgents).map(({ agent, to, isSilent }) => {
    const remarks = [...(to === address ? [] : [`to ${to}`]), ...(isSilent ? ['silent'] : [])];
    return remarks.length === 0 ? agent : `${agent} (${remarks.join(', ')})`;
  });
  const others = lost.length - agents.length;
  const from = `${agents.join(', ')}${others > 0 ? ` and ${countOf(others, 'other')}` : ''}`;
  const well = reaching === 0 ? '' : `; ${countOf(reaching, 'agent')} ${reaching === 1 ? 'reaches' : 'reach'} it`;
  return {
    server: shown === null ? address : `${address} (${shown})`,
    text: `lost from ${from}${well}`,
    since: formatLocal(timeZone, Math.min(...lost.map(({ sinceS }) => sinceS))).slice(0, 16),
  };
}

/** "6 of 8 real servers answer all agents that watch them; 1 lost; not watched: 10.0.0.7". */
function factText(reached: readonly Reach[]): string {
  const [one, ...more] = reached;
  if (one !== undefined && more.length === 0) return ownText(one);
  const lost = reached.filter((own) => own.lost.length > 0).length;
  const unwatched = reached.filter((own) => own.lost.length === 0 && own.reaching === 0);
  if (unwatched.length === reached.length) return 'not watched: no agent reports links to them';
  const well = reached.length - lost - unwatched.length;
  const others = unwatched.length - mostUnwatched;
  const named = unwatched.slice(0, mostUnwatched).map(({ address }) => address);
  return [
    `${well} of ${countOf(reached.length, 'real server')} ${well === 1 ? 'answers' : 'answer'} all agents that watch ${well === 1 ? 'it' : 'them'}`,
    ...(lost > 0 ? [`${lost} lost`] : []),
    ...(named.length > 0
      ? [`not watched: ${named.join(', ')}${others > 0 ? ` and ${countOf(others, 'other')}` : ''}`]
      : []),
  ].join('; ');
}

function ownText({ lost, reaching }: Reach): string {
  if (lost.length > 0) return `lost from ${countOf(lost.length, 'agent')}, reached from ${reaching}`;
  return reaching === 0 ? 'not watched: no agent reports links to it' : `reached from ${countOf(reaching, 'agent')}`;
}
