// An archive as `rrdtool dump` writes it and `rrdtool restore` reads it: all rows, and the state from which updates resume.
// Terms: rrd_format.h of rrdtool. CDP = consolidated data point, the value of a row.

/** One data source, with its open data point. */
export interface DumpSource {
  readonly name: string;
  /** Any type that rrdtool knows: GAUGE, DERIVE, COUNTER, ABSOLUTE, COMPUTE, ... */
  readonly kind: string;
  readonly heartbeatS: number;
  /** NaN if there is none. */
  readonly min: number;
  readonly max: number;
  /** The last reading as text, since counters exceed a double; `U` if unknown. */
  readonly lastDs: string;
  /** The open data point: value times seconds so far, and its unknown seconds. */
  readonly value: number;
  readonly unknownS: number;
}

/**
 * The open row of one data source: the consolidation of its known data points so far (NaN if none is known), and the number of
 * unknown ones.
 */
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
  /** One column per data source, oldest row first; the last row ends at the newest whole row before `lastS`. */
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
