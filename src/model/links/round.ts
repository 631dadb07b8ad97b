// Rounds: two minutes in which an agent sends ten spread-out pings over each of its links. Agents begin theirs at different moments, which
// their names decide, so that their reports do not come all at once.

/** Length of a round, seconds. */
export const roundS = 120;

/** Pings over a link in a round. */
export const probesPerRound = 10;

/** Seconds between two pings over a link; the last answer is in before the round ends. */
export const spacingS = 10;

/** Second of the epoch, modulo a round, at which the rounds of an agent begin (FNV-1a of its name). */
export function phaseOf(agent: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(agent)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % roundS;
}

/** The number of an agent's round at a time, epoch seconds. */
export function roundAt(agent: string, timeS: number): number {
  return Math.floor((timeS - phaseOf(agent)) / roundS);
}

/** When a round of an agent begins, epoch seconds. */
export function roundStartS(agent: string, round: number): number {
  return round * roundS + phaseOf(agent);
}
