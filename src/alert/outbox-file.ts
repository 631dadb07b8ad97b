// The outbox in `pages.json` of the data folder: JSON with a version, renamed into place (docs/format.md, "Files beside the database"). A file
// that cannot be read is set aside, never overwritten: without it, open pages go out again.

import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../files/json-object.js';
import { readBounded } from '../files/read-file.js';
import { writeWhole } from '../files/whole-file.js';
import { emptyOutbox, type Failure, type Outbox } from './outbox.js';

/** The version of the form. */
const version = 1;

/** A hundred thousand findings. */
const maxBytes = 2 ** 28;

/** The path of the file. */
export function outboxPath(dataDir: string): string {
  return join(dataDir, 'pages.json');
}

/** An outbox that was read, and why the file was set aside; null if it was not. */
export interface OutboxRead {
  readonly outbox: Outbox;
  readonly problem: string | null;
}

/** Reads the outbox of a data folder, or an empty one. Throws what Node throws if the file can be neither read nor set aside. */
export function readOutbox(dataDir: string, nowS: number): OutboxRead {
  const path = outboxPath(dataDir);
  if (!existsSync(path)) return { outbox: emptyOutbox, problem: null };
  try {
    return { outbox: parseOutbox(readBounded(path, maxBytes).toString()), problem: null };
  } catch (error) {
    const aside = `${path}.unreadable-${nowS}`;
    renameSync(path, aside);
    const why = error instanceof Error ? error.message : String(error);
    const problem = `${path} cannot be read (${why}); it is now ${aside}, and pages that are still open go out again`;
    return { outbox: emptyOutbox, problem };
  }
}

/** Writes the outbox of a data folder. Throws what Node throws, and then keeps the old one. */
export function writeOutbox(dataDir: string, outbox: Outbox): void {
  writeWhole(outboxPath(dataDir), `${JSON.stringify({ version, ...outbox })}\n`, { mode: 0o640, isDurable: true });
}

/** The receivers of a data folder that fail, by name; none where the file is missing or cannot be read. */
export function failingReceivers(dataDir: string): Readonly<Record<string, Failure>> {
  try {
    return parseOutbox(readBounded(outboxPath(dataDir), maxBytes).toString()).failures;
  } catch {
    return {};
  }
}

/** Parses the file's text. Throws an `Error` that says what is wrong. */
function parseOutbox(text: string): Outbox {
  const read: unknown = JSON.parse(text);
  if (!isObject(read)) throw new Error('it is not a JSON object');
  if (read['version'] !== version) throw new Error(`its version is ${JSON.stringify(read['version'])}, not ${version}`);
  const { version: _, ...rest } = read;
  if (isOutbox(rest)) return rest;
  throw new Error(`"${wrongPart(rest)}" is not of the right form`);
}

function isOutbox(value: Readonly<Record<string, unknown>>): value is Readonly<Record<string, unknown>> & Outbox {
  return wrongPart(value) === undefined;
}

function wrongPart(value: Readonly<Record<string, unknown>>): string | undefined {
  return Object.entries(shape).find(([name, isRight]) => !isRight(value[name]))?.[0];
}

type Check = (value: unknown) => boolean;

/** The form of each part, as far as the program would fail on another. */
const shape: Readonly<Record<keyof Outbox, Check>> = {
  paging: (value) =>
    isObject(value) &&
    isListOf(value['pages'], isKnownPage) &&
    isRecordOf(value['members'], (one) => typeof one === 'string'),
  queues: (value) => isRecordOf(value, isQueue),
  reported: (value) =>
    isRecordOf(value, (one) =>
      isRecordOf(one, (own) => isObject(own) && isTime(own['startsS']) && isPage(own['page'])),
    ),
  failures: (value) =>
    isRecordOf(value, (one) => isObject(one) && isTime(one['sinceS']) && typeof one['text'] === 'string'),
  begun: (value) => isRecordOf(value, isTime),
};

function isKnownPage(value: unknown): boolean {
  return (
    isObject(value) &&
    ['identity', 'level', 'stage', 'servers'].every((name) => typeof value[name] === 'string') &&
    isPage(value['page'])
  );
}

function isPage(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { id, identity, severity, title, sinceS, hosts, alerts } = value;
  return (
    [id, identity, severity, title].every((one) => typeof one === 'string') &&
    isTime(sinceS) &&
    Array.isArray(hosts) &&
    isListOf(alerts, isObject)
  );
}

function isQueue(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { waiting, sentS, digestS, dropped } = value;
  const isMessage: Check = (one) =>
    isObject(one) && typeof one['id'] === 'string' && typeof one['kind'] === 'string' && isPage(one['page']);
  return (
    isListOf(waiting, isMessage) && isListOf(sentS, isTime) && (digestS === null || isTime(digestS)) && isTime(dropped)
  );
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}

function isRecordOf(value: unknown, isRight: Check): boolean {
  return isObject(value) && Object.values(value).every(isRight);
}

function isListOf(value: unknown, isRight: Check): boolean {
  return Array.isArray(value) && value.every(isRight);
}
