// A server that collects a director of 100 services every five minutes, with the topology of a fleet, and the readers who look at its pages.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stepS } from '../../test/standard.js';
import { startS } from '../busy-table.js';
import { fakeIpvsadm, formatListings } from '../listing.js';
import { type Served, startServing } from '../served.js';
import { usualTable } from '../usual-table.js';
import { type FleetHost, topologyText } from './fleet.js';

const size = { services: 100, realServersEach: 5 };
const listingEveryMs = 20_000;

/** A page every so often, the table for programs and `status` once a minute. */
const pageEveryMs = 3000;
const pagesOfMinute = 20;

/** The secret of the agents' keys. */
export const secret = 'b'.repeat(64);

/** A certificate with its key, PEM files. */
export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A server, whose director is busy. */
export interface LinksServer extends Served {
  readonly dataDir: string;
}

/** Starts it in a folder; `fleet` null: no agents report to it. */
export async function serveFleet(
  folder: string,
  fleet: readonly FleetHost[] | null,
  certificate: Certificate | null = null,
): Promise<LinksServer> {
  mkdirSync(folder);
  const dataDir = join(folder, 'data');
  const beganMs = performance.now();
  const write = (): string => {
    const timeS = Math.floor(startS + (performance.now() - beganMs) / 1000);
    return fakeIpvsadm(folder, formatListings(usualTable(size, timeS)));
  };
  const options = ['--data', dataDir, '--ipvsadm', write()];
  const timer = setInterval(write, listingEveryMs);
  const served = await startServing([...options, ...(fleet === null ? [] : agentsOptions(folder, fleet, certificate))]);
  const close = async (): Promise<void> => {
    clearInterval(timer);
    await served.close();
  };
  return { ...served, dataDir, close };
}

function agentsOptions(folder: string, fleet: readonly FleetHost[], certificate: Certificate | null): string[] {
  const [policy, secretFile] = [join(folder, 'policy.yaml'), join(folder, 'agents.secret')];
  writeFileSync(join(folder, 'topology.csv'), topologyText(fleet));
  writeFileSync(policy, 'topology: topology.csv\n');
  writeFileSync(secretFile, `${secret}\n`, { mode: 0o600 });
  const tls = certificate === null ? [] : ['--agents-cert', certificate.certFile, '--agents-key', certificate.keyFile];
  return ['--policy', policy, '--agents', secretFile, '--agents-listen', '127.0.0.1:0', ...tls];
}

/** Waits until a window that begins now has a cycle in it, well before its end, whose work for pages comes in it, too. */
export async function untilCycleWithin(windowS: number): Promise<void> {
  const toCycleS = stepS - ((Date.now() / 1000) % stepS);
  const latestS = windowS - 20;
  if (toCycleS > latestS) await pause((toCycleS - latestS) * 1000);
}

/** The times of readers. */
export interface Read {
  /** Milliseconds of each answer: pages of links, and other pages. */
  readonly linksMs: readonly number[];
  readonly othersMs: readonly number[];
  /** Milliseconds of `lvs-stats status`, as a process. */
  readonly statusMs: readonly number[];
}

/** Reads pages until a signal. Throws when one is not answered with 200. */
export async function readUntil(server: LinksServer, signal: AbortSignal): Promise<Read> {
  const hasLinks = server.agentsUrl !== null;
  const read = { linksMs: [] as number[], othersMs: [] as number[], statusMs: [] as number[] };
  for (let n = 0; !signal.aborted; n += 1) {
    const beganMs = performance.now();
    if (n % pagesOfMinute === 5) read.statusMs.push(await statusMs(server.dataDir));
    else if (n % 2 === 0 && hasLinks)
      read.linksMs.push(await answeredMs(`${server.url}${n % pagesOfMinute === 10 ? '/api/links' : '/links'}`));
    else read.othersMs.push(await answeredMs(`${server.url}${n % 4 === 1 ? '/' : '/services'}`));
    await pause(Math.max(0, beganMs + pageEveryMs - performance.now()), null, { signal }).catch(() => {});
  }
  return read;
}

/** Milliseconds until an address is answered. Throws when that is not with 200. */
async function answeredMs(address: string): Promise<number> {
  const beganMs = performance.now();
  const response = await fetch(address);
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${address} was answered with ${response.status}`);
  return performance.now() - beganMs;
}

async function statusMs(dataDir: string): Promise<number> {
  const program = resolve(import.meta.dirname, '../../bin/lvs-stats');
  const beganMs = performance.now();
  const child = spawn(process.execPath, [program, 'status', '--data', dataDir], { stdio: 'ignore' });
  await once(child, 'close');
  return performance.now() - beganMs;
}
