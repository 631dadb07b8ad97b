// The findings in the logs of a pool's agents (agent/pool/journal.ts): verdicts, their ends, and who judges.

/** A line of an agent's log, and when it was written, ms of `performance.now()`. */
export interface LoggedLine {
  readonly atMs: number;
  readonly agent: string;
  readonly text: string;
}

/** A verdict: `subject` is `n1 redis/6379`, or `n1` for the host. */
export interface LoggedVerdict extends Omit<LoggedLine, 'text'> {
  readonly subject: string;
}

const subject = String.raw`(?:^|\s)(n\d+(?: [a-z]+/\d+)?)`;
const verdict = new RegExp(`${subject} is (?:down|dead): `);
const end = new RegExp(`${subject} is (?:back after|no longer offered|unknown, since)`);
const cut = new RegExp(`${subject} is out of reach from here only: `);

/** The verdicts since a time. */
export function verdictsIn(log: readonly LoggedLine[], sinceMs: number): readonly LoggedVerdict[] {
  return found(log, verdict, sinceMs);
}

/** Targets that others reach, since a time. */
export function cutsIn(log: readonly LoggedLine[], sinceMs: number): readonly LoggedVerdict[] {
  return found(log, cut, sinceMs);
}

function found(log: readonly LoggedLine[], pattern: RegExp, sinceMs: number): readonly LoggedVerdict[] {
  return log.flatMap(({ atMs, agent, text }) => {
    const [, name] = pattern.exec(text) ?? [];
    return name === undefined || atMs < sinceMs ? [] : [{ atMs, agent, subject: name }];
  });
}

/** Verdicts in force, by agent. */
export function inForceIn(log: readonly LoggedLine[]): ReadonlyMap<string, ReadonlySet<string>> {
  const open = new Map<string, Set<string>>();
  for (const { agent, text } of log) {
    const own = open.get(agent) ?? new Set();
    open.set(agent, own);
    const [, begun] = verdict.exec(text) ?? [];
    const [, ended] = end.exec(text) ?? [];
    if (begun !== undefined) own.add(begun);
    if (ended !== undefined) own.delete(ended);
  }
  return open;
}

/** Agents whose newest word on it is that they reach a majority. */
export function judgesIn(log: readonly LoggedLine[]): ReadonlySet<string> {
  const judges = new Set<string>();
  for (const { agent, text } of log) {
    if (/reached \d+ of \d+ members? of the Serf pool: peers are judged/.test(text)) judges.add(agent);
    if (/reached only \d+ of \d+ members? of the Serf pool, which is no majority/.test(text)) judges.delete(agent);
  }
  return judges;
}
