// `lvs-stats doctor`: the faults of this machine's installation, and their remedies.

import type { Command } from 'commander';
import { readSettingsFile } from '../cli/configure.js';
import { addDriftOptions, type DriftOptions, referencePlaces } from '../cli/drift/drift-options.js';
import { retentionOption } from '../cli/options/retention-option.js';
import { addPolicyOption, readPolicy } from '../cli/policy/policy-file.js';
import { addCommand, haproxyCaOption, haproxyOption, printText } from '../cli/settings.js';
import { readHandedStatus } from '../collect/ipvs/proc/handed-status.js';
import { diagnose } from '../doctor/diagnose.js';
import { formatDiagnosis } from '../doctor/format-diagnosis.js';
import type { Retention } from '../model/retention.js';
import { UserError } from '../model/user-error.js';

/** Options from the command line, the environment and the file of settings. */
interface DoctorOptions extends DriftOptions {
  readonly data: string;
  readonly ipvsadm?: string;
  readonly haproxy?: string;
  readonly haproxyCa?: string;
  readonly retention?: Retention;
  readonly policy?: string;
  readonly config: string;
}

/** Adds the command. */
export function addDoctor(program: Command): void {
  const command = addCommand(program, 'doctor', {
    group: 'Watch',
    description: 'Reports what this machine lacks, and how to fix it.',
  });
  addDriftOptions(addPolicyOption(command))
    .option('--ipvsadm <command>', 'run this instead of ipvsadm')
    .addOption(haproxyOption())
    .addOption(haproxyCaOption())
    .addOption(retentionOption())
    .addHelpText('after', '\nChanges nothing and loads no module. Exit status 1 when there is a problem.')
    .action(async (options: DoctorOptions) => {
      const { data, ipvsadm, haproxy, haproxyCa, retention, policy, config } = options;
      const { fontProblem } = await import('../render/png/picture-font.js');
      const checks = await diagnose({
        nodeVersion: process.version,
        ipvsadm: { replacement: ipvsadm ?? null, path: process.env['PATH'] ?? '' },
        haproxy: haproxy ?? null,
        haproxyCa: haproxyCa ?? null,
        procRoot: '/proc',
        handedStatus: readHandedStatus(process.env),
        dataDir: data,
        userId: process.getuid?.() ?? null,
        nowS: () => Date.now() / 1000,
        fontProblem,
        root: '/',
        ...(retention === undefined ? {} : { stepS: retention.stepS }),
        settings: { file: config, problem: await settingsProblem(config) },
        policyProblem: (await readPolicy(policy, () => Date.now() / 1000)).problem?.text ?? null,
        drift: referencePlaces(options),
      });
      printText(formatDiagnosis(checks));
      if (checks.some(({ state }) => state === 'problem')) process.exitCode = 1;
    });
}

/** The fault of the settings; null when there is none. */
async function settingsProblem(file: string): Promise<string | null> {
  try {
    const text = readSettingsFile(file, false);
    if (text === null) return null;
    const { parseSettings } = await import('../cli/settings-file.js');
    parseSettings(text, file);
    return null;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
