// `lvs-stats rewind`: removes readings that lie in the future from the archives, after the clock was ahead.

import type { Command } from 'commander';
import { formatLocal } from '../cli/local-time.js';
import { workAsOwner } from '../cli/owner.js';
import { addCommand, print } from '../cli/settings.js';
import { countOf } from '../model/text/count-of.js';
import { takeLock } from '../store/lock.js';
import { defaultWaitMs, withWritableArchives } from '../store/open.js';
import { StoreError } from '../store/store-error.js';

const help = `
A reading is stored only if it is newer than the last one. After a clock that was ahead has been set right, collecting would wait
until the clock passes the last reading. This command drops whatever lies in the future: readings, events, and archives that have
nothing else. Everything before stays as it was; the time since then is unknown.`;

/** Adds the command. */
export function addRewind(program: Command): void {
  addCommand(program, 'rewind', {
    group: 'Maintain',
    description: 'Drops readings from the future, after the clock ran ahead.',
  })
    .addHelpText('after', help)
    .action(async ({ data }: { data: string }) => {
      workAsOwner(data);
      const nowS = Math.floor(Date.now() / 1000);
      const lock = await takeLock(data, 'collect', defaultWaitMs);
      if (lock === null)
        throw new StoreError('busy', `a collector has been at work in ${data} for too long: try again`);
      try {
        const rewound = await withWritableArchives(data, (archives) => archives.rewind(nowS));
        if (rewound === null) print(`nothing in ${data} is later than ${formatLocal(nowS)}`);
        else print(rewindText(rewound));
      } finally {
        await lock.release();
      }
    });
}

function rewindText({ fromS, toS, archives }: { fromS: number; toS: number | null; archives: number }): string {
  const newest = toS === null ? 'no reading is left' : `the newest reading is now from ${formatLocal(toS)}`;
  const gone = archives === 0 ? '' : `, and ${countOf(archives, 'archive')} without other readings`;
  return `readings up to ${formatLocal(fromS)} were dropped${gone}: ${newest}`;
}
