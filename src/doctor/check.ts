// One check of the doctor: its state, its finding, and the remedy. A check only looks: it loads no module, changes no setting, writes no
// file.

/** The outcome of a check: a `problem` keeps the program from its job, a `warning` may become one. */
export type CheckState = 'ok' | 'warning' | 'problem';

/** The result of one check; `remedy` has one step per line, null when there is nothing to do. */
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

/** A check that may become a problem, or could not be made. */
export function warning(name: string, finding: string, remedy: string | null): Check {
  return { name, state: 'warning', finding, remedy };
}
