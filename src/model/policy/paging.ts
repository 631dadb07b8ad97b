// When alerts become pages. A page of a narrow cause is held until a wider one can be excluded, whose evidence may come later: rack, then host
// and service, then real server.

/** Seconds that pages are held, by level; null for the standard, which follows from the step of the archives. */
export interface PagingPolicy {
  readonly rackHoldS: number | null;
  readonly hostHoldS: number | null;
  readonly serviceHoldS: number | null;
  readonly serverHoldS: number | null;
  /** The part of a rack's hosts that, when they die together, make it a fault of the rack. */
  readonly rackPart: number;
}

/** The policy of pages where the file sets nothing. */
export const standardPaging: PagingPolicy = {
  rackHoldS: null,
  hostHoldS: null,
  serviceHoldS: null,
  serverHoldS: null,
  rackPart: 0.3,
};

/** Seconds that pages are held. */
export interface Holds {
  readonly rackS: number;
  readonly hostS: number;
  readonly serviceS: number;
  readonly serverS: number;
}

/**
 * The holds of a policy. Without one, a rack is not held, a host and a service for a step more, and a real server for another: a cause shows in
 * two readings at most, and some findings open with the second. A standard hold lies between those that are set.
 */
export function holdsOf({ rackHoldS, hostHoldS, serviceHoldS, serverHoldS }: PagingPolicy, stepS: number): Holds {
  const rackS = rackHoldS ?? 0;
  const betweenS = Math.min(rackS + stepS, (rackS + (serverHoldS ?? Number.POSITIVE_INFINITY)) / 2);
  const [hostS, serviceS] = [hostHoldS ?? betweenS, serviceHoldS ?? betweenS];
  return { rackS, hostS, serviceS, serverS: serverHoldS ?? Math.max(hostS, serviceS) + stepS };
}
