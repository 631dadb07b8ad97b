// Processor time of one picture, from the rows in the archive to the file: the mean of a service's nine graphs of a day, 760 x 300; against
// `rrdtool graph` with the same graphs, readings and size, and against the raw limit, a PNG of that size that the drawing library makes of
// a few lines and words.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createCanvas } from '@napi-rs/canvas';
import { reachFinder } from '../src/model/service/outbound.js';
import { graphTypes, periods, pictureSizePx } from '../src/render/define/graph-request.js';
import { graphJobs } from '../src/render/files/content/graph-jobs.js';
import type { Looks, SpanSet } from '../src/render/files/content/span-set.js';
import { drawHere } from '../src/render/png/draw-pool.js';
import { withStore } from '../src/store/open.js';
import type { Store } from '../src/store/store.js';
import type { BenchContext } from './bench.js';
import { type Comparison, type Findings, msOf } from './comparison.js';
import { drawGraphs } from './rrd-graph.js';
import { type Rrdtool, withRrdtool } from './rrdtool.js';
import { processorClockMs } from './timed.js';
import { makeYear } from './year.js';

const rounds = 12;
const warmUps = 5;
const services = 4;
/** How often the nine graphs of each service are drawn per round. */
const times = 3;
const picturesPerRound = times * services * graphTypes.length;

/** The look of pictures without host names. */
export const looks: Looks = { timeZone: 'UTC', theme: 'light', pixelRatio: 1, hosts: new Map(), note: null };

/** Measures a picture. */
export async function measurePicture({ folder, hasRrdtool }: BenchContext): Promise<Findings> {
  const year = await makeYear(folder, { services, hasRrdtool });
  const pictures = join(folder, 'graphs');
  const found = { ours: [] as number[], raw: [] as number[], theirs: [] as number[] };
  await withStore(year.dataDir, async (store) => {
    for (let round = -warmUps; round < rounds; round += 1) {
      const ours = await oursMs(store, pictures);
      const raw = await rawMs();
      const draw = (rrdtool: Rrdtool): Promise<number> =>
        drawGraphs(rrdtool, { ...year, period: 'day', types: graphTypes, times });
      const theirs = hasRrdtool ? 1000 * (await withRrdtool(draw)) : null;
      if (round < 0) continue;
      found.ours.push(ours);
      found.raw.push(raw);
      if (theirs !== null) found.theirs.push(theirs);
    }
  });
  return { comparisons: comparisons(found), notes };
}

/** Processor time per picture: rows fetched, graph defined, drawn and written. */
async function oursMs(store: Store, folder: string): Promise<number> {
  const all = await store.list();
  const reachOf = reachFinder(all);
  const archives = all.filter(({ about }) => about.kind === 'service');
  const { spanS, stepS, label } = periods.day;
  const spentMs = processorClockMs();
  for (let i = 0; i < times * services; i += 1) {
    const archive = archives[i % archives.length];
    if (archive === undefined) throw new Error('there is no service to draw');
    const span = { startS: archive.lastS - spanS, endS: archive.lastS, label };
    const set: SpanSet = { folder: join(folder, String(i)), span, rowS: stepS, pdpS: stepS };
    await drawHere(await graphJobs(store, { reach: reachOf(archive), set, looks, types: graphTypes }));
  }
  const ms = spentMs() / picturesPerRound;
  rmSync(folder, { recursive: true });
  return ms;
}

/** Processor time per picture with an area, a line, a grid and some words, encoded like the library's. */
async function rawMs(): Promise<number> {
  const { width, height } = pictureSizePx;
  const spentMs = processorClockMs();
  for (let i = 0; i < picturesPerRound; i += 1) {
    const canvas = createCanvas(width, height);
    const context = canvas.getContext('2d');
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, width, height);
    context.strokeStyle = '#d8dee4';
    for (let y = 40; y < 240; y += 40) context.strokeRect(50, y, 690, 0);
    context.beginPath();
    context.moveTo(50, 240);
    for (let x = 0; x < 288; x += 1)
      context.lineTo(50 + x * 2.4, 140 - 80 * Math.sin(i + x / 40) - 10 * Math.sin(x * 7));
    context.lineTo(740, 240);
    context.fillStyle = '#8fc0e6';
    context.fill();
    context.strokeStyle = '#1f6fb2';
    context.stroke();
    context.fillStyle = '#24292f';
    for (let word = 0; word < 24; word += 1)
      context.fillText(`${word * 12.5} Mbit/s`, 50 + (word % 12) * 57, 260 + 20 * Math.floor(word / 12));
    canvas.encodeSync('png');
    await setImmediate();
  }
  return spentMs() / picturesPerRound;
}

function comparisons({
  ours,
  raw,
  theirs,
}: Readonly<Record<'ours' | 'raw' | 'theirs', readonly number[]>>): Comparison[] {
  const work = 'one picture, from the rows to the file: processor time';
  return [
    {
      work,
      ours: msOf(ours),
      peer: '`rrdtool graph`',
      theirs: theirs.length === 0 ? null : msOf(theirs),
      target: { text: 'as little', timesBetter: 1 },
      stretch: { text: '0.6 of it', timesBetter: 1 / 0.6 },
    },
    { work, ours: msOf(ours), peer: 'a PNG of this size from the drawing library', theirs: msOf(raw) },
  ];
}

const notes = [
  `A picture: the nine graphs of a day of ${services} services, ${rounds} rounds of ${picturesPerRound} pictures, after ${warmUps * picturesPerRound} others, since a cycle draws thousands; user and system time of all threads. rrdtool tells its own.`,
];
