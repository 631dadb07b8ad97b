// Prints a table in the format of ipvsadm(8), both listings, and makes a fake ipvsadm that prints them.

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RawListings } from '../src/collect/ipvs/join.js';
import type { ServiceId } from '../src/model/names/identity.js';
import type { Counters, Snapshot } from '../src/model/snapshot.js';

const version = 'IP Virtual Server version 1.2.1 (size=4096)';
const statsHead = [version, 'Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes'];
const tableHead = [version, 'Prot LocalAddress:Port Scheduler Flags'];

/** `ipvsadm -L -n --stats --exact` and `ipvsadm -L -n` of a table. */
export function formatListings({ services }: Snapshot): RawListings {
  const stats = [...statsHead, '  -> RemoteAddress:Port'];
  const table = [...tableHead, '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn'];
  for (const { id, counters, scheduler, flags, realServers } of services) {
    const head = headOf(id);
    stats.push(`${head.padEnd(33)} ${formatCounters(counters)}`);
    table.push(`${head} ${scheduler} ${flags}`.trimEnd());
    for (const { id: server, counters: own, forwarding, weight, activeConn, inActConn } of realServers) {
      const endpoint = `  -> ${formatEndpoint(server.address, server.port)}`;
      stats.push(`${endpoint.padEnd(33)} ${formatCounters(own)}`);
      const state = [forwarding.padEnd(7), String(weight).padEnd(6), String(activeConn).padEnd(10), inActConn];
      table.push(`${endpoint.padEnd(33)} ${state.join(' ')}`);
    }
  }
  return { statsText: `${stats.join('\n')}\n`, tableText: `${table.join('\n')}\n` };
}

/** Writes listings for a fake ipvsadm to print, and returns the value for `--ipvsadm`. */
export function fakeIpvsadm(folder: string, { statsText, tableText }: RawListings, name = 'listing'): string {
  const program = join(folder, 'ipvsadm');
  writeFileSync(program, '#!/bin/sh\ncase "$*" in *--stats*) exec cat "$1.stats";; *) exec cat "$1.table";; esac\n');
  chmodSync(program, 0o755);
  const path = join(folder, name);
  writeFileSync(`${path}.stats`, statsText, 'latin1');
  writeFileSync(`${path}.table`, tableText, 'latin1');
  return `${program} ${path}`;
}

function headOf(id: ServiceId): string {
  if (id.kind === 'mark') return `FWM  ${id.mark}`;
  return `${id.protocol.toUpperCase().padEnd(4)} ${formatEndpoint(id.address, id.port)}`;
}

function formatEndpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function formatCounters({ conns, inPkts, outPkts, inBytes, outBytes }: Counters): string {
  return [conns, inPkts, outPkts, inBytes, outBytes].map((value) => String(value).padStart(8)).join(' ');
}
