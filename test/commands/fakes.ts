// Fakes of ipvsadm(8), as values of `--ipvsadm`.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fixturePath } from '../collect/capture.js';
import { fake } from '../collect/fake-ipvsadm.js';
import { type Pair, printablePair } from './recordings.js';

/** A script of test/fixtures/bin, with its arguments before those of a listing. */
export function fakeCommand(script: string, ...args: readonly string[]): string {
  const { file } = fake(script);
  return [file, ...args].join(' ');
}

/** A fake that prints the captures of a step, such as `sequence/003-traffic`. */
export function printingStep(step: string): string {
  const [folder = '', name = ''] = step.split('/');
  const table = `${String(Number(name.slice(0, 3)) + 1).padStart(3, '0')}${name.slice(3)}-list.txt`;
  return fakeCommand(
    'prints',
    fixturePath(`ipvs/${folder}/${name}-stats-exact.txt`),
    fixturePath(`ipvs/${folder}/${table}`),
  );
}

/** A fake that prints a pair, kept in `dir`. */
export function printingPair(dir: string, pair: Pair): string {
  const { statsPath, tablePath } = printablePair(dir, pair);
  return fakeCommand('prints', statsPath, tablePath);
}

/** A fake that prints one pair after another. */
export function printingInTurn(dir: string, pairs: readonly Pair[]): string {
  for (const [i, { stats, table }] of pairs.entries()) {
    writeFileSync(join(dir, `${i + 1}.stats`), stats, 'latin1');
    writeFileSync(join(dir, `${i + 1}.table`), table, 'latin1');
  }
  return fakeCommand('prints-in-turn', dir);
}

/** A script of test/commands/bin. */
export function ownFake(script: string, ...args: readonly string[]): string {
  return [fileURLToPath(new URL(`bin/${script}`, import.meta.url)), ...args].join(' ');
}
