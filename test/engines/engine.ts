// Engines of others, as tests start them: on loopback, on a port of their own.

import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { until } from '../until.js';

/** Whether a program is installed. */
export function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** A port that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('no port'));
      });
    });
  });
}

/** A running engine. */
export interface Engine {
  readonly base: string;
  readonly stop: () => Promise<void>;
  /** Ends it by SIGKILL. */
  readonly kill: () => Promise<void>;
  /** Starts it again after its end, at the same address and with the same data. */
  readonly restart: () => Promise<void>;
}

/** Starts an engine with an address of its own and further variables, and waits until it is ready. */
async function startEngine(
  name: string,
  argsFor: (address: string) => readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Engine> {
  const address = `127.0.0.1:${await freePort()}`;
  const base = `http://${address}`;
  const launch = async () => {
    const child = spawn(name, argsFor(address), {
      env: { ...process.env, ...variables },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-4000);
    });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    await until(`${name} is ready`, async () => {
      if (child.exitCode !== null) throw new Error(`${name} ended: ${said}`);
      return (await fetch(`${base}/-/ready`)).status === 200;
    });
    return async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
      child.kill(signal);
      await ended;
    };
  };
  let end = await launch();
  return {
    base,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    restart: async () => {
      end = await launch();
    },
  };
}

/** Starts Prometheus with a configuration and further arguments. */
export function startPrometheus(folder: string, config: string): Promise<Engine> {
  return startEngine('prometheus', (address) => [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'prometheus')}`,
    `--web.listen-address=${address}`,
  ]);
}

/** Starts Alertmanager with a configuration. */
export function startAlertmanager(folder: string, config: string): Promise<Engine> {
  return startEngine('prometheus-alertmanager', (address) => [
    `--config.file=${config}`,
    `--storage.path=${join(folder, 'alertmanager')}`,
    `--web.listen-address=${address}`,
    '--cluster.listen-address=',
  ]);
}

/** Starts a Prometheus that takes samples; old ones within a window, such as `90d`, or in order only. */
export function startPrometheusReceiver(folder: string, window: string | null): Promise<Engine> {
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, window === null ? 'global: {}\n' : `storage: {tsdb: {out_of_order_time_window: ${window}}}\n`);
  return startEngine('prometheus', (address) => [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--storage.tsdb.retention.time=5y',
    '--web.enable-remote-write-receiver',
    `--web.listen-address=${address}`,
  ]);
}

/**
 * Starts VictoriaMetrics with data in a folder. It works on one core only: on several, the exports that tests read (`reduce_mem_usage`, version 1.79)
 * show values of other series where rows are unknown, and others in each export.
 */
export function startVictoria(folder: string): Promise<Engine> {
  return startEngine(
    'victoria-metrics',
    (address) => [`-storageDataPath=${join(folder, 'data')}`, '-retentionPeriod=5y', `-httpListenAddr=${address}`],
    { GOMAXPROCS: '1' },
  );
}
