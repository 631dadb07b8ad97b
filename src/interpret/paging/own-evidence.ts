// Places that somebody reports as dead, who knows it otherwise than from the table: the seam for links and agents.

import type { Finding } from '../../model/finding/finding.js';
import { pageIdentity } from '../../model/paging/page.js';
import type { Place } from '../../model/topology/place.js';
import { groupBy } from './place.js';

/**
 * A finding that is itself evidence of a wider cause, such as a host that no link reaches. Whoever reports it says where that is; the place of
 * a rack has no host.
 */
export type OwnEvidence =
  | { readonly level: 'dc'; readonly place: { readonly dc: string }; readonly finding: Finding }
  | {
      readonly level: 'rack';
      readonly place: { readonly rack: string; readonly dc: string | null };
      readonly finding: Finding;
    }
  | { readonly level: 'host'; readonly place: Place; readonly finding: Finding };

/** The identity of the cause that is reported. */
export function identityOf(own: OwnEvidence): string {
  if (own.level === 'dc') return pageIdentity('dc', own.place.dc);
  return own.level === 'rack' ? pageIdentity('rack', own.place.rack) : pageIdentity('host', own.place.host);
}

/** The findings that report the place of a real server, or a wider one. */
export function ownByPlace(own: readonly OwnEvidence[]): (place: Place) => readonly Finding[] {
  if (own.length === 0) return () => [];
  const known = groupBy(own, identityOf);
  return ({ dc, rack, host }) =>
    [pageIdentity('dc', dc ?? ''), pageIdentity('rack', rack ?? ''), pageIdentity('host', host)].flatMap(
      (identity) => known.get(identity)?.map(({ finding }) => finding) ?? [],
    );
}
