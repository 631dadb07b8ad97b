// Names a target: the one place where a verdict is made.

import type { Watch } from './state.js';
import { change, type Turn } from './turn.js';

/** Names a target. */
export function name(turn: Turn, watch: Watch): void {
  const { target, outcome, witnesses, sinceMs } = watch;
  change(turn, watch, { stage: 'named', ask: null, isReported: true });
  const verdict = { target, outcome, witnesses: [turn.policy.self, ...witnesses], sinceMs };
  turn.effects.push({ type: 'named', verdict });
}
