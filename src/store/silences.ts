// Silences in the database: one record each, under its pattern (docs/format.md, "Silences"). They do not belong to a cycle, so that a command
// can add one while a cycle is being read.

import { isInForce, type Silence } from '../model/policy/silence.js';
import { prefixRange, silenceKey } from './layout/keys.js';
import type { Database, Operation } from './leveldb/database.js';

/** A silence of the command, which has a beginning and an end. */
export interface StoredSilence extends Silence {
  readonly untilS: number;
  readonly sinceS: number;
}

/** The stored silences, those that ended too. */
export async function readSilences(database: Database): Promise<readonly StoredSilence[]> {
  const entries = await database.entries(prefixRange('q'));
  return entries.map(([, value]) => JSON.parse(value.toString()) as StoredSilence);
}

/** Stores a silence, or replaces that of the same pattern, and removes those that have ended when it begins. */
export async function storeSilence(database: Database, silence: StoredSilence): Promise<void> {
  const ended = (await readSilences(database)).filter((one) => !isInForce(one, silence.sinceS));
  const operations: Operation[] = ended.map(({ pattern }) => ({ type: 'del', key: silenceKey(pattern) }));
  operations.push({ type: 'put', key: silenceKey(silence.pattern), value: Buffer.from(JSON.stringify(silence)) });
  await database.write(operations, { isDurable: true });
}

/** Ends the silence of a pattern; whether there was one. */
export async function removeSilence(database: Database, pattern: string): Promise<boolean> {
  const key = silenceKey(pattern);
  if (database.get(key) === undefined) return false;
  await database.write([{ type: 'del', key }], { isDurable: true });
  return true;
}
