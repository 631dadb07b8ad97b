// The links of an agent, with values for the newest row, and the addresses of their pages.

import { parseTarget } from '../../model/links/target.js';
import { agentArchive, linkArchive } from '../../model/names/link-name.js';
import { pathOfName } from '../../model/names/name.js';
import { formatLocal } from '../../render/look/local-time.js';
import { formatFigure } from '../../render/look/si-format.js';
import type { Figures } from '../data/board.js';
import type { Catalogue, NamedArchive } from '../data/catalogue.js';

/** One link on the page of its agent. */
export interface LinkMemberRow {
  readonly href: string;
  readonly endpoint: string;
  readonly hosts: string;
  /** Round-trip time, ms, and lost probes, percent, as of the newest row. */
  readonly rtt: string;
  readonly loss: string;
  readonly state: string;
  readonly isGone: boolean;
  readonly isCurrent: boolean;
}

/** The row of a link, without its address. */
export function linkMemberRow(
  { info, endpoint, hosts }: NamedArchive,
  figures: Figures | undefined,
  timeZone: string,
): LinkMemberRow {
  const { goneS } = info;
  const newest = (dataSource: string): number => figures?.now.get(dataSource) ?? Number.NaN;
  const loss = newest('Loss');
  return {
    href: '',
    endpoint,
    hosts: hosts.join(', '),
    rtt: formatFigure(newest('RTT')),
    loss: formatFigure(loss),
    state: goneS === null ? (loss === 100 ? 'no answer' : '') : `gone since ${formatLocal(timeZone, goneS)}`,
    isGone: goneS !== null,
    isCurrent: false,
  };
}

/** The address of the page of an agent; null if it has none yet. */
export function agentHref({ byName }: Pick<Catalogue, 'byName'>, basePath: string, agent: string): string | null {
  return hrefIfKnown(byName, basePath, agentArchive(agent));
}

/** The address of the page of a link; null if it has none. */
export function linkHref(
  { byName }: Pick<Catalogue, 'byName'>,
  basePath: string,
  link: { readonly agent: string; readonly to: string },
): string | null {
  const to = parseTarget(link.to);
  return to === null ? null : hrefIfKnown(byName, basePath, linkArchive({ agent: link.agent, to }));
}

function hrefIfKnown(byName: Catalogue['byName'], basePath: string, archive: string): string | null {
  return byName.has(archive) ? `${basePath}/service/${pathOfName(archive)}` : null;
}
