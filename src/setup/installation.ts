// What a machine's schedule has to know of this installation. All paths are absolute: cron and systemd have no PATH to speak of.

import { stepWords } from '../model/retention.js';

/** Where the program is, as whom it is to run, and for which director. */
export interface Installation {
  /** What its files are called: `lvs-stats`, or `lvs-stats-NAME` where several directors are collected on one machine. */
  readonly title: string;
  /** The file of settings that it is to take; null for the usual one. */
  readonly settings: string | null;
  /** The program of Node.js that runs this. */
  readonly node: string;
  /** `bin/lvs-stats` of the package. */
  readonly program: string;
  readonly version: string;
  readonly dataDir: string;
  readonly user: string;
  /** Seconds between two cycles: whole minutes that divide an hour. */
  readonly stepS: number;
  /** `--retention` as it was given; null where the settings, the archives or the default say it. */
  readonly retention: string | null;
}

/** The title, and the file of settings, of the one director that most machines have. */
export const [usualTitle, usualSettings] = ['lvs-stats', '/etc/lvs-stats.yaml'] as const;

/** What its runs are told of its own, behind a command. */
export function argumentsOf({ settings, dataDir }: Pick<Installation, 'settings' | 'dataDir'>): readonly string[] {
  return [...(settings === null ? [] : ['--config', settings]), '--data', dataDir];
}

/** A file that is to be there, and what it is for. */
export interface PlannedFile {
  readonly path: string;
  readonly text: string;
  readonly purpose: string;
}

/** How often a cycle is run: `every 5 minutes`, `every minute`. */
export function everyStep(stepS: number): string {
  return `every ${stepWords(stepS)}`;
}

/** The command that collects, with its options. */
export function collectWords(installation: Installation): readonly string[] {
  const { retention } = installation;
  return ['collect', ...argumentsOf(installation), ...(retention === null ? [] : ['--retention', retention])];
}
