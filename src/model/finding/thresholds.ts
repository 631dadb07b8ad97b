// The thresholds by which findings are judged. The first page of the viewer states them; the policy file can set them.

/** The thresholds. */
export interface Thresholds {
  /** Cycles in which something has to be wrong before a finding opens, and right before it closes. */
  readonly openCycles: number;
  readonly closeCycles: number;
  /** A rate collapsed if it is under this part of the usual one, and surged if it is over this many times as much. */
  readonly collapse: number;
  readonly surge: number;
  /** A share of a service's connections is off if it differs from the promised one by this fraction of it. */
  readonly shareOff: number;
  /** A processor is overloaded if it handles its even share and more than this fraction of the others' shares. */
  readonly processorExcess: number;
  /** Connections per chain of the connection table. */
  readonly chainLength: number;
  /** Neighbours, and tracked connections, as a part of their limit, from which their table counts as nearly full. */
  readonly neighbourPart: number;
  readonly conntrackPart: number;
  /** A service cannot lose its busiest real server if another would have this many times the most it ever held. */
  readonly spare: number;
  /** Seconds after which a real server or a service that left is taken to be gone for good. */
  readonly acceptedAfterS: number;
  /** Free bytes on the disk of the archives, below which it counts as nearly full. */
  readonly diskFreeBytes: number;
}

/** The thresholds where the policy sets none. */
export const standardThresholds: Thresholds = {
  openCycles: 2,
  closeCycles: 2,
  collapse: 0.15,
  surge: 2.5,
  shareOff: 0.25,
  processorExcess: 0.4,
  chainLength: 4,
  neighbourPart: 0.8,
  conntrackPart: 0.8,
  spare: 3.5,
  acceptedAfterS: 86_400,
  diskFreeBytes: 2 ** 30,
};
