// node_exporter as a peer of `collect`: its ipvs collector alone, which reads the same table in the kernel's own form, /proc/net/ip_vs and
// /proc/net/ip_vs_stats, from a folder.

import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Snapshot } from '../src/model/snapshot.js';
import { freePort, listening, type PeerProcess, processorMsSoFar } from './peer-process.js';
import { isThere } from './rrdtool.js';

const program = 'prometheus-node-exporter';

/** Scrapes in a round. */
const times = 5;

/** A running node_exporter. */
export class NodeExporter {
  readonly #process: PeerProcess;
  readonly #procRoot: string;

  private constructor(process: PeerProcess, procRoot: string) {
    this.#process = process;
    this.#procRoot = procRoot;
  }

  /** Starts it; null when it is not installed. */
  static async start(folder: string): Promise<NodeExporter | null> {
    if (!isThere(program)) return null;
    const procRoot = join(folder, 'proc');
    mkdirSync(join(procRoot, 'net'), { recursive: true });
    const address = `127.0.0.1:${await freePort()}`;
    const args = [
      `--path.procfs=${procRoot}`,
      '--collector.disable-defaults',
      '--collector.ipvs',
      '--web.disable-exporter-metrics',
      `--web.listen-address=${address}`,
    ];
    return new NodeExporter(
      await listening(spawn(program, args, { stdio: 'ignore' }), `http://${address}`, '/'),
      procRoot,
    );
  }

  /** Milliseconds of its processor time for a scrape of a table. */
  async scrapeMs(table: Snapshot): Promise<number> {
    writeFileSync(join(this.#procRoot, 'net/ip_vs'), formatTable(table));
    writeFileSync(join(this.#procRoot, 'net/ip_vs_stats'), formatTotals(table));
    await this.#scrape(table);
    const before = processorMsSoFar(this.#process);
    for (let i = 0; i < times; i += 1) await this.#scrape(table);
    return (processorMsSoFar(this.#process) - before) / times;
  }

  /** Ends it. */
  stop(): void {
    this.#process.child.kill('SIGKILL');
  }

  /** Throws unless it answers for every real server: otherwise the work would differ. */
  async #scrape({ services }: Snapshot): Promise<void> {
    const text = await (await fetch(`${this.#process.base}/metrics`)).text();
    const found = text.split('\n').filter((line) => line.startsWith('node_ipvs_backend_weight{')).length;
    const expected = services.reduce((sum, { realServers }) => sum + realServers.length, 0);
    if (found !== expected) throw new Error(`node_exporter has ${found} real servers instead of ${expected}`);
  }
}

/** /proc/net/ip_vs of IPv4 services (net/netfilter/ipvs/ip_vs_ctl.c, `ip_vs_info_seq_show`). */
function formatTable({ services }: Snapshot): string {
  const lines = ['IP Virtual Server version 1.2.1 (size=4096)', 'Prot LocalAddress:Port Scheduler Flags'];
  lines.push('  -> RemoteAddress:Port Forward Weight ActiveConn InActConn');
  for (const { id, scheduler, realServers } of services) {
    if (id.kind === 'mark') throw new RangeError('a firewall mark in the table of a benchmark');
    lines.push(`${id.protocol.toUpperCase().padEnd(4)} ${endpoint(id)} ${scheduler} `);
    for (const { id: server, forwarding, weight, activeConn, inActConn } of realServers) {
      const counts = [weight, activeConn, inActConn].map((value) => String(value).padEnd(10)).join(' ');
      lines.push(`  -> ${endpoint(server)}      ${forwarding.padEnd(7)} ${counts}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function endpoint({ address, port }: { readonly address: string; readonly port: number }): string {
  const bytes = address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'));
  return `${bytes.join('')}:${port.toString(16).padStart(4, '0')}`.toUpperCase();
}

/** /proc/net/ip_vs_stats (`ip_vs_stats_show`): totals, and rates that nobody compares. */
function formatTotals({ services }: Snapshot): string {
  const sum = (of: (counters: Snapshot['services'][number]['counters']) => bigint): string =>
    services
      .reduce((sum, { counters }) => sum + of(counters), 0n)
      .toString(16)
      .toUpperCase();
  const totals = [
    sum((c) => c.conns),
    sum((c) => c.inPkts),
    sum((c) => c.outPkts),
    sum((c) => c.inBytes),
    sum((c) => c.outBytes),
  ];
  const line = (values: readonly string[]): string => values.map((value) => value.padStart(16)).join(' ');
  return [
    '   Total Incoming Outgoing         Incoming         Outgoing',
    '   Conns  Packets  Packets            Bytes            Bytes',
    line(totals),
    '',
    ' Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s',
    line(['0', '0', '0', '0', '0']),
    '',
  ].join('\n');
}
