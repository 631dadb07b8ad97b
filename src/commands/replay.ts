// `lvs-stats replay`: recorded listings into the archives, oldest first.

import type { Command } from 'commander';
import { listRecordings, type RecordedMoment, readHaproxyRecording, readRecording } from '../collect/recording.js';
import type { Cycle, Table } from '../model/cycle.js';
import { interpretCycle } from '../model/interpret-cycle.js';
import type { Retention } from '../model/retention.js';
import { UserError } from '../model/user-error.js';
import type { Archives } from '../store/archives.js';
import { takeLock } from '../store/lock.js';
import { defaultWaitMs, withWritableArchives } from '../store/open.js';
import { StoreError } from '../store/store-error.js';
import { refuseDemonstration } from './demonstration.js';
import { workAsOwner } from './owner.js';
import { createProgress } from './progress.js';
import { retentionOption, withChosen } from './retention-option.js';
import { addCommand, print, say } from './settings.js';

/** Milliseconds after which the archives are let go for others. */
const turnMs = 1000;

const help = `
DIR holds pairs as "collect --record DIR" writes them, named for the second they were read at:
  EPOCH.stats.txt   output of "ipvsadm -L -n --stats --exact"
  EPOCH.table.txt   output of "ipvsadm -L -n"
  EPOCH.haproxy.csv output of HAProxy's "show stat", beside a pair or alone
Readings that are not newer than the last one stored are skipped: after an interruption, run it again.`;

/** What a replay did so far. */
interface Tally {
  stored: number;
  skipped: number;
  failed: number;
}

/** Adds the command. */
export function addReplay(program: Command): void {
  addCommand(program, 'replay <dir>', 'Loads recorded outputs of ipvsadm and HAProxy into the archives, oldest first.')
    .addOption(retentionOption())
    .addHelpText('after', help)
    .action(async (dir: string, { data, retention }: { data: string; retention?: Retention }) => {
      refuseDemonstration(data);
      workAsOwner(data);
      const { moments, notes } = await listRecordings(dir);
      for (const note of notes) say(note);
      if (moments.length === 0) {
        throw new UserError(
          'empty-recording',
          `there is no pair of EPOCH.stats.txt and EPOCH.table.txt in ${dir}, and no EPOCH.haproxy.csv`,
        );
      }
      const tally = await replay(data, moments, retention);
      print(
        `${tally.stored} stored, ${tally.skipped} skipped (not newer than the last reading), ${tally.failed} failed`,
      );
      if (tally.failed > 0) process.exitCode = 1;
    });
}

async function replay(
  dataDir: string,
  entries: readonly RecordedMoment[],
  retention: Retention | undefined,
): Promise<Tally> {
  let tally: Tally = { stored: 0, skipped: 0, failed: 0 };
  const progress = createProgress('replay', entries.length);
  for (let next = 0; next < entries.length; ) {
    const lock = await takeLock(dataDir, 'collect', defaultWaitMs);
    if (lock === null)
      throw new StoreError('busy', `a collector has been at work in ${dataDir} for too long: try again`);
    try {
      const chosen = (table: Table): Table => withChosen(table, retention);
      const turn = { entries, chosen, next, progress, appended: new Set<number>() };
      const taken = await withWritableArchives(dataDir, (archives) => takeTurn(archives, turn));
      next = taken.next;
      tally = sumOf(tally, taken);
    } finally {
      await lock.release();
    }
  }
  return tally;
}

interface Turn {
  /** The table with what archives are to keep. */
  readonly chosen: (table: Table) => Table;
  readonly entries: readonly RecordedMoment[];
  readonly next: number;
  readonly progress: (done: number) => void;
  /** Times of the pairs that were stored in this turn, or may have been: it is begun again where a connection was lost. */
  readonly appended: Set<number>;
}

interface TakenTurn extends Tally {
  /** The number of the next pair. */
  readonly next: number;
}

/** Stores pairs until the turn is over. */
async function takeTurn(archives: Archives, { entries, chosen, next, progress, appended }: Turn): Promise<TakenTurn> {
  const tally: Tally = { stored: 0, skipped: 0, failed: 0 };
  const untilMs = performance.now() + turnMs;
  let table = chosen(await archives.latest());
  let at = next;
  for (; at < entries.length && performance.now() < untilMs; at += 1) {
    const entry = entries[at];
    if (entry === undefined) break;
    if (table.timeS !== null && entry.timeS <= table.timeS) {
      if (appended.has(entry.timeS)) tally.stored += 1;
      else tally.skipped += 1;
    } else {
      const cycle = readCycle(table, entry, tally);
      if (cycle !== null) {
        if (cycle.readings.length > 0) appended.add(entry.timeS);
        await archives.append(cycle, false);
        table = cycle.table;
      }
    }
    progress(at + 1);
  }
  await archives.sync();
  return { ...tally, next: at };
}

function sumOf(a: Tally, b: Tally): Tally {
  return { stored: a.stored + b.stored, skipped: a.skipped + b.skipped, failed: a.failed + b.failed };
}

/** What cannot be understood is a failed cycle of its source: told, recorded (once; null after that), and passed over. */
function readCycle(table: Table, { timeS, pair, haproxyPath }: RecordedMoment, tally: Tally): Cycle | null {
  const lvs = pair === null ? null : readOr(() => readRecording(pair));
  const haproxy = haproxyPath === null ? null : readOr(() => readHaproxyRecording(haproxyPath));
  const problems = [lvs, haproxy].filter((read) => read instanceof UserError);
  for (const { message } of problems) say(message);
  const isRead = [lvs, haproxy].some((read) => read !== null && !(read instanceof UserError));
  if (problems.length > 0) tally.failed += 1;
  if (isRead) tally.stored += 1;
  else if (timeS <= Math.max(table.failure?.lastS ?? 0, table.haproxy.failure?.lastS ?? 0)) return null;
  return interpretCycle(table, {
    timeS,
    host: null,
    lvs: lvs instanceof UserError ? { timeS, code: lvs.code, message: lvs.message } : lvs,
    haproxy: haproxy instanceof UserError ? { code: haproxy.code, message: haproxy.message } : haproxy,
  });
}

function readOr<T>(read: () => T): T | UserError {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}
