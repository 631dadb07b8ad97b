// `lvs-stats doctor`: what this machine lacks for the job, and how to fix it.

import type { Command } from 'commander';
import { diagnose } from '../doctor/diagnose.js';
import { formatDiagnosis } from '../doctor/format-diagnosis.js';
import { addCommand, haproxyOption, print } from './settings.js';

/** Adds the command. */
export function addDoctor(program: Command): void {
  addCommand(program, 'doctor', 'Says what this machine lacks for the job, and how to fix it.')
    .option('--ipvsadm <command>', 'run this instead of ipvsadm')
    .addOption(haproxyOption())
    .addHelpText('after', '\nChanges nothing and loads no module. Exit status 1 when there is a problem.')
    .action(async ({ data, ipvsadm, haproxy }: { data: string; ipvsadm?: string; haproxy?: string }) => {
      const { fontProblem } = await import('../render/picture-font.js');
      const checks = await diagnose({
        nodeVersion: process.version,
        ipvsadm: { replacement: ipvsadm ?? null, path: process.env['PATH'] ?? '' },
        haproxy: haproxy ?? null,
        procRoot: '/proc',
        dataDir: data,
        userId: process.getuid?.() ?? null,
        nowS: () => Date.now() / 1000,
        fontProblem,
      });
      print(formatDiagnosis(checks));
      if (checks.some(({ state }) => state === 'problem')) process.exitCode = 1;
    });
}
