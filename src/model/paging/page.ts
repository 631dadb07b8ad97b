// A page: an alert that wakes somebody. It is about a cause, and lists the findings that follow from it. Its identity has no director's name
// and no time, so that two viewers of the same services alert once.

import type { Severity } from '../finding/finding.js';

/** The levels of causes, the widest first; `alone` is a finding that is no sign of a wider cause. */
export const pageLevels = ['dc', 'rack', 'host', 'service', 'server', 'alone'] as const;

/** The level of a cause. */
export type PageLevel = (typeof pageLevels)[number];

/** A finding that is listed under a page. */
export interface PageAlert {
  /** The id of the finding. */
  readonly id: string;
  readonly severity: Severity;
  readonly sinceS: number;
  /** The sentence with its subject. */
  readonly text: string;
}

/** A page. */
export interface Page {
  /** Its identity with the time when the cause was recognised: the same until it is resolved. */
  readonly id: string;
  /** `rack/tx/r01`, `host/web01`, `service/192.0.2.1_80`. */
  readonly identity: string;
  readonly level: PageLevel;
  readonly sinceS: number;
  readonly severity: Severity;
  readonly title: string;
  /** The extent: names of hosts, and numbers of real servers and services. */
  readonly hosts: readonly string[];
  readonly servers: number;
  readonly services: number;
  /** The findings that follow from the cause, worst first. */
  readonly alerts: readonly PageAlert[];
}

/** A message about a page. `folded`: it turned out to be part of the page `into`, which goes out before. */
export type Delivery =
  | { readonly kind: 'page' | 'update' | 'resolved'; readonly page: Page }
  | { readonly kind: 'folded'; readonly page: Page; readonly into: string };

/** A page as known between steps; JSON keeps all of it. */
export interface KnownPage {
  readonly identity: string;
  readonly level: PageLevel;
  readonly sinceS: number;
  /** `held` until its wider causes can be excluded; `listed` under another page after it was out. */
  readonly stage: 'held' | 'out' | 'listed';
  /** Since when the cause itself is over while some of what it broke is not; null before. */
  readonly endingS: number | null;
  /** The page as it was delivered last, or would have been. */
  readonly page: Page;
  /** The archives of the real servers that its cause broke, with blanks between. */
  readonly servers: string;
  /** The id of the page under which it is listed; null unless it is. */
  readonly into: string | null;
}

/** The state of paging; JSON keeps all of it. */
export interface PagingState {
  readonly pages: readonly KnownPage[];
  /** The real servers that services had before something was wrong with them, by service: names within it, with blanks between. */
  readonly members: Readonly<Record<string, string>>;
}

/** The state before the first step. */
export const noPages: PagingState = { pages: [], members: {} };

/** The identity of a cause. */
export function pageIdentity(level: PageLevel, key: string): string {
  return `${level}/${key}`;
}
