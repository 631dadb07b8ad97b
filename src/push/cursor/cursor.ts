// The position of a push: which rows a receiver has, and what it refused. JSON with a version (docs/format.md, "Files beside the database").

import { isObject } from '../../files/json-object.js';

/** A span of time: rows that end after `fromS` up to `toS`. */
export interface CursorSpan {
  readonly fromS: number;
  readonly toS: number;
}

/** A span, and the time of an answer about it. */
export interface TimedSpan extends CursorSpan {
  readonly atS: number;
}

/** The descriptions of archives that the receiver was sent: the day of the reading, and a digest of what they say. */
export interface Described {
  readonly dayS: number;
  readonly digest: string;
}

/** The position. Times are epoch seconds. */
export interface Cursor extends CursorSpan {
  /** Longer rows that end up to this time were sent only where there were no finest ones: earlier versions sent no others. */
  readonly longerSinceS: number;
  /** Archives that lag behind `toS`, and up to where their rows were sent. */
  readonly late: Readonly<Record<string, number>>;
  /** Identifies the receiver's process, where it may lose its last seconds; null where it does not. */
  readonly startedBy: string | null;
  /** Spans that this process took lately, with the time of its answer. */
  readonly recent: readonly TimedSpan[];
  /** Rows that the receiver may have from before this cursor began; null if it had none. */
  readonly doubt: CursorSpan | null;
  /** The descriptions that it has; null if it has none, or may have lost them. */
  readonly described: Described | null;
  /** Rows that were too old for the receiver, and when the last of them were; null if none were. */
  readonly tooOld: TimedSpan | null;
  /** Values that it refused because it has others or later ones; null if there were none. */
  readonly refused: {
    readonly samples: number;
    /** The first and the last refusal; those that are more than a day apart are not counted as one. */
    readonly sinceS: number;
    readonly atS: number;
    readonly text: string;
  } | null;
  /** Since when pushing fails, and why; null while it works. */
  readonly failure: { readonly sinceS: number; readonly text: string } | null;
  /** When the receiver was last tried. */
  readonly triedS: number;
}

const version = 2;

/** The version before: it knew neither `longerSinceS` nor, at first, `described`. */
const earlierVersion = 1;

/** A position where nothing else is known yet. */
export function newCursor({ fromS, toS }: CursorSpan): Cursor {
  const nothing = {
    startedBy: null,
    recent: [],
    doubt: null,
    described: null,
    tooOld: null,
    refused: null,
    failure: null,
    triedS: 0,
  };
  return { fromS, toS, longerSinceS: 0, late: {}, ...nothing };
}

/** The text of a position; `receiver` and `director` are for people. */
export function formatCursor(cursor: Cursor, named: { readonly receiver: string; readonly director: string }): string {
  return `${JSON.stringify({ version, ...named, ...cursor })}\n`;
}

/** Parses the text. Throws an `Error` that says what is wrong. */
export function parseCursor(text: string): Cursor {
  const read: unknown = JSON.parse(text);
  if (!isObject(read)) throw new Error('it is not a JSON object');
  const { version: itsVersion, receiver: _, director: __, ...own } = read;
  if (itsVersion !== version && itsVersion !== earlierVersion)
    throw new Error(`its version is ${JSON.stringify(itsVersion)}, not ${version}`);
  const cursor = itsVersion === version ? own : { described: null, longerSinceS: own['toS'], ...own };
  const wrong = Object.entries(shape).find(([name, isRight]) => !isRight(Reflect.get(cursor, name)))?.[0];
  if (wrong !== undefined) throw new Error(`"${wrong}" is not of the right form`);
  return cursor as unknown as Cursor;
}

type Check = (value: unknown) => boolean;

const isTime: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isSpan: Check = (value) => isObject(value) && isTime(value['fromS']) && isTime(value['toS']);
const isTimedSpan: Check = (value) => isSpan(value) && isObject(value) && isTime(value['atS']);
const isNullOr =
  (isRight: Check): Check =>
  (value) =>
    value === null || isRight(value);

const shape: Readonly<Record<keyof Cursor, Check>> = {
  fromS: isTime,
  toS: isTime,
  longerSinceS: isTime,
  late: (value) => isObject(value) && Object.values(value).every(isTime),
  startedBy: isNullOr((value) => typeof value === 'string'),
  recent: (value) => Array.isArray(value) && value.every(isTimedSpan),
  doubt: isNullOr(isSpan),
  described: isNullOr((value) => isObject(value) && isTime(value['dayS']) && typeof value['digest'] === 'string'),
  tooOld: isNullOr(isTimedSpan),
  refused: isNullOr(
    (value) =>
      isObject(value) &&
      ['samples', 'sinceS', 'atS'].every((name) => isTime(value[name])) &&
      typeof value['text'] === 'string',
  ),
  failure: isNullOr((value) => isObject(value) && isTime(value['sinceS']) && typeof value['text'] === 'string'),
  triedS: isTime,
};
