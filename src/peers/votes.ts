// Weighs the answers of the members that were asked about a target: it is confirmed if one of them agrees and no majority disagrees.

/** An observation of a target, by an agent that has probed it. */
export type Outcome =
  /** It answered, if only to refuse (a password is missing). */
  | 'alive'
  /** Its host refused the connection. */
  | 'closed'
  /** Something else answered. */
  | 'wrong'
  /** No answer in time. */
  | 'silent'
  /** The agent could not probe it: this says nothing. */
  | 'unknown';

/** The result of the answers; null while it depends on those that are missing. */
export type Decision = 'confirmed' | 'outvoted' | 'unconfirmed';

/** An outcome that speaks against a target. */
export type BadOutcome = Exclude<Outcome, 'alive' | 'unknown'>;

/** Whether an outcome speaks against a target. */
export function isBad(outcome: Outcome): outcome is BadOutcome {
  return outcome === 'closed' || outcome === 'wrong' || outcome === 'silent';
}

/** Whether an outcome shows that the host answers. */
export function showsHost(outcome: Outcome): boolean {
  return outcome === 'alive' || outcome === 'closed' || outcome === 'wrong';
}

/** Weighs answers of `asked` members; after the deadline missing ones count for neither side. */
export function weigh(asked: number, answers: readonly Outcome[], isOver: boolean): Decision | null {
  const agreeing = answers.filter(isBad).length;
  const disagreeing = answers.filter((one) => one === 'alive').length;
  const missing = isOver ? 0 : asked - answers.length;
  if (disagreeing * 2 > asked) return 'outvoted';
  if (agreeing > 0 && (disagreeing + missing) * 2 <= asked) return 'confirmed';
  return missing > 0 ? null : 'unconfirmed';
}
