// The bounds of reading a configuration: more than any director needs, and less than what would hold up a collector.

/** The bounds. */
export interface ConfigBounds {
  /** Bytes of one file, and of all files together. */
  readonly fileBytes: number;
  readonly allBytes: number;
  readonly files: number;
  /** Includes within includes. */
  readonly depth: number;
  /** Lines after sequences and parameters are replaced. */
  readonly lines: number;
  /** Services and real servers, ranges and groups expanded. */
  readonly services: number;
  readonly servers: number;
}

/** The usual bounds. */
export const usualBounds: ConfigBounds = {
  fileBytes: 2 ** 26,
  allBytes: 2 ** 27,
  files: 10_000,
  depth: 32,
  lines: 3_000_000,
  services: 100_000,
  servers: 1_000_000,
};

/** Most notes that are kept. */
export const maxNotes = 200;
