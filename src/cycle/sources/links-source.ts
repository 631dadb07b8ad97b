// The source of agents and their links: what the server to which they report has counted.

import { linksJudge } from '../../interpret/links/judge-links.js';
import { type LinksReading, linksSource as name } from '../../model/links/counts.js';
import { type SourceResult, sourceOf } from './source.js';

/** The counts of the server that has the archives open. */
export interface LinkOptions {
  /** Null, or missing, if no agents report to it. */
  readonly links?: LinksReading | null;
}

/** The source. */
export const linksSource = sourceOf({ name, judge: linksJudge, isBeside: true }, ({ links = null }: LinkOptions) =>
  links === null
    ? null
    : async (): Promise<SourceResult<LinksReading>> => ({ read: links, notes: [], moment: null, record: null }),
);
