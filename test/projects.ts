// The five projects of the tests, by what their files start: `engine` (those of others, apart from the check); `browser`; `program` (ours, rrdtool, a fake ipvsadm; anything that
// needs the build); `proof` (minutes of damage, time or sheer numbers); and `unit`, which starts nothing and runs sources only.
// A file's imports decide; long files are listed here.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** A project's name. */
export type ProjectName = 'unit' | 'program' | 'browser' | 'proof' | 'engine';

/** A project and its files. */
export interface TestProject {
  readonly name: ProjectName;
  readonly include: readonly string[];
}

const long: readonly RegExp[] = [
  /^test\/(soak|faults)\//,
  /^test\/collect\/mutations\.test\.ts$/,
  /^test\/commands\/(crash|processes)\.test\.ts$/,
  /^test\/interpret\/(links\/an-hour|drift\/mutations|findings\/plain-year)\.test\.ts$/,
  /^test\/interpret\/paging\/one-cause\.test\.ts$/,
  /^test\/demo\/(stories|recent-findings|past\/(growth-columns|past))\.test\.ts$/,
  /^test\/render\/files\/refresh-stacks\.test\.ts$/,
  /^test\/store\/(backfill|fetch-many|repair\/repair|store|upkeep\/(ageing|keep-baselines))\.test\.ts$/,
  /^test\/web\/(hostile|viewer)\.test\.ts$/,
];

const browsing = /from 'playwright-core'/;

/** Either a test starts programs, or the code under test does, given the path of a fake. */
const starting = /from 'node:child_process'|(fixturePath|new URL)\([`']bin\//;

/** These files need `npm run build`: the build may be out of date. */
const usingBuild = /['/]dist['/]/;

/** The projects of the test files in a repository. */
export function projectsOf(root: string): readonly TestProject[] {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `test/${file.replaceAll('\\', '/')}`)
    .sort();
  const names = files.map((file) => projectOf(root, file));
  return (['browser', 'program', 'proof', 'unit', 'engine'] as const).map((name) => ({
    name,
    include: files.filter((_, i) => names[i] === name),
  }));
}

function projectOf(root: string, file: string): ProjectName {
  if (file.startsWith('test/engines/')) return 'engine';
  const texts = textsOf(join(root, 'test'), join(root, file));
  if (texts.some((text) => browsing.test(text))) return 'browser';
  if (long.some((pattern) => pattern.test(file))) return 'proof';
  return texts.some((text) => starting.test(text) || usingBuild.test(text)) ? 'program' : 'unit';
}

/** The text of a test file and of everything it imports from `test/`. */
function textsOf(folder: string, path: string, known = new Set<string>()): readonly string[] {
  if (known.has(path) || relative(folder, path).startsWith('..')) return [];
  known.add(path);
  const text = readFileSync(path, 'utf8');
  const imported = [...text.matchAll(/from '(\.[^']*)\.js'/g)].map(([, name]) => join(dirname(path), `${name}.ts`));
  return [text, ...imported.flatMap((one) => textsOf(folder, one, known))];
}
