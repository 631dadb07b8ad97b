// Chooses the services of a view, and their order.

import { nameMatcher } from '../../model/names/match-name.js';
import { resolveName } from '../../model/names/parse-name.js';
import { UserError } from '../../model/user-error.js';
import { type Board, busynessOf, weeklyGrowth } from '../data/board.js';
import type { NamedArchive, ServiceEntry } from '../data/catalogue.js';
import type { View } from '../view.js';

/** The services of a view, in its order; `matching` is their number before the view's limit. */
export interface Choice {
  readonly services: readonly ServiceEntry[];
  readonly matching: number;
}

/** Chooses services. */
export function choose(
  services: readonly ServiceEntry[],
  board: Board,
  { search, sort, top, graphType }: Pick<View, 'search' | 'sort' | 'top' | 'graphType'>,
): Choice {
  const isWanted = matcher(search);
  const matching = services.filter((service) => isWanted(service));
  const rank = (service: ServiceEntry): number => {
    const figures = board.of(service.info.name);
    const value = sort === 'growing' ? weeklyGrowth(figures, graphType) : busynessOf(figures?.day, graphType);
    // Unknown values come last.
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  };
  const ranked =
    sort === 'name'
      ? matching
      : matching
          .map((service) => ({ service, rank: rank(service) }))
          // Names break ties: the catalogue is in their order, and sorting is stable.
          .sort((a, b) => (a.rank === b.rank ? 0 : b.rank - a.rank))
          .map(({ service }) => service);
  return { services: top === 'all' ? ranked : ranked.slice(0, Number(top)), matching: matching.length };
}

/** Does an archive match all words of a search: part of its name, address, port, host names or protocol, or a glob? */
export function matcher(search: string): (named: NamedArchive) => boolean {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(wordMatcher);
  return (named) => words.every((isMatch) => isMatch(named));
}

function wordMatcher(word: string): (named: NamedArchive) => boolean {
  if (/[*?{]/.test(word)) {
    const isMatch = nameMatcher(word);
    return ({ info, hosts }) =>
      isMatch(
        info.name,
        hosts.map((host) => host.toLowerCase()),
      );
  }
  if (word === 'gone' || word === 'live') return ({ info }) => (info.goneS === null) === (word === 'live');
  const written = meant(word);
  return ({ info, endpoint, protocol, hosts }) =>
    info.name === written ||
    [info.name, endpoint, protocol, ...hosts].some((text) => text.toLowerCase().includes(word));
}

/** The name that a word means, if people write one that way; null otherwise. */
function meant(word: string): string | null {
  try {
    return resolveName(word);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
