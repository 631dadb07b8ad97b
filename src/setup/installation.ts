// The facts about this installation that a machine's schedule needs. All paths are absolute: cron and systemd have hardly any PATH.

import { stepWords } from '../model/retention.js';

/** The location of the program, the user to run it as, and its director. */
export interface Installation {
  /** The base name of its files: `lvs-stats`, or `lvs-stats-NAME` when one machine collects several directors. */
  readonly title: string;
  /** Its file of settings; null for the usual one. */
  readonly settings: string | null;
  /** The Node.js executable that runs it. */
  readonly node: string;
  /** `bin/lvs-stats` of the package. */
  readonly program: string;
  readonly version: string;
  readonly dataDir: string;
  readonly user: string;
  /** Seconds between two cycles: whole minutes that divide an hour. */
  readonly stepS: number;
  /** `--retention` as given; null when the settings, the archives or the default decide. */
  readonly retention: string | null;
  /** The ipvsadm that a reader for the viewer's metrics runs; null if there is no reader. */
  readonly reader: string | null;
  /** Files that only root may read, for the collector; systemd passes them as credentials. */
  readonly handed: readonly HandedFile[];
}

/** A file, and the credential that passes it. */
export interface HandedFile {
  readonly credential: string;
  readonly file: string;
}

/** An installation of which only the names of its files matter, to remove them. */
export const nowhere: Installation = {
  title: '',
  settings: null,
  node: '',
  program: '',
  version: '',
  dataDir: '',
  user: '',
  stepS: 300,
  retention: null,
  reader: null,
  handed: [],
};

/** The title and the file of settings when there is one director, as on most machines. */
export const [usualTitle, usualSettings] = ['lvs-stats', '/etc/lvs-stats.yaml'] as const;

/** The arguments after the command that are specific to this installation. */
export function argumentsOf({ settings, dataDir }: Pick<Installation, 'settings' | 'dataDir'>): readonly string[] {
  return [...(settings === null ? [] : ['--config', settings]), '--data', dataDir];
}

/** A file to write, and its purpose. */
export interface PlannedFile {
  readonly path: string;
  readonly text: string;
  readonly purpose: string;
  /** Its mode; 0644 by default. */
  readonly mode?: number;
}

/** How often a cycle runs: `every 5 minutes`, `every minute`. */
export function everyStep(stepS: number): string {
  return `every ${stepWords(stepS)}`;
}

/** The command that collects, with its options. */
export function collectWords(installation: Installation): readonly string[] {
  const { retention } = installation;
  return ['collect', ...argumentsOf(installation), ...(retention === null ? [] : ['--retention', retention])];
}
