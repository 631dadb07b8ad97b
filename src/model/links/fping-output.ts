// Parses the results of `fping -q -C N`, which fping prints on standard error: an address and its round-trip times in milliseconds, `-` for a
// ping that was lost. fping(8).
//
//   127.0.0.1   : 0.107 0.055 0.044
//   10.1.2.3    : 0.720 - 0.375
//   2001:db8::1 : - - -

/** Round-trip times in the order of sending, ms; null for one that was lost. */
export type ProbeTimes = readonly (number | null)[];

const result = /^(\S+)\s+: ((?:-|\d+(?:\.\d+)?)(?: (?:-|\d+(?:\.\d+)?))*)\s*$/;

/** The times by address. Other lines are messages about single packets, and are skipped. */
export function parseFping(text: string): ReadonlyMap<string, ProbeTimes> {
  const results = text.split('\n').map(parseFpingLine);
  return new Map(results.flatMap((own) => (own === null ? [] : [[own.address, own.times] as const])));
}

/** The result in a line; null if the line is none. */
export function parseFpingLine(line: string): { readonly address: string; readonly times: ProbeTimes } | null {
  const [, address, times] = result.exec(line) ?? [];
  if (address === undefined || times === undefined) return null;
  return { address, times: times.split(' ').map((word) => (word === '-' ? null : Number(word))) };
}
