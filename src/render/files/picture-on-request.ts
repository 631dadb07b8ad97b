// A standing picture on request: drawn if it is missing or older than its data, and only once for all concurrent requests, in
// this process or in others: later ones wait, and find it drawn. A refresh leaves to it whatever does not fit its budget, and
// nothing waits for the refresh.
// Knows nothing of HTTP: it answers with a path.

import { type ArchiveInfo, newestReadingS } from '../../model/archive.js';
import { directorName } from '../../model/names/name.js';
import { reachFinder } from '../../model/service/outbound.js';
import { realServersByService } from '../../model/service/real-servers.js';
import { UserError } from '../../model/user-error.js';
import {
  isProcessorType,
  isShareType,
  type Period,
  periods,
  processorTypes,
  stackTypes,
} from '../define/graph-request.js';
import { graphJobs } from './content/graph-jobs.js';
import { graphTypesOf, togetherTypesOf, typesOf } from './content/graph-types.js';
import type { SpanSet } from './content/span-set.js';
import { readDirector, stackJobs } from './content/stack-jobs.js';
import { isUpToDate, noteView, picturePath } from './picture-file.js';
import type { PictureJob } from './picture-job.js';
import { processorJobs, processorsOf } from './processor-stacks.js';
import { shareJobs } from './service-stacks.js';
import { beginStacks } from './stack-progress.js';
import { addServices, type Studio, standingSet } from './standing-picture.js';

/** A requested standing picture: archive name, graph type and period, as given. */
export interface PictureQuestion {
  readonly name: string;
  readonly type: string;
  readonly period: string;
}

/** There is no such picture; says what is wrong with the request, and which pictures exist instead. */
export class NoSuchPictureError extends UserError {
  declare readonly code: 'no-such-archive' | 'no-such-graph' | 'no-such-period';

  constructor(code: NoSuchPictureError['code'], message: string) {
    super(code, message);
  }
}

/** The means to draw pictures on request, in several processes at a time. */
export interface SharedStudio extends Studio {
  /**
   * Calls `use` while no other process does so for the same path; an implementation may also call it at once, which only costs
   * time.
   */
  readonly alone: <T>(path: string, use: () => Promise<T>) => Promise<T>;
}

const underWay = new Map<string, Promise<string>>();

/**
 * The path of a standing picture that shows every row present at the first of the concurrent requests; the request is noted as a view.
 * Throws a `NoSuchPictureError`, or a `UserError` if it cannot be read or drawn; the next request tries again.
 */
export function pictureOnRequest(studio: SharedStudio, question: PictureQuestion): Promise<string> {
  const key = JSON.stringify([studio.folder, question.name, question.type, question.period]);
  const running = underWay.get(key);
  if (running !== undefined) return running;
  const answer = answerTo(studio, question)
    .then((path) => {
      noteView(path, Date.now());
      return path;
    })
    .finally(() => underWay.delete(key));
  underWay.set(key, answer);
  return answer;
}

async function answerTo(studio: SharedStudio, { name, type, period }: PictureQuestion): Promise<string> {
  if (!isPeriod(period)) {
    const known = Object.keys(periods).join(', ');
    throw new NoSuchPictureError('no-such-period', `there are no pictures of "${period}": choose one of ${known}`);
  }
  const archives = await studio.lend((source) => source.list());
  const archive = archives.find((one) => one.name === name);
  if (archive === undefined) {
    const advice = '"lvs-stats list" shows the names';
    throw new NoSuchPictureError('no-such-archive', `there is no archive named ${JSON.stringify(name)}: ${advice}`);
  }
  const realServers = realServersByService(archives).get(name) ?? [];
  const heatTypes = name === directorName && processorsOf(archives).length > 0 ? processorTypes : [];
  const types = [
    ...typesOf(archive),
    ...heatTypes,
    ...(realServers.length > 0 ? togetherTypesOf(archive).filter(isShareType) : []),
  ];
  if (!types.some((known) => known === type)) {
    const known = types.join(', ');
    throw new NoSuchPictureError('no-such-graph', `${name} has no graph "${type}": choose one of ${known}`);
  }
  const lastS = newestReadingS(archives);
  const set = standingSet(studio.folder, archive, { period, lastS });
  const path = picturePath(set.folder, name, type);
  const isDue = (): boolean => !isUpToDate(path, set.span.endS, studio);
  if (!isDue()) return path;
  await studio.alone(path, async () => {
    if (!isDue()) return;
    const drawn = await studio.draw(await jobsFor(studio, archives, { archive, realServers, set, type }));
    const failed = drawn.find((one) => typeof one !== 'string');
    if (failed !== undefined) throw new UserError('picture-not-written', failed.reason);
  });
  return path;
}

interface PictureRequest {
  readonly archive: ArchiveInfo;
  readonly realServers: readonly ArchiveInfo[];
  readonly set: SpanSet;
  readonly type: string;
}

async function jobsFor(
  studio: Studio,
  archives: readonly ArchiveInfo[],
  { archive, realServers, set, type }: PictureRequest,
): Promise<readonly PictureJob[]> {
  const { looks, lend } = studio;
  if (archive.name === directorName) {
    if (isProcessorType(type)) {
      const processors = processorsOf(archives);
      return lend((source) => processorJobs(source, { processors, set, looks, types: [type] }));
    }
    const types = stackTypes.filter((known) => known === type);
    const begun = beginStacks(set, archive.lastS);
    const { progress } = await addServices(studio, archives, { set, progress: begun, goesOn: () => true });
    const director = await lend((source) => readDirector(source, set, { archives, looks }));
    return stackJobs(progress.stacks, { set, looks, ...director, types });
  }
  if (isShareType(type)) {
    return lend((source) => shareJobs(source, { service: archive, realServers, set, looks, types: [type] }));
  }
  const types = graphTypesOf(archive).filter((known) => known === type);
  const reach = reachFinder(archives)(archive);
  return lend((source) => graphJobs(source, { reach, set, looks, types }));
}

function isPeriod(text: string): text is Period {
  return Object.hasOwn(periods, text);
}
