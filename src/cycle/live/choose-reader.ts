// Chooses how this process reads the table for metrics: by ipvsadm if it may, else by what anybody may read.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type IpvsadmCommand, locateIpvsadm } from '../../collect/ipvs/locate-ipvsadm.js';
import { hasNetAdmin } from '../../collect/ipvs/proc/capability.js';
import { isModuleLoaded } from '../../collect/ipvs/proc/kernel.js';
import { readByReader } from '../../collect/ipvs/read-reader.js';
import type { LiveReading } from '../../metrics/live.js';
import type { KnownState } from '../../model/cycle.js';
import { UserError } from '../../model/user-error.js';
import { readByIpvsadm, readingOf, readWithoutPrivilege } from './live-table.js';

/** Where to read. */
export interface LivePlace {
  readonly ipvsadm: IpvsadmCommand | null;
  readonly procRoot: string;
  /** The socket of the reader, if there may be one (`setup --reader`). */
  readonly reader?: string;
  /** The state after the newest cycle. */
  readonly known: () => Promise<KnownState>;
}

/** A function that reads the table once. It throws a `UserError` when that fails. */
export function liveReadingOf({ ipvsadm, procRoot, reader, known }: LivePlace): () => Promise<LiveReading> {
  if (ipvsadm !== null) return () => readByIpvsadm(ipvsadm, procRoot);
  return async () => {
    // It may be installed while a server runs.
    if (reader !== undefined && existsSync(reader) && isModuleLoaded(procRoot)) {
      return readingOf(await readByReader(reader, procRoot, Math.floor(Date.now() / 1000)));
    }
    return readWithoutPrivilege(await known(), procRoot);
  };
}

/** The ipvsadm that this process may run: the replacement, or this machine's if it has the capability; null if there is none. */
export function permittedIpvsadm(replacement: string | null, procRoot: string): IpvsadmCommand | null {
  if (replacement === null && hasNetAdmin(statusOf(procRoot)) === false) return null;
  try {
    return locateIpvsadm({ replacement, path: process.env['PATH'] ?? '' });
  } catch (error) {
    if (replacement === null && error instanceof UserError && error.code === 'no-ipvsadm') return null;
    throw error;
  }
}

function statusOf(procRoot: string): string {
  try {
    return readFileSync(join(procRoot, 'self/status'), 'latin1');
  } catch {
    return '';
  }
}
