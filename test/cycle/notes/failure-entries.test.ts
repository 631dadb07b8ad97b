import { expect, test } from 'vitest';
import { failureEntries } from '../../../src/cycle/notes/failure-entries.js';
import { interpretReads } from '../../../src/interpret/interpret.js';
import { judgedRead } from '../../../src/interpret/judged-read.js';
import { probesJudge } from '../../../src/interpret/probes/judge-probes.js';
import { emptyState, type KnownState } from '../../../src/model/cycle.js';
import type { Probe } from '../../../src/model/policy/probe.js';

const timeS = 1_763_700_000;

/** The known state after a cycle in which these probes failed and one did not. */
function failed(names: readonly string[]): { readonly table: KnownState; readonly probes: readonly Probe[] } {
  const failing = names.map((name) => ({ name, reads: 'file' as const, result: { failure: '/x: it gave no number' } }));
  const well = { name: 'well', reads: 'file' as const, result: [{ labels: [], value: Number.NaN }] };
  const probes = [...names, 'well'].map(
    (name): Probe => ({ name, target: { kind: 'file', path: '/x', user: 'nobody' }, checks: [] }),
  );
  const reads = [judgedRead(probesJudge, { probes: [...failing, well] })];
  return { table: interpretReads(emptyState, { timeS, host: null, reads }).table, probes };
}

test('the first five probes that fail are lines, and the number of others', () => {
  const texts = (names: readonly string[]) =>
    failureEntries({ timeS, ...failed(names), references: null }).map(({ level, text }) => `${level}: ${text}`);
  const line = (name: string): string => `notice: the probe ${name} fails: /x: it gave no number`;
  const names = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7'];
  expect(texts([])).toEqual([]);
  expect(texts(names.slice(0, 5))).toEqual(names.slice(0, 5).map(line));
  expect(texts(names.slice(0, 6))).toEqual([...names.slice(0, 5).map(line), 'notice: and 1 more probe fails']);
  expect(texts(names)).toEqual([...names.slice(0, 5).map(line), 'notice: and 2 more probes fail']);
});

test('failures of an earlier cycle are not those of this one', () => {
  expect(failureEntries({ timeS: timeS + 300, ...failed(['p1']), references: null })).toEqual([]);
});

test('each reference of drift that cannot be read is a line', () => {
  const references = [{ kind: 'golden' as const, name: '/t', read: { failure: 'cannot read /t' } }];
  expect(failureEntries({ timeS, ...failed([]), references })).toEqual([
    { level: 'notice', text: 'drift (saved table) is not judged: cannot read /t' },
  ]);
});
