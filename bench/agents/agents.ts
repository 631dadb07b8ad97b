// The load of 5,000 agents on `serve`, which collects and is looked at meanwhile: a whole round of theirs in real time, each at its own moment,
// over connections of their own and signed, by the client of the real agent. Then the judgement on their links, and the page of links.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { roundS } from '../../src/model/links/round.js';
import type { BenchContext } from '../bench.js';
import type { Findings } from '../comparison.js';
import { agentsPage, type FleetFigures } from './agents-page.js';
import { fleetOf } from './fleet.js';
import { judgingOf } from './judging.js';
import { pageTimes } from './page-in-browser.js';
import { peakBytesOf, processorMsOf } from './resources.js';
import { type RequestsMade, reportAtOnce, reportInTime } from './rounds.js';
import {
  type Certificate,
  type LinksServer,
  type Read,
  readUntil,
  secret,
  serveFleet,
  untilCycleWithin,
} from './serve-links.js';

const agents = 5000;
const linksEach = [2, 10] as const;

/** Measures the load. */
export async function measureAgents({ folder }: BenchContext): Promise<Findings> {
  const alone = await withoutAgents(join(folder, 'alone'));
  const fleets: FleetFigures[] = [];
  for (const links of linksEach) fleets.push(await withAgents(join(folder, `links-${links}`), links, alone));
  const tls = await overTls(join(folder, 'tls'));
  return {
    comparisons: [...fleets.flatMap(agentsPage.rows), agentsPage.tlsRow(tls)],
    notes: agentsPage.notes({ alone, fleets, tls, agents }),
  };
}

/** A server without agents. */
export interface Alone {
  readonly cpuMsPerS: number;
  readonly peakBytes: number;
}

/** Seconds in which a server without agents comes to rest after its start, and in which it is then measured. */
const settlesS = 30;
const aloneS = 60;

/** Collects, and is read. */
async function withoutAgents(folder: string): Promise<Alone> {
  const server = await serveFleet(folder, null);
  try {
    await pause(settlesS * 1000);
    const { cpuMs } = await readWhile(server, () => pause(aloneS * 1000));
    return { cpuMsPerS: cpuMs / aloneS, peakBytes: peakBytesOf(server.pid) };
  } finally {
    await server.close();
  }
}

async function withAgents(folder: string, links: number, alone: Alone): Promise<FleetFigures> {
  const fleet = fleetOf(agents, links);
  const server = await serveFleet(folder, fleet);
  try {
    const to = { fleet, url: server.agentsUrl ?? '', secret, ca: null };
    // The first reports name the links, and the second have results.
    await reportAtOnce(to, 0);
    const atOnce = await burst(server, () => reportAtOnce(to, 1));
    await untilCycleWithin(roundS);
    const { made, read, cpuMs } = await readWhile(server, () => reportInTime(to));
    const requests = requestsOf(made);
    refuseFailures(made, requests);
    const peakBytes = peakBytesOf(server.pid);
    return {
      links,
      made,
      read,
      requests,
      cpuMs: (cpuMs - alone.cpuMsPerS * roundS) / requests,
      allCpuMs: cpuMs / requests,
      burst: atOnce,
      moreBytes: peakBytes - alone.peakBytes,
      peakBytes,
      judging: await judgingOf(fleet),
      apiBytes: await bytesOf(`${server.url}/api/links`),
      pageBytes: await bytesOf(`${server.url}/links`),
      page: await pageTimes(`${server.url}/links`),
    };
  } finally {
    await server.close();
  }
}

function requestsOf({ reportsMs, listsMs }: RequestsMade): number {
  return reportsMs.length + listsMs.length;
}

function refuseFailures({ failures }: RequestsMade, requests: number): void {
  const failed = [...failures].map(([why, times]) => `${times} × ${why}`);
  if (failed.length > 0) throw new Error(`of the agents' exchanges failed: ${failed.join('; ')}`);
  if (requests !== 2 * agents) throw new Error(`${requests} requests were made, not ${2 * agents}`);
}

interface ReadWhile<T> {
  readonly made: T;
  readonly read: Read;
  /** Processor time of the server. */
  readonly cpuMs: number;
}

async function readWhile<T>(server: LinksServer, work: () => Promise<T>): Promise<ReadWhile<T>> {
  const ending = new AbortController();
  const beforeMs = processorMsOf(server.pid);
  const reading = readUntil(server, ending.signal);
  // Thrown below.
  reading.catch(() => {});
  try {
    const made = await work();
    const cpuMs = processorMsOf(server.pid) - beforeMs;
    ending.abort();
    return { made, read: await reading, cpuMs };
  } finally {
    ending.abort();
  }
}

/** All agents at once. */
export interface Burst {
  readonly requestsPerS: number;
  readonly cpuMs: number;
}

async function burst(server: LinksServer, work: () => Promise<RequestsMade>): Promise<Burst> {
  const [beganMs, beforeMs] = [performance.now(), processorMsOf(server.pid)];
  const made = await work();
  const requests = requestsOf(made);
  refuseFailures(made, requests);
  return {
    requestsPerS: (1000 * requests) / (performance.now() - beganMs),
    cpuMs: (processorMsOf(server.pid) - beforeMs) / requests,
  };
}

/** All agents once over TLS: what a handshake adds. */
async function overTls(folder: string): Promise<Burst> {
  const certificate = makeCertificate(`${folder}-certificate`);
  const fleet = fleetOf(agents, linksEach[0]);
  const server = await serveFleet(folder, fleet, certificate);
  try {
    const ca = readFileSync(certificate.certFile, 'latin1');
    return await burst(server, () => reportAtOnce({ fleet, url: server.agentsUrl ?? '', secret, ca }, 0));
  } finally {
    await server.close();
  }
}

/** A certificate of P-256 for loopback. Throws without openssl. */
function makeCertificate(folder: string): Certificate {
  mkdirSync(folder);
  const certificate = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  const { certFile, keyFile } = certificate;
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...key, ...subject, '-keyout', keyFile, '-out', certFile], {
    stdio: 'ignore',
  });
  return certificate;
}

async function bytesOf(address: string): Promise<number> {
  return (await (await fetch(address)).arrayBuffer()).byteLength;
}
