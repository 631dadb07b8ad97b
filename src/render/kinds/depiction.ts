// A depiction: how a kind of archive (src/model/kinds) is shown: its heading, its graphs, the words beside them.

import type { AnyAbout, AnyParts } from '../../model/kinds/kind.js';
import type { GraphType, TogetherType } from '../define/graph-request.js';

/** One fact: its name and its value. */
export type Fact = readonly [name: string, value: string];

/** How archives of one kind are shown; `A` and `P` are those of the kind. */
export interface Depiction<A extends AnyAbout = AnyAbout, P extends AnyParts = AnyParts> {
  /** Words of a heading: `192.0.2.1:80` and `TCP`. */
  namesOf(parts: P): { readonly endpoint: string; readonly protocol: string };
  /** Legends show its own name alone: what it belongs to goes without saying. */
  readonly isShortInLegends?: true;
  /** In the order they are shown. */
  graphTypes(about: A): readonly GraphType[];
  /** Pictures of several archives together that it has. */
  readonly togetherTypes: readonly TogetherType[];
  /** Pictures together, of something else, that it is a part of. */
  readonly partOf: 'services' | 'processors' | 'real servers' | null;
  /** Facts that its page lists first. */
  factsOf(about: A): readonly Fact[];
  /** A state that must not be overlooked; '' where all is well. */
  stateOf?(about: A): string;
}
