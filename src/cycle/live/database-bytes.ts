// The size of the database on the disk.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { databaseFolder } from '../../store/leveldb/database.js';

/** Bytes of the database's files; files that are removed meanwhile count nothing. */
export function databaseBytesOf(dataDir: string): number {
  const folder = databaseFolder(dataDir);
  const names = existing(() => readdirSync(folder)) ?? [];
  return names.reduce((sum, name) => sum + (existing(() => statSync(join(folder, name)).size) ?? 0), 0);
}

function existing<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
