// A time-series engine as a peer: Prometheus or VictoriaMetrics, on loopback, with the rows that the archives have. Its processor time is that
// of its process.

import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, listening, type PeerProcess, processorMsSoFar } from './peer-process.js';
import { isThere } from './rrdtool.js';

/** Rows of one length: the metric that has them, and their values by service. Row i ends `stepS` after row i - 1. */
export interface EngineRows {
  readonly metric: string;
  readonly stepS: number;
  readonly firstEndS: number;
  readonly columns: ReadonlyMap<string, Float64Array>;
}

/** A running engine. */
export interface Engine {
  /** Milliseconds of its processor time, and of ours, for each of `times` queries of the sum over all services. */
  sumMs(rows: EngineRows, times: number): Promise<number>;
  stop(): void;
}

const keptYears = '100y';
const readyPath = '/-/ready';

/** Starts VictoriaMetrics with some rows; null when it is not installed. */
export async function startVictoriaMetrics(folder: string, rows: readonly EngineRows[]): Promise<Engine | null> {
  if (!isThere('victoria-metrics')) return null;
  const port = await freePort();
  const storage = join(folder, 'victoria');
  const args = [`-storageDataPath=${storage}`, `-httpListenAddr=127.0.0.1:${port}`, `-retentionPeriod=${keptYears}`];
  const engine = await listening(
    spawn('victoria-metrics', args, { stdio: 'ignore' }),
    `http://127.0.0.1:${port}`,
    readyPath,
  );
  for (const one of rows) await post(`${engine.base}/api/v1/import`, jsonLines(one));
  await fetch(`${engine.base}/internal/force_flush`);
  return engineOf(engine, '&nocache=1');
}

/** Starts Prometheus with some rows; null when it, or promtool, is not installed. */
export async function startPrometheus(folder: string, rows: readonly EngineRows[]): Promise<Engine | null> {
  if (!isThere('prometheus') || !isThere('promtool')) return null;
  const [storage, input, config] = ['prometheus', 'rows.openmetrics', 'prometheus.yml'].map((name) =>
    join(folder, name),
  );
  if (storage === undefined || input === undefined || config === undefined) throw new RangeError('three paths');
  writeFileSync(input, `${rows.map(openMetrics).join('')}# EOF\n`);
  writeFileSync(config, 'global: {}\n');
  // By default a block for each two hours, which takes minutes.
  const create = ['tsdb', 'create-blocks-from', '--max-block-duration=2400h', 'openmetrics', '-q'];
  const made = spawnSync('promtool', [...create, input, storage]);
  if (made.status !== 0) throw new Error(`promtool failed: ${made.stderr.toString()}`);
  const port = await freePort();
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${storage}`,
    `--storage.tsdb.retention.time=${keptYears}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  return engineOf(
    await listening(spawn('prometheus', args, { stdio: 'ignore' }), `http://127.0.0.1:${port}`, readyPath),
    '',
  );
}

function engineOf(server: PeerProcess, options: string): Engine {
  const { child, base } = server;
  const sum = async ({ metric, stepS, firstEndS, columns }: EngineRows): Promise<Float64Array> => {
    const count = columns.values().next().value?.length ?? 0;
    const span = `start=${firstEndS}&end=${firstEndS + (count - 1) * stepS}&step=${stepS}`;
    const answer = await fetch(`${base}/api/v1/query_range?query=sum(${metric})&${span}${options}`);
    const { data } = (await answer.json()) as Answer;
    return Float64Array.from(data.result[0]?.values ?? [], ([, value]) => Number(value));
  };
  return {
    sumMs: async (rows, times) => {
      checkSum(await sum(rows), rows);
      const [ours, theirs] = [process.cpuUsage(), processorMsSoFar(server)];
      for (let i = 0; i < times; i += 1) await sum(rows);
      const { user, system } = process.cpuUsage(ours);
      return (processorMsSoFar(server) - theirs + (user + system) / 1000) / times;
    },
    stop: () => child.kill('SIGKILL'),
  };
}

interface Answer {
  readonly data: { readonly result: readonly { readonly values: readonly (readonly [number, string])[] }[] };
}

/** Throws unless the engine has the rows that we have: otherwise the work would differ. */
function checkSum(theirs: Float64Array, { metric, columns }: EngineRows): void {
  const all = [...columns.values()];
  const ours = Float64Array.from(all[0] ?? [], (_, row) => all.reduce((sum, column) => sum + (column[row] ?? 0), 0));
  const isNear = (value: number, row: number): boolean =>
    Math.abs(value - (theirs[row] ?? 0)) <= 1e-9 * Math.abs(value);
  if (ours.length !== theirs.length || !ours.every(isNear)) throw new Error(`the engine has other rows of ${metric}`);
}

function jsonLines({ metric, stepS, firstEndS, columns }: EngineRows): string {
  const lines = [...columns].map(([service, column]) => {
    const timestamps = Array.from(column, (_, i) => (firstEndS + i * stepS) * 1000);
    return JSON.stringify({ metric: { __name__: metric, service }, values: [...column], timestamps });
  });
  return lines.join('\n');
}

function openMetrics({ metric, stepS, firstEndS, columns }: EngineRows): string {
  const lines = [...columns].flatMap(([service, column]) =>
    Array.from(column, (value, i) => `${metric}{service="${service}"} ${value} ${firstEndS + i * stepS}\n`),
  );
  return `# TYPE ${metric} gauge\n${lines.join('')}`;
}

async function post(url: string, body: string): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
}
