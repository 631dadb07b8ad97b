// The entries that the newest cycle left out: in the bar of every page as a number, by name on the page of the director, and as JSON.

import type { Request, Response } from 'express';
import { isNotModified } from './conditional.js';
import type { LiveSources } from './live.js';
import type { Collecting, Site } from './site.js';

/** An entry that was left out, as the page lists it. */
export interface LeftOutRow {
  readonly entry: string;
  readonly text: string;
}

/** A list of them, and how many more there are. */
export interface LeftOutList {
  readonly rows: readonly LeftOutRow[];
  readonly more: number;
}

/** How many entries were left out. */
export function leftOutCount({ leftOut }: Pick<Collecting, 'leftOut'>): number {
  return leftOut?.count ?? 0;
}

/** The entries for a page. */
export function leftOutList(site: Pick<Site, 'collecting'>): LeftOutList {
  const { leftOut } = site.collecting();
  const rows = (leftOut?.entries ?? []).map(({ entry, text }) => ({ entry, text }));
  return { rows, more: (leftOut?.count ?? 0) - rows.length };
}

/** Answers `api/left-out`. */
export function answerLeftOut({ site }: Pick<LiveSources, 'site'>, request: Request, response: Response): void {
  const collecting = site.collecting();
  if (isNotModified(request, response, ['left-out', collecting])) return;
  const { leftOut, lastS } = collecting;
  response.json({ time: lastS, count: leftOutCount(collecting), entries: leftOut?.entries ?? [] });
}
