// Serf as tests start it: members of a pool on addresses of loopback.

import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSerf, type SerfPlace } from '../../src/agent/serf/connection.js';
import { until } from '../until.js';
import { freePort } from './engine.js';

/** A running Serf. */
export interface SerfMember {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly place: SerfPlace;
  /** Ends it at once, as a crash does. */
  readonly kill: () => Promise<void>;
}

/** Starts a member, which joins others. */
export async function startSerf(
  name: string,
  {
    address,
    tags = {},
    join: others = [],
    authKey = null,
    folder,
  }: {
    readonly address: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly join?: readonly SerfMember[];
    readonly authKey?: string | null;
    readonly folder: string;
  },
): Promise<SerfMember> {
  const [port, rpcPort] = [await freePort(), await freePort()];
  const file = join(folder, `${name}.json`);
  const config = { node_name: name, tags, bind: `${address}:${port}`, rpc_addr: `127.0.0.1:${rpcPort}` };
  writeFileSync(file, JSON.stringify({ ...config, ...(authKey !== null && { rpc_auth: authKey }) }));
  const joining = others.map((other) => `-join=${other.address}:${other.port}`);
  const child = spawn('serf', ['agent', `-config-file=${file}`, '-log-level=err', ...joining], { stdio: 'ignore' });
  const place: SerfPlace = { at: { host: '127.0.0.1', port: rpcPort }, authKey, timeoutMs: 10_000 };
  await until(`Serf ${name} answers`, async () => {
    (await openSerf(place)).close();
    return true;
  });
  return { name, address, port, place, kill: () => ended(child) };
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
