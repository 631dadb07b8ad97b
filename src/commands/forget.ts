// `lvs-stats forget`: deletes an archive for good, after confirmation.

import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { workAsOwner } from '../cli/owner.js';
import { addCommand, print } from '../cli/settings.js';
import { picturesFolder } from '../drawing/pictures.js';
import { directorName } from '../model/names/name.js';
import { resolveName } from '../model/names/parse-name.js';
import { countOf } from '../model/text/count-of.js';
import { visibleLine } from '../model/text/visible.js';
import { UserError } from '../model/user-error.js';
import { removePictures } from '../render/files/forgotten.js';
import { takeLock } from '../store/lock.js';
import { defaultWaitMs, withWritableArchives } from '../store/open.js';
import { StoreError } from '../store/store-error.js';

const help = `
It removes the readings, rows, events and pictures of the archive and of its real servers or links. Only a backup brings them back. If the
kernel's table still has the service, a new archive begins with the next cycle.`;

/** Adds the command. */
export function addForget(program: Command): void {
  addCommand(program, 'forget <name>', {
    group: 'Data',
    description: 'Removes an archive for good, with its real servers or links.',
  })
    .option('--yes', 'do not ask')
    .addHelpText('after', help)
    .action(async (text: string, { data, yes }: { data: string; yes?: boolean }) => {
      const name = resolveName(text);
      if (name === directorName) throw new UserError('bad-name', `"${name}" is the sum of all the others: it stays`);
      if (yes !== true) await ask(name);
      workAsOwner(data);
      const lock = await takeLock(data, 'collect', defaultWaitMs);
      if (lock === null)
        throw new StoreError('busy', `a collector has been at work in ${data} for too long: try again`);
      try {
        const forgotten = await withWritableArchives(data, (archives) => archives.forget(name));
        if (forgotten === null)
          throw new StoreError('no-such-archive', `there is no archive "${name}": "lvs-stats list" shows the names`);
        removePictures(picturesFolder(data), name);
        const { archives, events, live } = forgotten;
        print(`forgotten: ${archives.join(', ')}, with ${countOf(events, 'event')}`);
        if (live > 0) print(`${live} of them are still in the table: new archives begin with the next cycle`);
      } finally {
        await lock.release();
      }
    });
}

async function ask(name: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new UserError('bad-command', `there is no terminal to ask on: use --yes to forget ${name}`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    if (/^y(es)?$/i.test((await lines.question(`Forget ${visibleLine(name)} and all its data? [y/N] `)).trim())) return;
    throw new UserError('not-forgotten', `${name} stays as it is`);
  } finally {
    lines.close();
  }
}
