// One picture to draw, as plain data that can be passed to another thread, and its drawing.

import { setImmediate } from 'node:timers/promises';
import { defineGraph } from '../define/define-graph.js';
import type { GraphRequest } from '../define/graph-request.js';
import { defineTogether } from '../define/heat/define-heat.js';
import type { Picture } from '../define/picture.js';
import type { StackRequest } from '../define/stack/stack-request.js';
import { drawPng } from '../png/draw-png.js';
import { type DrawOutcome, failedPicture } from '../png/draw-tally.js';
import { graphFingerprint } from './fingerprint.js';
import { confirmPicture, fingerprintOf, writePicture } from './picture-file.js';

/** A graph to draw. */
export type GraphToDraw =
  | { readonly kind: 'graph'; readonly request: GraphRequest }
  | { readonly kind: 'stack'; readonly request: StackRequest };

/** A picture to draw into a file; `dataS` is the time of its newest row. */
export interface PictureJob {
  readonly path: string;
  readonly dataS: number;
  readonly graph: GraphToDraw;
}

/**
 * Draws pictures one after the other. A failure is reported, and ends the rest only if they would fail too. The event loop
 * turns between pictures, since only then are their pixels freed.
 */
export async function drawPictures(jobs: readonly PictureJob[]): Promise<readonly DrawOutcome[]> {
  const results: DrawOutcome[] = [];
  for (const job of jobs) {
    const result = tryDrawing(job);
    results.push(result);
    if (typeof result !== 'string' && result.endsAll) break;
    await setImmediate();
  }
  return results;
}

/** Draws a graph into memory: the bytes of a PNG. The event loop turns here too, since a waiting thread does not do so by itself. */
export async function drawBytes(graph: GraphToDraw): Promise<Uint8Array> {
  const png = new Uint8Array(drawPng(define(graph)));
  await setImmediate();
  return png;
}

function define(graph: GraphToDraw): Picture {
  return graph.kind === 'graph' ? defineGraph(graph.request) : defineTogether(graph.request);
}

function tryDrawing(job: PictureJob): DrawOutcome {
  try {
    return drawPicture(job);
  } catch (error) {
    return failedPicture(job.path, error);
  }
}

/** Draws the picture unless the one on disk has the same pixels. Throws a `UserError` if it cannot be written. */
function drawPicture({ path, dataS, graph }: PictureJob): 'drawn' | 'same' {
  const defined = define(graph);
  const fingerprint = graphFingerprint(defined);
  if (fingerprintOf(path) === fingerprint) {
    confirmPicture(path, dataS);
    return 'same';
  }
  writePicture(path, drawPng(defined, { fingerprint }), dataS);
  return 'drawn';
}
