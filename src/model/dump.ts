// What `rrdtool dump` tells of an archive, and `rrdtool restore` makes one of: all rows, and the state that lets it go on.
// Terms: rrd_format.h of rrdtool. CDP = consolidated data point, the value of a row.

/** One data source, with its open data point. */
export interface DumpSource {
  readonly name: string;
  /** Any type that rrdtool knows: GAUGE, DERIVE, COUNTER, ABSOLUTE, COMPUTE, ... */
  readonly kind: string;
  readonly heartbeatS: number;
  /** NaN where there is none. */
  readonly min: number;
  readonly max: number;
  /** What was read last, as text: counters exceed what a double holds; `U` where it is not known. */
  readonly lastDs: string;
  /** The open data point: value times seconds so far, and the seconds of which nothing is known. */
  readonly value: number;
  readonly unknownS: number;
}

/** The open row of one data source: what its known data points come to so far (NaN: none is), and how many are unknown. */
export interface DumpPrep {
  readonly value: number;
  readonly unknownPdps: number;
}

/** One round-robin archive. */
export interface DumpRra {
  /** Any function that rrdtool knows: AVERAGE, MAX, MIN, LAST, ... */
  readonly cf: string;
  readonly pdpPerRow: number;
  readonly xff: number;
  readonly preps: readonly DumpPrep[];
  /** One column a data source, oldest row first; the last row ends at the newest whole row before `lastS`. */
  readonly columns: readonly Float64Array[];
}

/** A whole archive. */
export interface Dump {
  readonly stepS: number;
  /** Time of the newest reading. */
  readonly lastS: number;
  readonly sources: readonly DumpSource[];
  readonly rras: readonly DumpRra[];
}
