// `lvs-stats restore`: restores the archives of a backup into a data folder without any.

import { constants, mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Command } from 'commander';
import { workAsOwner } from '../cli/owner.js';
import { addCommand, print } from '../cli/settings.js';
import { UserError } from '../model/user-error.js';
import { takeLock } from '../store/lock.js';
import { defaultWaitMs } from '../store/open.js';
import { restore } from '../store/repair/backup.js';
import { StoreError } from '../store/store-error.js';
import { backupText } from './backup.js';

const help = `
It reads the whole FILE before it writes anything. The data folder must have no archives: name an empty one, or move the archives away
first. A backup of an older lvs-stats is migrated when it is first opened.

Example:
  lvs-stats restore /var/backups/lvs-stats.backup --data /var/lib/lvs-stats`;

/** Adds the command. */
export function addRestore(program: Command): void {
  addCommand(program, 'restore <file>', {
    group: 'Data',
    description: 'Restores a backup into an empty data folder.',
  })
    .addHelpText('after', help)
    .action(async (path: string, { data }: { data: string }) => {
      // Opened before the process takes the rights of the folder's owner, who may not be able to read it.
      const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) =>
        refuse(path, error),
      );
      try {
        if (!(await file.stat()).isFile()) refuse(path, new Error('it is not a regular file, and must be read twice'));
        workAsOwner(data);
        makeDataFolder(data);
        const lock = await takeLock(data, 'collect', defaultWaitMs);
        if (lock === null)
          throw new StoreError('busy', `a collector has been at work in ${data} for too long: try again`);
        try {
          const tally = await restore(data, () =>
            unpacked(path, file.createReadStream({ start: 0, autoClose: false })),
          );
          print(`restored into ${data}: ${backupText(tally)}`);
        } catch (error) {
          throw error instanceof StoreError && error.code === 'bad-backup' ? named(path, error) : error;
        } finally {
          await lock.release();
        }
      } finally {
        await file.close();
      }
    });
}

async function* unpacked(path: string, packed: NodeJS.ReadableStream): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const feeding = pipeline(packed, gunzip);
  feeding.catch(() => {});
  try {
    yield* gunzip as AsyncIterable<Buffer>;
    await feeding;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new StoreError(
      'bad-backup',
      `${path} is not a complete backup (${text}): was it cut off, or is it another kind of file?`,
      {
        cause: error,
      },
    );
  }
}

/** The error for a file that is not a complete backup, with its name. */
function named(path: string, error: StoreError): StoreError {
  return new StoreError(
    'bad-backup',
    error.message.replace(/^this is/, () => `${path} is`),
    { cause: error },
  );
}

function makeDataFolder(data: string): void {
  try {
    mkdirSync(data, { recursive: true });
  } catch (error) {
    refuse(data, error);
  }
}

function refuse(path: string, error: unknown): never {
  const text = error instanceof Error ? error.message : String(error);
  throw new UserError('cannot-read', `cannot use ${path} (${text}): name another, or fix its permissions`, {
    cause: error,
  });
}
