// The four projects of the tests, by what their files start: `browser`, `program` (ours, rrdtool, stand-ins for ipvsadm), `proof` (minutes
// spent on damage, time or sheer numbers), and `unit`, which starts nothing and is soon over. A file tells by its imports; the long ones
// are named here.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The names of projects. */
export type ProjectName = 'unit' | 'program' | 'browser' | 'proof';

/** A project, and its files. */
export interface TestProject {
  readonly name: ProjectName;
  readonly include: readonly string[];
}

const long: readonly RegExp[] = [
  /^test\/(soak|faults)\//,
  /^test\/commands\/(crash|processes)\.test\.ts$/,
  /^test\/demo\/growth-columns\.test\.ts$/,
  /^test\/store\/(backfill|repair|store)\.test\.ts$/,
  /^test\/web\/(hostile|viewer)\.test\.ts$/,
];

const starting =
  /from '(node:child_process|execa|[./\w-]*\/(program|keeping|answers|fakes|fake-ipvsadm|rrdtool)\.js)'|fixturePath\('bin\//;

const browsing = /from '[./\w-]*\/browser\.js'/;

/** The projects of the test files below a folder of the repository. */
export function projectsOf(root: string): readonly TestProject[] {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `test/${file.replaceAll('\\', '/')}`)
    .sort();
  const names = files.map((file) => projectOf(file, readFileSync(join(root, file), 'utf8')));
  return (['browser', 'program', 'proof', 'unit'] as const).map((name) => ({
    name,
    include: files.filter((_, i) => names[i] === name),
  }));
}

function projectOf(file: string, text: string): ProjectName {
  if (browsing.test(text)) return 'browser';
  if (long.some((pattern) => pattern.test(file))) return 'proof';
  return starting.test(text) ? 'program' : 'unit';
}
