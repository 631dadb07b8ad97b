// Processor time of a picture against `rrdtool graph` of the same size and series, in the same run: a day of 288 rows,
// traffic in and out, with a gap, drawn to PNG of about 760 x 300. rrdtool draws through its command pipe, which tells
// its processor time ("OK u:0.12 s:0.01 r:0.14") after each command. Rounds alternate; median and spread are printed.
// Run: npx tsx bench/picture.ts

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ipvsDataSources, stepS } from '../src/model/archive.js';
import type { Series } from '../src/model/series.js';
import { defineGraph } from '../src/render/define-graph.js';
import { drawPng } from '../src/render/draw-png.js';
import { graphFingerprint } from '../src/render/fingerprint.js';
import { type GraphRequest, periods, pictureSizePx } from '../src/render/graph-request.js';

const rounds = 9;
const picturesPerRound = 60;
const rows = periods.day.spanS / stepS;
const endS = 1_795_000_200;
const startS = endS - periods.day.spanS;

/** A believable day, other for each picture; a tenth of it is unknown. */
function daySeries(seed: number): Series {
  const inBytes = Float64Array.from({ length: rows }, (_, row) => {
    const noise = Math.sin(row * 12.9898 + seed * 78.233) * 43758.5453;
    return 2e6 * (1.2 + Math.sin((row / rows) * 2 * Math.PI + seed) + 0.3 * (noise - Math.floor(noise)));
  }).map((value, row) => (row > 90 && row < 120 ? Number.NaN : value));
  const columns = ipvsDataSources.map(({ name }) => inBytes.map((value) => value * (name === 'OutBytes' ? 7 : 1)));
  const dataSources = ipvsDataSources.map(({ name }) => name);
  return { name: '192.0.2.1_80', cf: 'AVERAGE', stepS, startS, endS, lastS: endS, dataSources, columns };
}

function requestOf(seed: number): GraphRequest {
  return {
    type: 'traffic',
    subject: { name: '192.0.2.1_80', hostNames: ['www.example.com'] },
    average: daySeries(seed),
    max: null,
    span: { startS, endS, label: periods.day.label },
    timeZone: 'Asia/Tokyo',
    theme: 'light',
    sizePx: pictureSizePx,
    pixelRatio: 1,
    tile: false,
    note: null,
  };
}

const requests = Array.from({ length: picturesPerRound }, (_, seed) => requestOf(seed));

async function drawRound(): Promise<{ readonly cpuMs: number; readonly bytes: number }> {
  let bytes = 0;
  const before = process.cpuUsage();
  for (const request of requests) {
    const graph = defineGraph(request);
    bytes += drawPng(graph, { fingerprint: graphFingerprint(graph) }).length;
    // As in a worker: pixels are only given back when the event loop turns.
    await setImmediate();
  }
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000 / picturesPerRound, bytes: bytes / picturesPerRound };
}

/** Commands for `rrdtool -` that make the archive of the first series. */
function archiveCommands(path: string): string[] {
  const [first] = requests;
  const inBytes = first?.average.columns[5] ?? new Float64Array();
  const sources = ['in', 'out'].map((name) => `DS:${name}:GAUGE:600:0:U`).join(' ');
  const updates = Array.from(inBytes, (value, row) => {
    const text = Number.isNaN(value) ? 'U:U' : `${value}:${value * 7}`;
    return `update ${path} ${startS + (row + 1) * stepS}:${text}`;
  });
  return [`create ${path} --start ${startS} --step ${stepS} ${sources} RRA:AVERAGE:0.5:1:28800`, ...updates];
}

function graphCommand(path: string): string {
  const figures = (name: string) =>
    [...['LAST', 'AVERAGE', 'MAX'].map((of) => `GPRINT:${name}:${of}:%6.2lf%s`), 'COMMENT:\\n'].join(' ');
  // Without its margins and legend the plot is 694 x 195, as ours.
  return [
    `graph ${path}.png -w 694 -h 195 --start ${startS} --end ${endS} -t 192.0.2.1:80`,
    `DEF:i=${path}:in:AVERAGE DEF:o=${path}:out:AVERAGE CDEF:ib=i,8,* CDEF:ob=o,8,*`,
    `AREA:ib#8fc0e6:in ${figures('ib')} LINE1.5:ob#c84a00:out ${figures('ob')}`,
  ].join(' ');
}

function rrdtoolRound(path: string): number {
  const commands = [...archiveCommands(path), ...requests.map(() => graphCommand(path))];
  const { stdout } = spawnSync('rrdtool', ['-'], { input: `${commands.join('\n')}\nquit\n`, encoding: 'utf8' });
  const times = [...stdout.matchAll(/^OK u:([\d.]+) s:([\d.]+)/gm)].map(
    ([, user, system]) => Number(user) + Number(system),
  );
  if (times.length !== commands.length) throw new Error(`rrdtool refused a command:\n${stdout.slice(0, 500)}`);
  const before = times[commands.length - picturesPerRound - 1] ?? 0;
  return (((times.at(-1) ?? 0) - before) * 1000) / picturesPerRound;
}

function tell(label: string, values: readonly number[], unit: string): void {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) => (sorted[Math.round(part * (sorted.length - 1))] ?? Number.NaN).toFixed(2);
  console.log(`${label.padEnd(34)} median ${at(0.5)} ${unit}   (${at(0)} to ${at(1)}, ${sorted.length} rounds)`);
}

const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-bench-'));
try {
  for (let warmUp = 0; warmUp < 3; warmUp++) await drawRound();
  const ours: number[] = [];
  const theirs: number[] = [];
  let bytes = 0;
  for (let round = 0; round < rounds; round++) {
    theirs.push(rrdtoolRound(join(folder, 'day.rrd')));
    const drawn = await drawRound();
    ours.push(drawn.cpuMs);
    bytes = drawn.bytes;
  }
  tell('picture, processor time', ours, 'ms');
  tell('rrdtool graph, processor time', theirs, 'ms');
  tell(
    'picture / rrdtool graph',
    ours.map((value, round) => value / (theirs[round] ?? Number.NaN)),
    '',
  );
  console.log(`bytes a picture                    ${Math.round(bytes)}`);
} finally {
  rmSync(folder, { recursive: true });
}
