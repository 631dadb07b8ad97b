// Archives against rrdtool's, in the same run and on the same work: a cycle of many services into archives (ours with a
// synchronous write, theirs through its command pipe without one), a day of rows out of one, and bytes on the disk.
// Run: npx tsx bench/archives.ts [services]

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDirector } from '../src/demo/director.js';
import { cfs, ipvsDataSources, rras, stepS, xff } from '../src/model/archive.js';
import { emptyTable } from '../src/model/cycle.js';
import { interpret } from '../src/model/interpret.js';
import type { Counters, ServiceReading, Snapshot } from '../src/model/snapshot.js';
import { databaseFolder } from '../src/store/database.js';
import { openStore, withStore } from '../src/store/store.js';
import { ratios, tell } from './tell.js';

const services = Number(process.argv[2] ?? 1000);
const rounds = 120;
const startS = 1_763_683_200;

/** rrdtool in its command mode: a line in, an answer that ends with "OK" out. */
class RrdtoolPipe {
  readonly #process: ChildProcessWithoutNullStreams = spawn('rrdtool', ['-']);
  #waiting: { left: number; done: (text: string) => void } | null = null;
  #text = '';

  constructor() {
    this.#process.stdout.setEncoding('latin1').on('data', (text: string) => {
      this.#text += text;
      if (/^ERROR/m.test(text)) throw new Error(text);
      const answers = this.#text.match(/^OK u:/gm)?.length ?? 0;
      if (this.#waiting !== null && answers >= this.#waiting.left) this.#waiting.done(this.#text);
    });
  }

  run(commands: readonly string[]): Promise<string> {
    this.#text = '';
    return new Promise((done) => {
      this.#waiting = { left: commands.length, done };
      this.#process.stdin.write(`${commands.join('\n')}\n`);
    });
  }

  close(): void {
    this.#process.stdin.end('quit\n');
  }
}

/** Counters of a service that has been busy for `seconds`: large, irregular, never falling. */
function countersAt(service: number, seconds: number): Counters {
  const noise = (salt: number): number =>
    Math.abs(Math.sin(service * 78.233 + seconds * 12.9898 + salt) * 43758.5453) % 1;
  const conns = Math.floor(seconds * (3 + (service % 50)) + 300 * noise(1));
  const inPkts = Math.floor(conns * 9 + 500 * noise(2));
  const outPkts = Math.floor(conns * 11 + 500 * noise(3));
  const big = [conns, inPkts, outPkts, inPkts * 131, outPkts * 977].map(BigInt);
  const [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n] = big;
  return { conns: a, inPkts: b, outPkts: c, inBytes: d, outBytes: e };
}

function snapshotAt(timeS: number): Snapshot {
  const all = Array.from({ length: services }, (_, i): ServiceReading => {
    const id = { kind: 'address', protocol: 'tcp', address: `198.18.${i >> 8}.${i & 255}`, port: 80 } as const;
    return { id, counters: countersAt(i, timeS - startS), scheduler: 'wlc', flags: '', realServers: [] };
  });
  return { timeS, host: null, services: all };
}

async function benchCycle(folder: string): Promise<void> {
  const sources = ipvsDataSources.map(({ name, kind, heartbeatS }) => `DS:${name}:${kind}:${heartbeatS}:0:U`).join(' ');
  const archives = cfs
    .flatMap((cf) => rras.map(({ pdpPerRow, rows }) => `RRA:${cf}:${xff}:${pdpPerRow}:${rows}`))
    .join(' ');
  const names = Array.from({ length: services }, (_, i) => join(folder, `${i}.rrd`));
  const rrdtool = new RrdtoolPipe();
  const store = await openStore(join(folder, 'data'));
  const madeMs = await timed(() =>
    rrdtool.run(names.map((name) => `create ${name} --start ${startS} --step ${stepS} ${sources} ${archives}`)),
  );
  const ours: number[] = [];
  const theirs: number[] = [];
  let table = emptyTable;
  let firstMs = 0;
  for (let round = 0; round < rounds; round += 1) {
    const timeS = startS + 302 + round * stepS;
    const cycle = interpret(table, snapshotAt(timeS));
    table = cycle.table;
    const updates = names.map((name, i) => {
      const { conns, inPkts, outPkts, inBytes, outBytes } = countersAt(i, timeS - startS);
      return `update ${name} ${[timeS, 0, 0, conns, inPkts, outPkts, inBytes, outBytes].join(':')}`;
    });
    const ownMs = await timed(() => store.append(cycle));
    const rrdMs = await timed(() => rrdtool.run(updates));
    if (round === 0) firstMs = ownMs;
    else {
      ours.push(ownMs);
      theirs.push(rrdMs);
    }
  }
  console.log(`\n## A cycle of ${services} services into archives\n`);
  tell('append, on the disk when it returns', ours, 'ms');
  tell('rrdtool update, not synced', theirs, 'ms');
  tell('rrdtool / append', ratios(theirs, ours), 'times');
  console.log(`creating ${services} archives: ${firstMs.toFixed(0)} ms, rrdtool ${madeMs.toFixed(0)} ms`);
  await benchFetch(store, rrdtool, { file: names[1] ?? '', name: '198.18.0.1_80' });
  await store.close();
  rrdtool.close();
}

async function benchFetch(
  store: Awaited<ReturnType<typeof openStore>>,
  rrdtool: RrdtoolPipe,
  { file, name }: { file: string; name: string },
): Promise<void> {
  const endS = startS + rounds * stepS;
  const query = { name, cf: 'AVERAGE', startS: endS - 86_400, endS, stepS } as const;
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < 200; round += 1) {
    ours.push(await timed(() => store.fetch(query)));
    theirs.push(await timed(() => rrdtool.run([`fetch ${file} AVERAGE --start ${query.startS} --end ${endS}`])));
  }
  console.log('\n## A day of 5-minute rows of one archive, part of it not sealed yet\n');
  tell('fetch, in process', ours, 'ms');
  tell('rrdtool fetch, through its pipe', theirs, 'ms');
  tell('rrdtool / fetch', ratios(theirs, ours), 'times');
}

/** Full retention: the demonstration's traffic for 800 days, against the size of an .rrd of the same definition. */
async function benchSize(folder: string): Promise<void> {
  const dataDir = join(folder, 'size');
  const endS = startS;
  const director = createDirector({ seed: 1, services: 12, epochS: endS - 800 * 86_400, endS });
  const histories = function* () {
    for (const { name, timesS, sinceS, columns } of director.history(0, endS)) {
      const readings = { timesS, sinceS, values: columns };
      if (timesS.length > 0) yield { name, about: { kind: 'director' } as const, lastS: null, goneS: null, readings };
    }
  };
  const table = { ...emptyTable, timeS: endS };
  const count = await withStore(dataDir, async (store) => {
    await store.backfill({ histories: histories(), table, events: [] });
    return (await store.list()).filter(({ firstS }) => firstS < endS - 790 * 86_400).length;
  });
  await withStore(dataDir, async (store) => store.list());
  const bytes = folderBytes(databaseFolder(dataDir));
  const archives = director.archives().filter(({ spans }) => spans.length > 0).length;
  const rrdBytes = statSync(join(folder, '0.rrd')).size;
  console.log(`\n## Bytes on the disk, ${count} of ${archives} archives at full retention\n`);
  console.log(
    `an archive ${Math.round(bytes / archives)} bytes, an .rrd ${rrdBytes}: 1/${(rrdBytes / (bytes / archives)).toFixed(1)}`,
  );
}

function folderBytes(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

async function timed(use: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await use();
  return performance.now() - start;
}

const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-bench-'));
try {
  await benchCycle(folder);
  await benchSize(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
