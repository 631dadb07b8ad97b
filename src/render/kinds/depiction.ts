// A depiction: how a kind of archive (src/model/kinds) is shown: its heading, its graphs, its words.

import type { AnyAbout, AnyParts } from '../../model/kinds/kind.js';
import type { GraphType, TogetherType } from '../define/graph-request.js';

/** One fact: its name and its value. */
export type Fact = readonly [name: string, value: string];

/** How archives of one kind are shown; `A` and `P` are those of the kind. */
export interface Depiction<A extends AnyAbout = AnyAbout, P extends AnyParts = AnyParts> {
  /** Words of a heading: `192.0.2.1:80` and `TCP`. */
  namesOf(parts: P): { readonly endpoint: string; readonly protocol: string };
  /** Legends show its own name alone; its parent is obvious. */
  readonly isShortInLegends?: true;
  /** In display order. */
  graphTypes(about: A): readonly GraphType[];
  /** Its pictures of several archives together. */
  readonly togetherTypes: readonly TogetherType[];
  /** Combined pictures, of another archive, that include it. */
  readonly partOf: 'services' | 'processors' | 'real servers' | null;
  /** Facts at the top of its page. */
  factsOf(about: A): readonly Fact[];
  /** A state that must not be overlooked; '' if all is well. */
  stateOf?(about: A): string;
}
