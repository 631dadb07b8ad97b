// Selectors of the series of a director, in PromQL.

import { randomUUID } from 'node:crypto';

/** The matchers of a selector by label; a pattern matches a whole value, as RE2 does. */
export type Matchers = Readonly<Record<string, string | { readonly pattern: string }>>;

/** Characters of names in a query; VictoriaMetrics takes 16 kB (-search.maxQueryLen). */
const mostNamesLength = 8000;

/**
 * A selector. No series has the label `asked`: it makes each question another one, because VictoriaMetrics answers the same question from a cache, without
 * series that are newer than ten seconds (mergeset.Table.flushCallback), `nocache` or not.
 */
export function selector(matchers: Matchers): string {
  const own = Object.entries(matchers).map(([label, value]) =>
    typeof value === 'string' ? `${label}=${quoted(value)}` : `${label}=~${quoted(value.pattern)}`,
  );
  return `{${[...own, `asked!=${quoted(randomUUID())}`].join(',')}}`;
}

/** Patterns that match some names together, each so short that a query may have it in some selectors. */
export function patternsOf(names: Iterable<string>, selectors = 1): readonly string[] {
  const mostLength = mostNamesLength / selectors;
  const patterns: string[] = [];
  for (const name of names) {
    const own = escapedPattern(name);
    const last = patterns.at(-1);
    if (last === undefined || last.length + own.length >= mostLength) patterns.push(own);
    else patterns[patterns.length - 1] = `${last}|${own}`;
  }
  return patterns;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function escapedPattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
