// Processes of this machine, found by their arguments.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Processes with this word among their arguments. */
export function running(word: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => argumentsOf(pid).includes(word))
    .map(Number);
}

function argumentsOf(pid: string): readonly string[] {
  try {
    return readFileSync(join('/proc', pid, 'cmdline'), 'utf8').split('\0');
  } catch {
    return [];
  }
}
