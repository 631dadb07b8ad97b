// One thing the doctor looked at: how it stands, what was found, and what to do about it. A check only looks: it loads no
// module, changes no setting, writes no file.

/** How a check came out; a `problem` keeps the program from its job, a `warning` may come to that. */
export type CheckState = 'ok' | 'warning' | 'problem';

/** The outcome of one check; `remedy` has a step a line, null where there is nothing to do. */
export interface Check {
  readonly name: string;
  readonly state: CheckState;
  readonly finding: string;
  readonly remedy: string | null;
}

/** A check with nothing to do. */
export function fine(name: string, finding: string): Check {
  return { name, state: 'ok', finding, remedy: null };
}

/** A check that keeps the program from its job. */
export function problem(name: string, finding: string, remedy: string | null): Check {
  return { name, state: 'problem', finding, remedy };
}

/** A check that may come to a problem, or could not be made. */
export function warning(name: string, finding: string, remedy: string | null): Check {
  return { name, state: 'warning', finding, remedy };
}
