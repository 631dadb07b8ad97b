// `lvs-stats replay`: stores recorded listings in the archives, oldest first.

import type { Command } from 'commander';
import { retentionOption, withChosen } from '../cli/options/retention-option.js';
import { workAsOwner } from '../cli/owner.js';
import { addPolicyOption, readPolicy } from '../cli/policy/policy-file.js';
import { createProgress } from '../cli/progress.js';
import { addCommand, print, say } from '../cli/settings.js';
import type { ParsedStatistics } from '../collect/haproxy/parse-show-stat.js';
import { listRecordings, type RecordedMoment, readHaproxyRecording, readRecording } from '../collect/recording.js';
import { noteEntries } from '../cycle/notes/note-entries.js';
import { believedOf } from '../cycle/sources/haproxy-source.js';
import { faultOf, orError } from '../cycle/sources/source.js';
import { refuseDemonstration } from '../demonstration/demonstration.js';
import { type FindingGround, withFindings } from '../interpret/findings/find.js';
import { readUsualWeek } from '../interpret/findings/usual.js';
import { withHidden } from '../interpret/hidden-entries.js';
import { interpretCycle } from '../interpret/interpret.js';
import { newNotes, withLeftOut } from '../interpret/left-out.js';
import { type Cycle, type KnownState, sourcesIn } from '../model/cycle.js';
import { isLeftOut, type Note } from '../model/note.js';
import type { Policy } from '../model/policy/policy.js';
import type { Retention } from '../model/retention.js';
import { hasReadings } from '../model/table/row-readings.js';
import { UserError } from '../model/user-error.js';
import { readPeaks } from '../render/capacity/read-peaks.js';
import type { Archives } from '../store/archives.js';
import { takeLock } from '../store/lock.js';
import { defaultWaitMs, withWritableArchives } from '../store/open.js';
import { StoreError } from '../store/store-error.js';

/** Milliseconds after which the archives are released for others. */
const turnMs = 1000;

const help = `
DIR holds pairs that "collect --record DIR" wrote, named for the second of the reading:
  EPOCH.stats.txt   output of "ipvsadm -L -n --stats --exact"
  EPOCH.table.txt   output of "ipvsadm -L -n"
  EPOCH.host.txt    use of the kernel's other tables, beside a pair
  EPOCH.haproxy.csv output of HAProxy's "show stat", beside a pair or alone
It skips readings that are not newer than the last one stored, so it can be run again after an interruption.`;

/** The progress of a replay. */
interface Tally {
  stored: number;
  skipped: number;
  failed: number;
  /** Among the stored ones. */
  leftOut: number;
}

const noTally: Tally = { stored: 0, skipped: 0, failed: 0, leftOut: 0 };

interface ReplayOptions {
  readonly data: string;
  readonly retention?: Retention;
  readonly policy?: string;
}

/** Adds the command. */
export function addReplay(program: Command): void {
  addPolicyOption(
    addCommand(program, 'replay <dir>', {
      group: 'Collect',
      description: 'Loads recorded outputs of ipvsadm and HAProxy, oldest first.',
    }),
  )
    .addOption(retentionOption())
    .addHelpText('after', help)
    .action(async (dir: string, { data, retention, policy }: ReplayOptions) => {
      refuseDemonstration(data);
      const { policy: inForce, problem } = await readPolicy(policy, () => Date.now() / 1000);
      if (problem !== null) throw new UserError('bad-config', problem.text);
      workAsOwner(data);
      const { moments } = await listRecordings(dir);
      if (moments.every(isHalf)) {
        for (const { pair } of moments)
          if (pair instanceof UserError) say(pair.message, { level: 'error', code: pair.code });
        throw new UserError(
          'empty-recording',
          `${dir} has neither a pair of EPOCH.stats.txt and EPOCH.table.txt nor an EPOCH.haproxy.csv`,
        );
      }
      const tally = await replay(data, moments, { retention, policy: inForce });
      const leftOut = tally.leftOut === 0 ? '' : `; ${tally.leftOut} of them left entries out`;
      print(
        `${tally.stored} stored, ${tally.skipped} skipped (not newer than the last reading), ${tally.failed} failed${leftOut}`,
      );
      if (tally.failed > 0) process.exitCode = 1;
    });
}

interface ReplayGround {
  readonly retention: Retention | undefined;
  readonly policy: Policy;
}

async function replay(
  dataDir: string,
  entries: readonly RecordedMoment[],
  { retention, policy }: ReplayGround,
): Promise<Tally> {
  let tally: Tally = noTally;
  const remarked = new Set<string>();
  const progress = createProgress('replay', entries.length);
  for (let next = 0; next < entries.length; ) {
    const lock = await takeLock(dataDir, 'collect', defaultWaitMs);
    if (lock === null)
      throw new StoreError('busy', `a collector has been at work in ${dataDir} for too long: try again`);
    try {
      const chosen = (table: KnownState): KnownState => withChosen(table, retention);
      const turn = { entries, chosen, policy, next, progress, remarked, appended: new Set<number>() };
      const taken = await withWritableArchives(dataDir, (archives) => takeTurn(archives, turn));
      next = taken.next;
      tally = tallySum(tally, taken);
    } finally {
      await lock.release();
    }
  }
  return tally;
}

interface Turn {
  /** The table with the chosen retention. */
  readonly chosen: (table: KnownState) => KnownState;
  readonly policy: Policy;
  readonly entries: readonly RecordedMoment[];
  readonly next: number;
  readonly progress: (done: number) => void;
  /** Remarks already reported: the files of a year may all give the same. */
  readonly remarked: Set<string>;
  /** Times of the pairs that were, or may have been, stored in this turn: it restarts after a lost connection. */
  readonly appended: Set<number>;
}

interface TakenTurn extends Tally {
  /** The number of the next pair. */
  readonly next: number;
}

/** Stores pairs until the end of the turn. */
async function takeTurn(
  archives: Archives,
  { entries, chosen, policy, next, progress, remarked, appended }: Turn,
): Promise<TakenTurn> {
  const { thresholds, redundancy: rules, topology } = policy;
  const measures = { thresholds, redundancy: { rules, topology } };
  const tally: Tally = { ...noTally };
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
      const read = await readCycle(table, entry, { tally, remarked });
      const cycle =
        read === null
          ? null
          : withFindings(table, read, { ...(await groundAt(archives, table, entry.timeS)), ...measures });
      if (cycle !== null) {
        if (hasReadings(cycle)) appended.add(entry.timeS);
        await archives.append(cycle, false);
        table = cycle.table;
      }
    }
    progress(at + 1);
  }
  await archives.sync();
  return { ...tally, next: at };
}

/** The measures by which a cycle at that time is judged. */
async function groundAt(archives: Archives, table: KnownState, timeS: number): Promise<FindingGround> {
  const usual = await readUsualWeek((atS) => archives.baselines(atS), timeS, table);
  return { usual, peaks: await readPeaks(archives, table, timeS) };
}

function tallySum(a: Tally, b: Tally): Tally {
  return {
    stored: a.stored + b.stored,
    skipped: a.skipped + b.skipped,
    failed: a.failed + b.failed,
    leftOut: a.leftOut + b.leftOut,
  };
}

/** Is half a pair all that was recorded of a moment? */
function isHalf({ pair, haproxyPath }: RecordedMoment): boolean {
  return pair instanceof UserError && haproxyPath === null;
}

/** Unreadable recordings are a failed cycle of their source: reported, recorded (once; null after that), and skipped. */
async function readCycle(
  table: KnownState,
  { timeS, pair, haproxyPath }: RecordedMoment,
  { tally, remarked }: { readonly tally: Tally; readonly remarked: Set<string> },
): Promise<Cycle | null> {
  const lvs = pair === null || pair instanceof UserError ? pair : await orError(() => readRecording(pair));
  const haproxy = haproxyPath === null ? null : await readStatistics(haproxyPath, table);
  const read = [lvs, haproxy].filter((one) => one !== null);
  const problems = read.filter((one) => one instanceof UserError);
  for (const { message, code } of problems) say(message, { level: 'error', code });
  if (problems.length > 0) tally.failed += 1;
  const notes = read.flatMap((one) => (one instanceof UserError ? [] : one.notes));
  if (problems.length < read.length) {
    tally.stored += 1;
    if (notes.some(isLeftOut)) tally.leftOut += 1;
  } else if (timeS <= Math.max(...sourcesIn(table).map(({ failure }) => failure?.lastS ?? 0))) return null;
  reportNews(table, notes, remarked);
  const cycle = interpretCycle(table, {
    timeS,
    host: null,
    director: lvs instanceof UserError ? faultOf(lvs) : lvs && withHidden(table.director, lvs.snapshot),
    haproxy: haproxy instanceof UserError ? faultOf(haproxy) : (haproxy?.reading ?? null),
  });
  if (problems.length === read.length) return cycle;
  return withLeftOut(table, cycle, problems.length === 0 ? notes : null);
}

/** Reports left-out entries when they first occur, and each kind of remark once: an unreadable entry is the same in all files of a year. */
function reportNews(table: KnownState, notes: readonly Note[], remarked: Set<string>): void {
  const news = newNotes(table, notes).filter(({ kind, entry, text }) => {
    const remark = `${entry} ${text.replaceAll(/\d+/g, '0')}`;
    return kind !== 'remark' || (!remarked.has(remark) && remarked.add(remark));
  });
  for (const { text, level } of noteEntries(table, news)) say(text, { level });
}

/** HAProxy's statistics of a moment, judged as in a cycle. */
async function readStatistics(path: string, { haproxy }: KnownState): Promise<ParsedStatistics | UserError> {
  const parsed = await orError(() => readHaproxyRecording(path));
  if (parsed instanceof UserError) return parsed;
  const read = believedOf(parsed.reading, haproxy, path);
  return read instanceof UserError ? read : parsed;
}
