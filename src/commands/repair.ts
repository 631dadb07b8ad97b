// `lvs-stats repair`: repairs a damaged database, and reports the losses.

import type { Command } from 'commander';
import { workAsOwner } from '../cli/owner.js';
import { addCommand, print } from '../cli/settings.js';
import { countOf } from '../model/text/count-of.js';
import { takeLock } from '../store/lock.js';
import { defaultWaitMs } from '../store/open.js';
import { type Repair, repair } from '../store/repair/repair.js';
import { lossOf } from '../store/repair/survey.js';
import { refuseServed } from '../store/shared/connect.js';
import { StoreError } from '../store/store-error.js';

const help = `
It reads every record of the database. If any is damaged, it copies the whole ones into a new database and moves the damaged one
aside (archives.damaged-EPOCH in the data folder). What was lost reads as unknown. Collecting resumes with the next cycle. Remove
the damaged database when nobody needs it for analysis.`;

/** Adds the command. */
export function addRepair(program: Command): void {
  addCommand(program, 'repair', {
    group: 'Maintain',
    description: 'Repairs a damaged database, and keeps the damaged files.',
  })
    .addHelpText('after', help)
    .action(async ({ data }: { data: string }) => {
      workAsOwner(data);
      await refuseServed(data);
      const lock = await takeLock(data, 'collect', defaultWaitMs);
      if (lock === null)
        throw new StoreError('busy', `a collector has been at work in ${data} for too long: try again`);
      try {
        printRepair(await repair(data, Math.floor(Date.now() / 1000)));
      } finally {
        await lock.release();
      }
    });
}

function printRepair(found: Repair): void {
  if (found.kind === 'sound') {
    print(`nothing is damaged: ${countOf(found.records, 'record is', 'records are')} intact`);
    return;
  }
  print(`${found.records} records are intact; the damaged files are kept in ${found.aside}`);
  if (found.lostTables > 0) print(`lost: ${found.lostTables} × a table, with up to 2 MB of records`);
  if (found.lostBlocks > 0) print(`lost: ${found.lostBlocks} × a block of a table, with some 4 kB of records`);
  for (const [kind, count] of found.leftOut) print(`lost: ${count} × ${lossOf(kind)}`);
}
