// The answers to every query of the archives, for comparison with earlier answers.

import { expect } from 'vitest';
import { cfs } from '../../src/model/archive.js';
import type { Series } from '../../src/model/series.js';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/store.js';
import { StoreError } from '../../src/store/store-error.js';
import { rras, stepS } from '../standard.js';

/** Answers or errors, by question. */
export type Answers = ReadonlyMap<string, unknown>;

/** The archives to query, for the last day in fine rows and for `days` days in coarse rows. */
export interface Questions {
  readonly names: readonly string[];
  readonly endS: number;
  readonly days: number;
}

const dayS = 86_400;

/** Asks all questions. A `StoreError` counts as an answer; other errors are thrown. */
export async function askAll(dataDir: string, questions: Questions): Promise<Answers> {
  const answers = new Map<string, unknown>();
  const put = async (question: string, ask: () => Promise<unknown>): Promise<void> => {
    answers.set(question, await ask().catch(asStoreError));
  };
  const opened = await openStore(dataDir).catch(asStoreError);
  if (opened instanceof StoreError) return answers.set('open', opened);
  try {
    await askStore(opened, questions, put);
  } finally {
    await opened.close();
  }
  return answers;
}

type Put = (question: string, ask: () => Promise<unknown>) => Promise<void>;

async function askStore(store: Store, { names, endS, days }: Questions, put: Put): Promise<void> {
  await put('list', () => store.list());
  await put('events', () => store.events({}));
  for (const name of names) {
    for (const cf of cfs) {
      for (const { pdpPerRow } of rras) {
        const startS = endS - (pdpPerRow < 24 ? 1 : days) * dayS;
        const query = { name, cf, startS, endS, stepS: stepS * pdpPerRow };
        await put(`fetch ${name} ${cf} ${query.stepS}`, () => store.fetch(query));
      }
    }
  }
}

/**
 * Each answer is unchanged, or an error that reports the damage and how to repair it. An archive whose record is damaged may be
 * missing if the list says why.
 */
export function expectSameOrDamaged(answers: Answers, before: Answers): void {
  const list = answers.get('list');
  for (const [question, answer] of answers) {
    if (answer instanceof StoreError && answer.code === 'no-such-archive') expectDamaged(list, question);
    else if (answer instanceof StoreError) expectDamaged(answer, question);
    else expect(answer, question).toEqual(before.get(question));
  }
}

/**
 * Each answer is unchanged, or that of an earlier cycle (the same for all archives), or an error as above: LevelDB's log ends at
 * its first incomplete record, as after a crash.
 */
export function expectEarlierOrDamaged(answers: Answers, before: Answers): void {
  const cycles = new Set<number>();
  for (const [question, answer] of answers) {
    if (answer instanceof StoreError) expectDamaged(answer, question);
    else if (isSeries(answer)) {
      cycles.add(answer.lastS);
      expectRowsUntil(answer, before.get(question), question);
    }
  }
  expect(cycles.size).toBeLessThanOrEqual(1);
}

function expectRowsUntil({ columns, startS, stepS: rowS, lastS }: Series, was: unknown, question: string): void {
  if (!isSeries(was)) throw new Error(`${question} had no rows before`);
  expect([startS, rowS], question).toEqual([was.startS, was.stepS]);
  expect(lastS, question).toBeLessThanOrEqual(was.lastS);
  const count = Math.max(0, Math.floor((lastS - startS) / rowS));
  for (const [i, column] of columns.entries()) {
    expect(column.subarray(0, count), `${question}, column ${i}`).toEqual(was.columns[i]?.subarray(0, count));
  }
}

/**
 * Each answer is unchanged, except for lost archives and unknown rows. A row that contains or adjoins a lost data point may be
 * partly known, which changes its mean, as in rrdtool.
 */
export function expectSameOrUnknown(answers: Answers, before: Answers): void {
  for (const [question, answer] of answers) {
    if (answer instanceof StoreError && answer.code === 'no-such-archive') continue;
    if (answer instanceof StoreError) throw new Error(question, { cause: answer });
    const was = before.get(question);
    if (!isSeries(answer) || !isSeries(was)) continue;
    const finest = question.replace(/\d+$/, String(stepS));
    expectRows(answer, was, { question, lostS: lostTimes(answers.get(finest), before.get(finest)) });
  }
}

/** The ends of the data points that were known and are lost. */
function lostTimes(answer: unknown, was: unknown): readonly number[] {
  if (!isSeries(answer) || !isSeries(was)) return [];
  const rows = Array.from(answer.columns[0]?.keys() ?? []);
  const isLost = (row: number): boolean =>
    answer.columns.some((column, i) => Number.isNaN(column[row]) && !Number.isNaN(was.columns[i]?.[row] ?? Number.NaN));
  return rows.filter(isLost).map((row) => answer.startS + (row + 1) * answer.stepS);
}

function expectRows(
  { columns, startS, stepS: rowS }: Series,
  was: Series,
  { question, lostS }: { readonly question: string; readonly lostS: readonly number[] },
): void {
  expect(startS, question).toBe(was.startS);
  const mayBeInPart = (row: number): boolean => {
    const fromS = startS + row * rowS;
    return lostS.some((timeS) => timeS >= fromS && timeS <= fromS + rowS + stepS);
  };
  for (const [i, column] of columns.entries()) {
    const wrong = column.findIndex(
      (value, row) => !Number.isNaN(value) && value !== was.columns[i]?.[row] && !mayBeInPart(row),
    );
    expect(wrong, `${question}, first other number in column ${i}`).toBe(-1);
  }
}

function expectDamaged(answer: unknown, question: string): void {
  const message = expect.stringMatching(/damaged.*lvs-stats repair/);
  expect(answer, question).toMatchObject({ code: 'corrupt', message });
}

function isSeries(answer: unknown): answer is Series {
  return typeof answer === 'object' && answer !== null && 'columns' in answer;
}

function asStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  throw error;
}
