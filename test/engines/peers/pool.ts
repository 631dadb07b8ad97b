// A pool as it runs in production: on each host, in a network namespace, Serf, a Redis that its tag names, and the built agent, each a process of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { inForceIn, judgesIn, type LoggedLine } from './agent-log.js';
import { type Namespaces, openNamespaces } from './namespaces.js';

/** A process on a host. */
export interface HostProcess {
  readonly pid: number;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Ends it at once, as a crash does. */
  readonly kill: () => Promise<void>;
}

/** A host of the pool; what does not run is null. */
export interface PoolHost {
  readonly name: string;
  readonly address: string;
  serf: HostProcess | null;
  redis: HostProcess | null;
  agent: HostProcess | null;
}

export type Pool = Awaited<ReturnType<typeof openPool>>;

/** The service of each host. */
export const poolService = 'redis/6379';

const program = join(import.meta.dirname, '../../../bin/lvs-stats');

/** Starts the processes of hosts `n1` to `nCOUNT` except for the agents. Throws if one of them ends. */
export async function openPool({
  prefix,
  count,
  folder,
  serfConfig = [],
}: {
  readonly prefix: string;
  readonly count: number;
  readonly folder: string;
  /** Further arguments of Serf. */
  readonly serfConfig?: readonly string[];
}) {
  const spaces: Namespaces = openNamespaces(prefix, count);
  const running = new Set<ChildProcess>();
  const log: LoggedLine[] = [];
  const unexpected: string[] = [];
  const hosts: readonly PoolHost[] = spaces.hosts.map(({ name, address }) => ({
    ...{ name, address, serf: null, redis: null, agent: null },
  }));
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const hostOf = (name: string): PoolHost => {
    const host = byName.get(name);
    if (host === undefined) throw new Error(`there is no host ${name}`);
    return host;
  };

  const start = (name: string, words: readonly string[], onLine?: (text: string) => void): HostProcess => {
    // A process whose starter is killed ends, too.
    const entry = ['setpriv', '--pdeathsig', 'KILL', ...spaces.hostOf(name).entry];
    const [first = '', ...rest] = [...entry, ...words];
    const child = spawn(first, rest, {
      stdio: ['ignore', 'ignore', onLine === undefined ? 'ignore' : 'pipe'],
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1' },
    });
    running.add(child);
    if (onLine !== undefined && child.stderr !== null) createInterface({ input: child.stderr }).on('line', onLine);
    let isExpected = false;
    const ended = new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => {
        running.delete(child);
        if (!isExpected) unexpected.push(`${words[0]} on ${name} ended (${signal ?? code})`);
        resolve();
      });
    });
    return {
      pid: child.pid ?? 0,
      signal: (sent) => void child.kill(sent),
      kill: () => {
        isExpected = true;
        child.kill('SIGKILL');
        return ended;
      },
    };
  };

  const startSerf = (host: PoolHost): void => {
    const words = ['serf', 'agent', `-node=${host.name}`, `-bind=${host.address}:7946`, '-log-level=err'];
    const others = hosts.filter((one) => one !== host && one.serf !== null).slice(0, 2);
    const joining = others.flatMap(({ address }) => [`-retry-join=${address}`]);
    const tags = ['-rpc-addr=127.0.0.1:7373', `-tag=svc=${poolService}`, '-retry-interval=2s'];
    host.serf = start(host.name, [...words, ...tags, ...joining, ...serfConfig]);
  };
  const startRedis = (host: PoolHost): void => {
    const words = ['redis-server', '--port', '6379', '--bind', host.address, '--save', '', '--hz', '1'];
    host.redis = start(host.name, [...words, '--protected-mode', 'no', '--daemonize', 'no']);
  };
  const begunMs = new Map<string, number>();
  const startAgent = (host: PoolHost): void => {
    begunMs.set(host.name, performance.now());
    const words = [process.execPath, program, 'agent', '--serf', '127.0.0.1:7373', '--log-format', 'json'];
    host.agent = start(host.name, words, (line) => log.push({ agent: host.name, ...parseLine(line) }));
  };

  /** The log of the agents that run, since their start. */
  const logOfRunning = (): readonly LoggedLine[] =>
    log.filter(({ agent, atMs }) => hostOf(agent).agent !== null && atMs >= (begunMs.get(agent) ?? 0));

  const endAll = (): void => {
    process.off('exit', endAll);
    for (const child of running) child.kill('SIGKILL');
  };
  // Before namespaces and folders are removed.
  process.prependListener('exit', endAll);

  const aliveSeenBy = (name: string): Promise<number> =>
    new Promise((resolve) => {
      const [first = '', ...rest] = [...spaces.hostOf(name).entry, 'serf', 'members', '-status=alive'];
      const child = spawn(first, rest, { stdio: ['ignore', 'pipe', 'ignore'] });
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (more: string) => {
        text += more;
      });
      child.once('close', () => resolve(text.split('\n').filter(Boolean).length));
    });

  for (const host of hosts) {
    startRedis(host);
    startSerf(host);
    // The first two are those that the others join.
    if (host.name === 'n1' || host.name === 'n2') await pause(1000);
  }

  return {
    hosts,
    hostOf,
    spaces,
    log,
    startSerf,
    startRedis,
    startAgent,
    aliveSeenBy,
    /** Processes that ended without being killed. */
    unexpected: unexpected as readonly string[],
    /** Verdicts in force, as `AGENT: SUBJECT`, of agents that run. */
    inForce(): readonly string[] {
      return [...inForceIn(logOfRunning())].flatMap(([agent, subjects]) =>
        [...subjects].map((subject) => `${agent}: ${subject}`),
      );
    },
    /** Agents that run and reach a majority. */
    judges(): readonly string[] {
      return [...judgesIn(logOfRunning())];
    },
    async close(): Promise<void> {
      const all = hosts.flatMap(({ agent, serf, redis }) => [agent, serf, redis]).filter((one) => one !== null);
      await Promise.all(all.map((one) => one.kill()));
      endAll();
      spaces.close();
    },
  };
}

/** A line of the log as JSON; another one, such as a stack trace, is taken as it is. The time is the agent's: this process may read lines late. */
function parseLine(line: string): Omit<LoggedLine, 'agent'> {
  try {
    const { time, message } = JSON.parse(line) as { readonly time: string; readonly message: string };
    return { atMs: Date.parse(time) - performance.timeOrigin, text: message };
  } catch {
    return { atMs: performance.now(), text: line };
  }
}
