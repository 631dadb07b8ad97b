// `lvs-stats check`: checks all stored data, and changes nothing.

import type { Command } from 'commander';
import { formatLocal } from '../cli/local-time.js';
import { workAsOwner } from '../cli/owner.js';
import { createProgress } from '../cli/progress.js';
import { addCommand, print } from '../cli/settings.js';
import { type CheckOutcome, checkArchives } from '../store/repair/check.js';

const help = `
It reads every file of the database, every record in it, and every row of every archive, beside the collector. Each damage is a line, and
the exit status is 1: "lvs-stats repair" then keeps what is whole, and "lvs-stats restore" goes back to a backup. To check whether
this machine has everything that collecting needs, run "lvs-stats doctor".`;

/** Adds the command. */
export function addCheck(program: Command): void {
  addCommand(program, 'check', {
    group: 'Maintain',
    description: 'Verifies every file, record and row of the archives.',
  })
    .addHelpText('after', help)
    .action(async ({ data }: { data: string }) => {
      workAsOwner(data);
      let progress: ((done: number) => void) | null = null;
      const checked = await checkArchives(data, (done, total) => {
        progress ??= createProgress('check', total);
        progress(done);
      });
      for (const line of report(checked, data)) print(line);
      if (checked.faults.length > 0) process.exitCode = 1;
    });
}

function report(checked: CheckOutcome, data: string): readonly string[] {
  const { files, bytes, records, archives, rows, events, months, lastS, faults } = checked;
  const count = (value: number, what: string): string => `${value.toLocaleString('en')} ${what}`;
  const looked = [
    `${count(files, 'files')} of the database, ${count(bytes, 'bytes')}`,
    `${count(records, 'records')}`,
    `${count(archives, 'archives')} with ${count(rows, 'rows')}, ${count(events, 'events')} and ${count(months, 'months')}`,
  ];
  if (faults.length === 0) {
    const newest = lastS === null ? 'there is no reading yet' : `the newest reading is from ${formatLocal(lastS)}`;
    return [`${looked.join('; ')}: no fault found, ${newest}`];
  }
  const what = `lvs-stats repair --data ${data}`;
  return [
    ...faults.map((fault) => `damaged: ${fault}`),
    `looked at ${looked.join('; ')}: ${faults.length === 1 ? '1 fault' : `${faults.length} faults`}`,
    `"${what}" keeps what is whole, "lvs-stats restore FILE --data DIR" goes back to a backup`,
  ];
}
