// Parses the list of links from a server: JSON from another machine, of which nothing is trusted.

import { mostDirectorLinks } from '../../model/links/report.js';
import { type LinkTarget, parseTarget } from '../../model/links/target.js';
import type { RoundTiming } from '../timing.js';

/** The links to watch; `problem` says what keeps the list from being followed as it is, null if nothing does. */
export interface ParsedList {
  readonly targets: readonly LinkTarget[];
  readonly problem: string | null;
}

/** Parses a `LinkList`; null if the text is none. */
export function parseLinkList(text: string, timing: RoundTiming): ParsedList | null {
  const list = objectOf(text);
  const links = list?.['links'];
  if (list === null || !Array.isArray(links)) return null;
  const targets = links.slice(0, mostDirectorLinks).map((link: unknown) => {
    const to = typeof link === 'object' && link !== null && 'to' in link ? link.to : null;
    return typeof to === 'string' ? parseTarget(to) : null;
  });
  const good = targets.filter((one) => one !== null);
  return { targets: good, problem: problemOf(list, { timing, refused: links.length - good.length }) };
}

function problemOf(
  list: Readonly<Record<string, unknown>>,
  { timing, refused }: { readonly timing: RoundTiming; readonly refused: number },
): string | null {
  const [everyS, phaseS] = [list['everyS'], list['phaseS']];
  if (everyS !== timing.lengthS || phaseS !== timing.phaseS) {
    return `its rounds last ${String(everyS)} s and begin at second ${String(phaseS)}, this agent's ${timing.lengthS} s at ${timing.phaseS}: use the same version of lvs-stats on both`;
  }
  return refused === 0
    ? null
    : `${refused} of its links are not understood, or too many: use the same version of lvs-stats on both`;
}

function objectOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}
