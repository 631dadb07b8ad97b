// Reads some archives of a span while the database is held; they are drawn after it is released. Reopening it for each archive would cost
// as much as reading one: LevelDB opens its files and reads their indexes again. So a turn takes several archives, but no longer than a
// collector can wait.

import type { ArchiveInfo } from '../model/archive.js';
import { directorName } from '../model/names/name.js';
import type { PictureJob } from '../render/files/picture-job.js';
import { archivesAtATime } from '../render/files/standing-picture.js';
import { hostsOf } from '../render/look/host-names.js';
import type { ReportSpan } from '../report/archive-report.js';
import { readArchiveReport } from '../report/report.js';
import type { ReportSource } from '../report/stretches.js';
import { hasQuantities } from '../report/traffic.js';
import type { AnyType, SpanGround, SpanJobs } from './span-jobs.js';

/** Milliseconds after which a turn starts no further archive. */
const turnMs = 500;

/** The request for some archives: their figures if `span` is given, their pictures if `jobs` is. */
export interface TurnRequest {
  readonly ground: SpanGround;
  readonly span?: ReportSpan | undefined;
  readonly jobs?: SpanJobs | undefined;
  readonly types: readonly AnyType[] | undefined;
}

/** The data read of an archive. */
export interface ArchiveTurn {
  readonly numbers: Awaited<ReturnType<typeof readArchiveReport>> | null;
  readonly jobs: readonly PictureJob[];
}

/** Reads some archives from the front, at least one. */
export async function readTurn(wanted: TurnRequest, archives: readonly ArchiveInfo[]): Promise<readonly ArchiveTurn[]> {
  const { ground, jobs, types } = wanted;
  const turn = await ground.lend(async (source) => {
    const read: ArchiveTurn[] = [];
    const untilMs = performance.now() + turnMs;
    for (const archive of archives.slice(0, archivesAtATime)) {
      read.push(await readOne(wanted, archive, source));
      // Its stacks are read with archives that are lent repeatedly.
      if (archive.name === directorName || performance.now() >= untilMs) break;
    }
    return read;
  });
  const [last, lastRead] = [archives[turn.length - 1], turn.at(-1)];
  if (jobs === undefined || lastRead === undefined || last?.name !== directorName) return turn;
  return [...turn.slice(0, -1), { ...lastRead, jobs: await jobs(last, { types }) }];
}

async function readOne(
  { ground, span, jobs, types }: TurnRequest,
  archive: ArchiveInfo,
  source: ReportSource,
): Promise<ArchiveTurn> {
  const { hosts, capacity } = ground.looks;
  const of = { reach: ground.reachOf(archive), hosts: hostsOf(archive.name, hosts), capacity };
  const isPictured = jobs !== undefined && archive.name !== directorName;
  return {
    numbers: span === undefined || !hasQuantities(archive) ? null : await readArchiveReport(source, of, span),
    jobs: isPictured ? await jobs(archive, { types, lend: (use) => use(source) }) : [],
  };
}
