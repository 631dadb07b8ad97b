// How services together survive what they have to: the grade for exit codes, and the order of lists.

import type { Grade } from '../finding/verdict.js';
import { judgedLoss, type LossOutcome, type ServiceSurvival } from './survival.js';

const grades: Readonly<Record<LossOutcome, Grade>> = {
  survives: 'ok',
  unknown: 'unknown',
  overloaded: 'warning',
  lost: 'critical',
};

/** From bad to good. */
const order: readonly Grade[] = ['critical', 'warning', 'unknown', 'ok'];

/** The grade of a service: how the loss ends by which it is judged. */
export function gradeOf(service: ServiceSurvival): Grade {
  return grades[judgedLoss(service).outcome];
}

/** The grade of an outcome. */
export function gradeOfOutcome(outcome: LossOutcome): Grade {
  return grades[outcome];
}

/** The worst of some grades; unknown where there are none. */
export function worstGrade(all: readonly Grade[]): Grade {
  return order.find((grade) => all.includes(grade)) ?? 'unknown';
}

/** Services, those that survive least first. */
export function weakestFirst(all: readonly ServiceSurvival[]): readonly ServiceSurvival[] {
  const rank = (one: ServiceSurvival): number => order.indexOf(gradeOf(one));
  return [...all].sort((a, b) => rank(a) - rank(b));
}
