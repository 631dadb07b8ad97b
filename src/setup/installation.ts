// What a machine's schedule has to know of this installation. All paths are absolute: cron and systemd have no PATH to speak of.

/** Where the program is, and as whom it is to run. */
export interface Installation {
  /** The program of Node.js that runs this. */
  readonly node: string;
  /** `bin/lvs-stats` of the package. */
  readonly program: string;
  readonly version: string;
  readonly dataDir: string;
  readonly user: string;
}

/** A file that is to be there, and what it is for. */
export interface PlannedFile {
  readonly path: string;
  readonly text: string;
  readonly purpose: string;
}
