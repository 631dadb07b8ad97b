// The four projects of the tests, by what their files start: `browser`, `program` (ours, rrdtool, stand-ins for ipvsadm; whatever needs
// the build), `proof` (minutes spent on damage, time or sheer numbers), and `unit`, which starts nothing, runs sources only and is soon
// over. A file tells by its imports; the long ones are named here.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

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
  /^test\/demo\/past\/growth-columns\.test\.ts$/,
  /^test\/store\/(backfill|repair\/repair|store)\.test\.ts$/,
  /^test\/web\/(hostile|viewer)\.test\.ts$/,
];

const browsing = /from 'playwright-core'/;

/** Programs are started by a test itself, or by what is tested, which is given the path of a stand-in. */
const starting = /from 'node:child_process'|(fixturePath|new URL)\([`']bin\//;

/** The build is only as new as the last `npm run build`. */
const usingBuild = /['/]dist['/]/;

/** The projects of the test files below a folder of the repository. */
export function projectsOf(root: string): readonly TestProject[] {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `test/${file.replaceAll('\\', '/')}`)
    .sort();
  const names = files.map((file) => projectOf(root, file));
  return (['browser', 'program', 'proof', 'unit'] as const).map((name) => ({
    name,
    include: files.filter((_, i) => names[i] === name),
  }));
}

function projectOf(root: string, file: string): ProjectName {
  const texts = textsOf(join(root, 'test'), join(root, file));
  if (texts.some((text) => browsing.test(text))) return 'browser';
  if (long.some((pattern) => pattern.test(file))) return 'proof';
  return texts.some((text) => starting.test(text) || usingBuild.test(text)) ? 'program' : 'unit';
}

/** The text of a test file, and of all that it imports from the folder of tests. */
function textsOf(folder: string, path: string, known = new Set<string>()): readonly string[] {
  if (known.has(path) || relative(folder, path).startsWith('..')) return [];
  known.add(path);
  const text = readFileSync(path, 'utf8');
  const imported = [...text.matchAll(/from '(\.[^']*)\.js'/g)].map(([, name]) => join(dirname(path), `${name}.ts`));
  return [text, ...imported.flatMap((one) => textsOf(folder, one, known))];
}
