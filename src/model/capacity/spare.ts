// N+1: could a service lose its busiest real server? At the service's peak, the new connections of the busiest one are dealt to the others in
// proportion to those that each of them took then, which has the weights and the scheduler in it. Each share is compared with the most that
// the real server ever held. New connections are counted under every forwarding method; bytes that leave another way are not.

/** A real server at the peak: its rate of new connections, and the highest that was ever kept; NaN if unknown. */
export interface ServerAtPeak {
  readonly name: string;
  readonly atPeak: number;
  readonly most: number;
}

/** The load on the others if the busiest real server had died at the peak. */
export interface Spare {
  readonly kind: 'shared';
  readonly busiest: string;
  /** The one that would have had most, against the most it ever held. */
  readonly worst: string;
  /** The load of that one as a part of the most it ever held: 1.33. */
  readonly part: number;
  /** The real servers that took connections at the peak. */
  readonly servers: number;
  /** New connections per second of all of them. */
  readonly total: number;
}

/** A single real server took all connections at the peak. */
export interface NoSpare {
  readonly kind: 'alone';
  readonly busiest: string;
  readonly total: number;
}

/**
 * The spare of a service whose real servers took these connections at its peak; null if it is unknown or there were none. `whole` is the
 * service's own rate, if some of its real servers of then are not among them: the others would have carried theirs too.
 */
export function spareOf(servers: readonly ServerAtPeak[], whole = 0): Spare | NoSpare | null {
  if (servers.some(({ atPeak }) => Number.isNaN(atPeak)) || Number.isNaN(whole)) return null;
  const taking = servers.filter(({ atPeak }) => atPeak > 0);
  const [busiest, ...others] = taking.toSorted((a, b) => b.atPeak - a.atPeak || (a.name < b.name ? -1 : 1));
  if (busiest === undefined) return null;
  const sum = taking.reduce((total, { atPeak }) => total + atPeak, 0);
  const total = Math.max(sum, whole);
  if (others.length === 0) return { kind: 'alone', busiest: busiest.name, total };
  const factor = total / (sum - busiest.atPeak);
  // What it took at the peak it has held.
  const parts = others.map(({ name, atPeak, most }) => ({ name, part: (atPeak * factor) / Math.max(most, atPeak) }));
  if (parts.some(({ part }) => Number.isNaN(part))) return null;
  const worst = parts.reduce((a, b) => (b.part > a.part ? b : a));
  return { kind: 'shared', busiest: busiest.name, worst: worst.name, part: worst.part, servers: taking.length, total };
}

/** The days in which the peak is looked for. */
export const spareDays = 30;

/** The spare in words; `nameOf` writes a real server, `atPeak` is the time of the peak in words. */
export function spareText(
  spare: Spare | NoSpare,
  { nameOf, atPeak }: { readonly nameOf: (server: string) => string; readonly atPeak: string },
): string {
  const peak = `the peak of the last ${spareDays} days (${atPeak})`;
  if (spare.kind === 'alone')
    return `${nameOf(spare.busiest)} took all new connections at ${peak}: no other could have`;
  const part = `${Math.round(100 * spare.part)} %`;
  const then = `if ${nameOf(spare.busiest)} had died at ${peak}`;
  if (spare.servers === 2) return `${then}, the other would have had ${part} of the most it ever held`;
  return `${then}, each other would have had up to ${part} of the most it ever held`;
}
