// Pictures over HTTP: `graphs/<period>/<name>-<type>.png`, named like the files, and `graphs/span/…?since=&until=` for any
// span; `theme=dark`, `size=tile`, `scale=2`, `share=1`, `compare=1w`, `note=0` (without the
// label of a demonstration, for pages that have it) and `zone=UTC` select variants. A picture is drawn on request, in a thread; the
// standing ones (light, whole) are in the data folder, all others are cached in memory for a while.

import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Request, Router } from 'express';
import type { ArchiveInfo } from '../../model/archive.js';
import { diskFloorBytes } from '../../model/archive.js';
import { directorName } from '../../model/names/name.js';
import type { SeriesSource } from '../../model/series.js';
import { UserError } from '../../model/user-error.js';
import { readCapacities } from '../../render/capacity/read-capacities.js';
import type { Ago } from '../../render/define/comparison.js';
import {
  type GraphType,
  isShareType,
  pictureSizePx,
  stackTypeOf,
  type TogetherType,
  tileSizePx,
} from '../../render/define/graph-request.js';
import { readGraph } from '../../render/files/content/graph-jobs.js';
import { graphTypesOf, togetherTypesOf, typesOf } from '../../render/files/content/graph-types.js';
import { archiveSubject, type SpanRows } from '../../render/files/content/span-set.js';
import type { GraphToDraw } from '../../render/files/picture-job.js';
import { pictureOnRequest, type SharedStudio } from '../../render/files/picture-on-request.js';
import { hostsOf } from '../../render/look/host-names.js';
import { readStackAnnotations } from '../../render/series/annotations.js';
import { periodNames, rowsOfStretch } from '../data/stretches.js';
import { parseQuery, type Query, searchOf } from '../query.js';
import { RequestError } from '../request-error.js';
import { parseStretch, type Stretch } from '../view.js';
import { zoneOfQuery } from '../zone.js';
import { type Answer, sendAnswer } from './answer.js';
import { createDrawn, type PictureCache } from './drawn-pictures.js';
import { knownArchive, knownType } from './known-archive.js';
import { agoOf, type LiveSources } from './live.js';
import { readStack } from './stack-asked.js';

/** Width of a picture's plot in pixels, for the choice of rows. */
const plotPx = { card: 694, tile: 326 } as const;

interface Variant {
  readonly theme: 'light' | 'dark';
  readonly size: 'card' | 'tile';
  readonly scale: '1' | '2';
  readonly isShare: boolean;
  readonly ago: Ago | null;
  readonly hasNote: boolean;
}

const standing: Variant = { theme: 'light', size: 'card', scale: '1', isShare: false, ago: null, hasNote: true };

/** Routes below `graphs/`. */
export function pictureRoutes(sources: LiveSources): Router {
  const router = Router();
  const drawn = createDrawn(sources.site);
  const answer = async (request: Request): Promise<Answer> => {
    const question = await questionOf(sources, request);
    return (await standingAnswer(sources, question)) ?? (await drawnAnswer(sources, drawn, question));
  };
  return router.get(
    '/:folder/*file',
    sources.turnstiles.pictures(async (request, response) => sendAnswer(request, response, await answer(request))),
  );
}

async function questionOf({ site, catalogue }: LiveSources, request: Request): Promise<Question> {
  const { folder, file } = request.params as unknown as { folder: string; file: readonly string[] };
  const { name, type } = splitFile(file.join('/'));
  const entries = await catalogue();
  const archive = knownArchive(entries, name);
  const known = knownType<AnyType>([...typesOf(archive), ...togetherTypesOf(archive)], type);
  const query = parseQuery(searchOf(request));
  return {
    archive,
    type: known,
    stretch: stretchOf(folder, query, entries.lastS > 0 ? entries.lastS : site.nowS()),
    variant: variantOf(query),
    zone: zoneOfQuery(query),
  };
}

/** `192.0.2.1_80/10.0.0.5_8080-cps.png`: the last `-` ends the name. */
function splitFile(file: string): { name: string; type: string } {
  const match = /^(.+)-([a-z0-9_]+)\.png$/.exec(file);
  if (match !== null) return { name: match[1] ?? '', type: match[2] ?? '' };
  throw new RequestError(404, 'a picture is called NAME-TYPE.png, such as 192.0.2.1_80-traffic.png');
}

function stretchOf(folder: string, query: Query, nowS: number): Stretch {
  if (folder === 'span') {
    if (query.text('since') !== null) return parseStretch(query, nowS);
    throw new RequestError(400, 'a picture of a span needs "since", such as since=7d');
  }
  const period = periodNames().find((one) => one.period === folder)?.period;
  if (period !== undefined) return { kind: 'period', period };
  const known = [...periodNames().map((one) => one.period), 'span'].join(', ');
  throw new RequestError(404, `there are no pictures in "${folder}": choose one of ${known}`);
}

function variantOf(query: Query): Variant {
  return {
    theme: query.oneOf('theme', ['light', 'dark']),
    size: query.oneOf('size', ['card', 'tile']),
    scale: query.oneOf('scale', ['1', '2']),
    isShare: query.flag('share'),
    ago: agoOf(query) ?? null,
    hasNote: query.oneOf('note', ['1', '0']) === '1',
  };
}

type AnyType = GraphType | TogetherType;

interface Question {
  readonly archive: ArchiveInfo;
  readonly type: AnyType;
  readonly stretch: Stretch;
  readonly variant: Variant;
  /** Null for the server's. */
  readonly zone: string | null;
}

function isStack({ archive, type }: Pick<Question, 'archive' | 'type'>): boolean {
  return archive.name === directorName || isShareType(type);
}

/**
 * A standing picture: the file of that name, redrawn if it is older than its data. Null if there is none, or if it cannot be
 * written.
 */
async function standingAnswer({ site, catalogue }: LiveSources, question: Question): Promise<Answer | null> {
  const { archive, type, stretch, variant, zone } = question;
  // Stacks are made from cached rows, standing pictures are not.
  const isStanding = !isStack(question) && JSON.stringify(variant) === JSON.stringify(standing);
  const folder = site.freeBytes() >= diskFloorBytes ? site.picturesFolder : null;
  if (!isStanding || zone !== null || stretch.kind !== 'period' || folder === null) return null;
  // Listing thousands of archives takes longer than drawing one of them.
  const list = async () => [...(await catalogue()).byName.values()];
  const { fetch, fetchBoth, fetchMany, events } = bound(site.source);
  const studio: SharedStudio = {
    lend: (use) => use({ list, fetch, fetchBoth, fetchMany, events }),
    // Others would have to wait for a lock, only to find the picture drawn by then.
    alone: (_path, use) => use(),
    draw: site.drawFiles,
    folder,
    looks: site.looks(),
    ...site.drawnSince(),
  };
  const { period } = stretch;
  let path: string;
  try {
    path = await pictureOnRequest(studio, { name: archive.name, type, period });
  } catch (error) {
    if (error instanceof UserError && error.code === 'picture-not-written') return null;
    throw error;
  }
  const { mtimeMs, size, ino } = statSync(path);
  return {
    key: [mtimeMs, size, ino],
    make: async () => ({
      file: { parts: [archive.name, type, period], suffix: 'png' },
      changedMs: mtimeMs,
      body: { type: 'png', bytes: await readFile(path) },
    }),
  };
}

function bound(source: SeriesSource): Omit<SeriesSource, 'list'> {
  return {
    fetch: (query) => source.fetch(query),
    fetchBoth: (query) => source.fetchBoth(query),
    fetchMany: (query) => source.fetchMany(query),
    events: (query) => source.events(query),
  };
}

async function drawnAnswer(sources: LiveSources, drawn: PictureCache, question: Question): Promise<Answer> {
  const { site, catalogue } = sources;
  const { archive, type, stretch, variant } = question;
  const timeZone = question.zone ?? site.looks().timeZone;
  const { lastS } = await catalogue();
  const ground = { lastS, timeZone, widthPx: plotPx[variant.size] * Number(variant.scale) };
  const rows = await rowsOfStretch(site.source, { archive, stretch }, ground);
  const key = [archive.name, archive.goneS, type, rows, variant, timeZone, site.collecting().generation];
  return {
    key,
    make: async () => ({
      body: { type: 'png', bytes: await drawn(JSON.stringify(key), () => graphOf(sources, question, rows)) },
      file: { parts: [archive.name, type, ...(variant.isShare ? ['share'] : [])], span: rows.span, suffix: 'png' },
    }),
  };
}

/** The graph to draw for a question. */
async function graphOf(sources: LiveSources, question: Question, rows: SpanRows): Promise<GraphToDraw> {
  const { site, catalogue } = sources;
  const { archive, type, variant } = question;
  const { note, hosts, capacity, timeZone: serverZone } = site.looks();
  const timeZone = question.zone ?? serverZone;
  const tile = variant.size === 'tile';
  const frame = {
    span: rows.span,
    timeZone,
    note: variant.hasNote ? note : null,
    theme: variant.theme,
    sizePx: tile ? tileSizePx : pictureSizePx,
    pixelRatio: variant.scale === '2' ? 2 : 1,
    tile,
  } as const;
  if (isStack(question)) {
    const asked = knownType(togetherTypesOf(archive), type);
    const stack = await readStack(sources, { archive, type: asked }, rows);
    const annotations = await readStackAnnotations(site.source, archive, rows);
    const subject = archiveSubject(archive, hosts);
    const of = { archive, hosts: hostsOf(archive.name, hosts), capacity, types: [stackTypeOf(asked)] };
    const capacities = await readCapacities(site.source, of);
    return {
      kind: 'stack',
      request: {
        ...frame,
        ...annotations,
        capacities,
        subject,
        type: stackTypeOf(asked),
        stack,
        isShare: variant.isShare,
      },
    };
  }
  const reach = (await catalogue()).reachOf(archive);
  const known = knownType(graphTypesOf(archive), type);
  const wanted = { reach, set: rows, hosts, capacity, ago: variant.ago ?? undefined, types: [known] };
  return { kind: 'graph', request: { ...frame, ...(await readGraph(site.source, wanted)), type: known } };
}
