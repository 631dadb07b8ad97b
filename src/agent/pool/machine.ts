// The state machine of peers with the time of this machine: it is given inputs, and ticks at the beginnings of rounds and whenever its state asks for it.

import type { PeersEffect, PeersInput, PeersPolicy, PeersState } from '../../peers/state.js';
import { initialState } from '../../peers/state.js';
import { nextTickMs, step } from '../../peers/step.js';
import type { Clock } from '../timing.js';

/** Length of a round, ms. */
const roundMs = 5000;

/** Rounds of agents begin within this part of a second, which their names decide, so that a pool does not probe all at once. */
const spreadMs = 1000;

/** Shortest time between two ticks, ms. */
const leastTickMs = 50;

/** An input without its time. */
export type Untimed = PeersInput extends infer T ? (T extends PeersInput ? Omit<T, 'nowMs'> : never) : never;

/** A state machine that runs. */
export interface Machine {
  readonly give: (input: Untimed) => void;
  readonly state: () => PeersState;
  readonly close: () => void;
}

/** Starts a state machine, which knows nobody yet. */
export function startMachine(policy: PeersPolicy, clock: Clock, onEffect: (effect: PeersEffect) => void): Machine {
  const phaseMs = phaseOf(policy.self);
  let state = initialState;
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;

  const round = (): number => Math.floor((clock.nowMs() - phaseMs) / roundMs);

  const give = (input: Untimed): void => {
    if (isClosed) return;
    const after = step(state, { ...input, nowMs: clock.steadyMs() } as PeersInput, policy);
    state = after.state;
    for (const effect of after.effects) onEffect(effect);
    arm();
  };

  function arm(): void {
    if (timer !== null) clearTimeout(timer);
    if (isClosed) return;
    const untilRoundMs = (round() + 1) * roundMs + phaseMs - clock.nowMs();
    const dueMs = nextTickMs(state, policy);
    const waitMs = dueMs === null ? untilRoundMs : Math.min(untilRoundMs, dueMs - clock.steadyMs());
    timer = setTimeout(() => give({ type: 'tick', round: round() }), Math.max(leastTickMs, waitMs));
  }

  arm();
  return {
    give,
    state: () => state,
    close() {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

function phaseOf(name: string): number {
  let sum = 0;
  for (const byte of new TextEncoder().encode(name)) sum = (sum * 31 + byte) % spreadMs;
  return sum;
}
