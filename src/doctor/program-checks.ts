// Checks the program's own foundations: Node.js, its font, the clock.

import { type Check, fine, problem, warning } from './check.js';

/** As in package.json, `engines`. */
const oldestNode = [20, 15] as const;

/** 2025-01-01: no correct clock shows an earlier time. */
const programWrittenS = 1_735_689_600;

/** Seconds by which the clocks of a machine and its file server may differ. */
const clockSlackS = 300;

/** `version` has the form of `process.version`. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = (/^v(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return fine('Node.js', version);
  const oldest = oldestNode.join('.');
  return problem('Node.js', `${version} is older than v${oldest}`, `install Node.js ${oldest} or newer`);
}

/** `fontProblem` returns why the shipped font cannot be used; null when it can. */
export function checkFont(fontProblem: () => string | null): Check {
  const found = fontProblem();
  if (found === null) return fine('font', 'the font for pictures is installed');
  return problem('font', found, 'reinstall lvs-stats, which includes the font');
}

/** `writtenS` is when the data folder last changed; null when there is none yet. */
export function checkClock(nowS: number, writtenS: number | null): Check {
  const now = formatTime(nowS);
  if (nowS < programWrittenS) {
    return problem(
      'clock',
      `it says ${now}, before this program was written`,
      'set the clock: timedatectl set-ntp true',
    );
  }
  if (writtenS !== null && writtenS > nowS + clockSlackS) {
    const finding = `it says ${now}, but the data folder changed at ${formatTime(writtenS)}: it was set back`;
    return warning(
      'clock',
      finding,
      'check which is right with timedatectl; readings are refused until the clock passes the last one',
    );
  }
  return fine('clock', now);
}

function formatTime(timeS: number): string {
  return `${new Date(timeS * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
