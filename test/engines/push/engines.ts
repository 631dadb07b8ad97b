// The receivers that rows are pushed to. Prometheus keeps every value bit for bit; VictoriaMetrics keeps twelve digits.

import { type Engine, startPrometheusReceiver, startVictoria } from '../engine.js';
import { engineRows, exportedRows, type Rows } from './rows.js';

/** A receiver under test. */
export interface TestedEngine {
  readonly name: string;
  readonly program: string;
  /** The ratio by which its values may differ. */
  readonly mostRatio: number;
  /** Starts it with files in a folder. */
  readonly start: (folder: string) => Promise<Engine>;
  /** The known rows that it has stored up to a time. Throws if it has one twice. */
  readonly stored: (base: string, director: string, timeS: number) => Promise<Rows>;
}

/** All of them. */
export const testedEngines: readonly TestedEngine[] = [
  {
    name: 'Prometheus with a window',
    program: 'prometheus',
    mostRatio: 0,
    start: (folder) => startPrometheusReceiver(folder, '90d'),
    stored: engineRows,
  },
  {
    name: 'Prometheus without a window',
    program: 'prometheus',
    mostRatio: 0,
    start: (folder) => startPrometheusReceiver(folder, null),
    stored: engineRows,
  },
  {
    name: 'VictoriaMetrics',
    program: 'victoria-metrics',
    mostRatio: 2e-12,
    start: startVictoria,
    stored: exportedRows,
  },
];
