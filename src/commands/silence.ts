// `lvs-stats silence`: keeps a finding that is known already from counting, until a time.

import type { Command } from 'commander';
import { formatLocal } from '../cli/local-time.js';
import { workAsOwner } from '../cli/owner.js';
import { addPolicyOption } from '../cli/policy/policy-file.js';
import { addCommand, print, printText, say } from '../cli/settings.js';
import { formatColumns } from '../cli/text-table.js';
import { type DirectorStatus, readDirectorStatus } from '../cycle/director-status.js';
import { type Finding, findingId } from '../model/finding/finding.js';
import { findingLine } from '../model/finding/finding-text.js';
import { isInForce, isPatternOf, maxPattern, maxReason, type Silence } from '../model/policy/silence.js';
import { countOf } from '../model/text/count-of.js';
import { ageS, isAge, parseTime } from '../model/time/parse-time.js';
import { UserError } from '../model/user-error.js';
import { noData, withWritableArchives } from '../store/open.js';
import type { StoredSilence } from '../store/silences.js';

const help = `
Without FINDING, it lists the open findings with their ids, and the silences.

FINDING is an id, which silences this occurrence only, or a pattern in which * stands for any characters: a kind (share-off), a service
or a host (192.0.2.1:80), or both (share-off/192.0.2.*). A silenced finding stays visible on the first page, in "status" and in /api/findings, but
does not count. A silence that has no end belongs in the policy file (--policy). Silences are part of a backup.

Examples:
  lvs-stats silence server-drained/10.0.3.12 --until 2h --why 'kernel update'
  lvs-stats silence 'share-off/*' --until '2026-12-24 08:00' --why 'canary release'
  lvs-stats silence 'share-off/*' --end`;

/** Silences last at most a year: a longer one is forgotten. */
const longestS = 366 * 86_400;

interface SilenceOptions {
  readonly data: string;
  readonly policy?: string;
  readonly until?: string;
  readonly why?: string;
  readonly end?: boolean;
}

/** Adds the command. */
export function addSilence(program: Command): void {
  addPolicyOption(
    addCommand(program, 'silence [finding]', {
      group: 'Watch',
      description: 'Keeps a known finding from counting until a time, and lists what is silenced.',
    }),
  )
    .option('--until <time>', 'its end: a length of time from now (2h, 3d) or a date')
    .option('--why <text>', 'the reason, shown beside the finding')
    .option('--end', 'end the silence now')
    .addHelpText('after', help)
    .action(async (pattern: string | undefined, options: SilenceOptions) => {
      const { data, policy, until, why, end } = options;
      const given = [until, why, end].filter((one) => one !== undefined).length;
      if (pattern === undefined) {
        if (given > 0) throw new UserError('bad-command', 'name the finding: "lvs-stats silence" lists the open ones');
        workAsOwner(data);
        return listSilences(await readDirectorStatus(data, policy));
      }
      if (end === true) {
        if (given > 1) throw new UserError('bad-command', 'use --end alone, or --until with --why');
        workAsOwner(data);
        return endSilence(data, pattern);
      }
      if (until === undefined || why === undefined) {
        throw new UserError('bad-command', 'say until when and why: --until 2h --why TEXT, or --end to end a silence');
      }
      const nowS = Math.floor(Date.now() / 1000);
      const silence = {
        pattern: checked(pattern, 'the finding', maxPattern),
        untilS: endS(until, nowS),
        why: checked(why, '--why', maxReason),
        sinceS: nowS,
      };
      workAsOwner(data);
      const status = await readDirectorStatus(data, policy);
      if (status.lastS === null) throw noData(data);
      const earlier = await replaceSilence(data, silence);
      printSilenced(status, silence, earlier);
    });
}

/** Stores a silence; the result is the one of the same pattern that it replaces, null if none is in force. */
async function replaceSilence(data: string, silence: StoredSilence): Promise<Silence | null> {
  return withWritableArchives(data, async (archives) => {
    const stored = await archives.silences();
    await archives.silence(silence);
    return stored.find((one) => one.pattern === silence.pattern && isInForce(one, silence.sinceS)) ?? null;
  });
}

function printSilenced(status: DirectorStatus, silence: StoredSilence, earlier: Silence | null): void {
  const { pattern, untilS } = silence;
  const meant = allOf(status).filter((finding) => isPatternOf(pattern, finding));
  print(`silenced until ${formatLocal(untilS)}: ${countOf(meant.length, 'open finding')}`);
  if (earlier !== null) print(`instead of: ${endWords(earlier)}, ${earlier.why}`);
  for (const finding of meant) print(`  ${findingLine(finding)}`);
  if (meant.length === 0) say(`no open finding matches "${pattern}" now; "lvs-stats silence" lists them`);
}

function endWords({ untilS }: Silence): string {
  return untilS === null ? 'by the policy' : `until ${formatLocal(untilS)}`;
}

function checked(text: string, what: string, most: number): string {
  if (text.trim() !== '' && text.length <= most && !/\p{Cc}/u.test(text)) return text;
  throw new UserError('bad-command', `${what} takes one line of 1 to ${most} characters`);
}

/** The end of a silence. Throws a `UserError` when it is not ahead, or more than a year away. */
function endS(text: string, nowS: number): number {
  const untilS = isAge(text) ? nowS + ageS(text) : parseTime(text, nowS);
  if (untilS > nowS && untilS <= nowS + longestS) return untilS;
  throw new UserError('bad-time', `--until ${text}: write a time ahead, within a year: 2h, 3d, or a date`);
}

function allOf({ verdict: { findings, silenced } }: DirectorStatus): readonly Finding[] {
  return [...findings, ...silenced.map(({ finding }) => finding)];
}

async function endSilence(data: string, pattern: string): Promise<void> {
  const isEnded = await withWritableArchives(data, (archives) => archives.endSilence(pattern));
  if (isEnded) return print(`ended: ${pattern}`);
  throw new UserError(
    'no-such-silence',
    `no silence of "${pattern}": "lvs-stats silence" lists them; those of the policy end when they are removed from its file`,
  );
}

function listSilences(status: DirectorStatus): void {
  const { nowS, silences, verdict } = status;
  const quiet = new Map(verdict.silenced.map(({ finding, silence }) => [finding, silence]));
  const findings = allOf(status).map((finding) => {
    const silence = quiet.get(finding);
    const words = silence === undefined ? '' : `${endWords(silence)}: ${silence.why}`;
    return [findingId(finding), findingLine(finding), ...(quiet.size > 0 ? [words] : [])];
  });
  const rows = silences
    .filter((one) => isInForce(one, nowS))
    .map(({ pattern, untilS, why }) => [untilS === null ? 'by the policy' : formatLocal(untilS), pattern, why]);
  if (findings.length === 0) print('No finding is open.');
  else printText(formatColumns(['id', 'finding', ...(quiet.size > 0 ? ['silenced'] : [])], findings));
  if (rows.length > 0) printText(`\n${formatColumns(['silenced until', 'pattern', 'reason'], rows)}`);
}
