// The distribution of connections that a scheduler promises. Round robin (rr, wrr) distributes new connections evenly or by weight; least
// connections (lc, wlc) keeps the active ones so. Persistence returns clients to their earlier server, and promises nothing; nor do the
// other schedulers. See ipvsadm(8), --scheduler.
//
// If each of n connections were assigned at random, a share p would stay within p ± 3 √(p (1 − p) / n) in 997 of 1,000 rows (normal
// approximation of the binomial distribution); a scheduler that keeps its promise stays well within.

/** The fairly distributed quantity: new connections, or open ones. */
export type DealtQuantity = 'Conns' | 'ActiveConn';

/** A service as far as its promise depends on it. */
interface Promising {
  readonly scheduler: string;
  readonly flags: string;
}

/** Standard deviations allowed for chance. */
const chanceDeviations = 3;

/** The quantity that a scheduler promises to distribute fairly; null if it promises nothing. */
export function dealtBy({ scheduler, flags }: Promising): DealtQuantity | null {
  if (flags.split(' ').includes('persistent')) return null;
  if (scheduler === 'rr' || scheduler === 'wrr') return 'Conns';
  return scheduler === 'lc' || scheduler === 'wlc' ? 'ActiveConn' : null;
}

/** Are shares by weight, or even among all with a weight above 0? */
export function isByWeight({ scheduler }: Pick<Promising, 'scheduler'>): boolean {
  return scheduler.startsWith('w');
}

/** The part of a real server in what is promised: its weight, or 1 if shares are even; 0 if it receives nothing. */
export function promisedPart(setUp: Pick<Promising, 'scheduler'>, weight: number): number {
  return isByWeight(setUp) ? weight : Math.min(1, weight);
}

/** The deviation that chance alone may cause in a share of n. */
export function chanceOf(share: number, n: number): number {
  return n > 0 ? chanceDeviations * Math.sqrt((share * (1 - share)) / n) : Number.POSITIVE_INFINITY;
}

/** A share is only conclusive where at least so many connections are expected. */
export const minExpected = 5;
