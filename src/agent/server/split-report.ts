// Splits a report into the parts that a server takes: each is a report of the same round, of at most 32 kB. Verdicts on peers come first, then
// results, imports with their names, and connections, the most first: what exceeds the most parts is dropped from the end.

import { type AgentReport, mostParts, mostReportBytes } from '../../model/links/report.js';

/** The texts of the parts, and how many of its entries did not fit. */
export interface SplitReport {
  readonly parts: readonly string[];
  readonly dropped: number;
}

const lists = ['peers', 'results', 'imports', 'names', 'connections'] as const;
type ListName = (typeof lists)[number];

/** Splits a report without `part`. */
export function splitReport(report: AgentReport): SplitReport {
  const entries = lists.flatMap((list) => (report[list] ?? []).map((entry) => ({ list, text: JSON.stringify(entry) })));
  const headBytes = Buffer.byteLength(partText(report, [], mostParts));
  const parts: Entry[][] = [[]];
  let bytes = headBytes;
  let taken = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.text) + 1;
    if (bytes + size > mostReportBytes) {
      if (parts.length === mostParts) break;
      parts.push([]);
      bytes = headBytes;
    }
    parts.at(-1)?.push(entry);
    bytes += size;
    taken += 1;
  }
  const isOne = parts.length === 1;
  return {
    parts: parts.map((part, number) => partText(report, part, isOne ? null : number)),
    dropped: entries.length - taken,
  };
}

interface Entry {
  readonly list: ListName;
  readonly text: string;
}

function partText(report: AgentReport, entries: readonly Entry[], part: number | null): string {
  const { round, about } = report;
  const textOf = (list: ListName): string =>
    `"${list}":[${entries
      .filter((entry) => entry.list === list)
      .map(({ text }) => text)
      .join(',')}]`;
  const named = lists.filter((list) => report[list] !== undefined);
  const number = part === null ? '' : `,"part":${part}`;
  return `{"round":${round}${number},"about":${JSON.stringify(about)},${named.map(textOf).join(',')}}`;
}
