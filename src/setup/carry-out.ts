// Carries out what a setup planned: files and steps, each reported, on the machine itself, or only shown.

import type { PlannedFile } from './installation.js';
import { type FilePlacement, placeFiles, removeFiles } from './place-files.js';
import { formatStep, isSystemdRunning, runStep, type Step } from './steps.js';

/** The machine, or the folder that stands for it; with `isDry` nothing is changed. `tell` prints a line. */
export interface SetupPlace {
  readonly root: string;
  readonly isDry: boolean;
  readonly isForced: boolean;
  readonly tell: (line: string) => void;
  /** Prints a text of several lines. */
  readonly show: (text: string) => void;
}

/** Files to write, and the steps before and after. */
export interface SetupPlan {
  readonly before: readonly Step[];
  readonly files: readonly PlannedFile[];
  readonly after: readonly Step[];
}

/** Carries out a plan. Throws a `UserError` before anything is changed when a person wrote or changed one of the files. */
export function carryOut({ before, files, after }: SetupPlan, place: SetupPlace): void {
  const { isDry, tell, show } = place;
  // Checked before a user is created for it.
  placeFiles(files, { ...place, isDry: true });
  runSteps(before, place);
  const placed = placeFiles(files, place);
  for (const [index, { path, text, purpose }] of files.entries()) {
    tell(`${isDry ? 'would be ' : ''}${said[placed[index]?.outcome ?? 'written']}: ${path} (${purpose})`);
    if (isDry) show(text.replaceAll(/^(?=.)/gm, '    '));
  }
  runSteps(after, place);
}

/** Removes files that setup wrote, and runs the steps before and after. */
export function undo(
  { before, paths, after }: Pick<SetupPlan, 'before' | 'after'> & { readonly paths: readonly string[] },
  place: SetupPlace,
): void {
  runSteps(before, place);
  for (const { path, outcome } of removeFiles(paths, place)) {
    place.tell(`${place.isDry ? 'would be ' : ''}${said[outcome]}: ${path}`);
  }
  runSteps(after, place);
}

const said: Readonly<Record<FilePlacement['outcome'], string>> = {
  written: 'written',
  replaced: 'rewritten',
  unchanged: 'unchanged',
  removed: 'removed',
  left: 'kept, because it was changed by hand',
  absent: 'absent',
};

/** Runs steps on the machine itself, and only prints them elsewhere. */
function runSteps(steps: readonly Step[], { root, isDry, tell }: SetupPlace): void {
  const isHere = root === '/' && !isDry;
  for (const step of steps) {
    const isPossible = isHere && (step[0] !== 'systemctl' || isSystemdRunning());
    tell(
      `${isPossible ? 'run' : isDry ? 'would be run' : 'still to be run, on the machine itself'}: ${formatStep(step)}`,
    );
    if (isPossible) runStep(step);
  }
}
