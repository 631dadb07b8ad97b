// Checks docs/dependencies.md against the lock file: the packages in use, how many others each brings, and their licences.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly inBundle?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Readonly<Record<string, LockedPackage>>;
};
const page = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
const used = Object.keys(lock.packages['']?.dependencies ?? {});
const shipped = Object.entries(lock.packages).filter(
  ([path, { dev, optional, link }]) => path !== '' && !dev && !optional && !link,
);

/** Licences that may ship with a work under Apache-2.0. OFL-1.1 is for fonts. */
const compatible = ['MIT', 'MIT-0', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'OFL-1.1'];

/** The lock file's entry of a package; a link resolves to the entry of its folder. */
function lockEntry(path: string): LockedPackage | undefined {
  const entry = lock.packages[path];
  return entry?.link ? lock.packages[entry.resolved ?? ''] : entry;
}

/** Finds a dependency's install path: beside the package, or in a folder above. */
function locate(from: string, name: string): string {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (lock.packages[path] !== undefined) return path;
    if (folder === '') throw new Error(`${name}, wanted by ${from}, is not in the lock file`);
  }
}

/** The transitive dependencies of a package, itself included. */
function dependenciesOf(path: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const name of Object.keys(lock.packages[path]?.dependencies ?? {})) dependenciesOf(locate(path, name), found);
  return found;
}

describe('docs/dependencies.md', () => {
  test('has exactly one line for each package in use', () => {
    const lines = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
    expect(lines.sort()).toEqual([...used].sort());
    expect(page).toContain(`${used.length} packages that are used`);
    expect(page).toContain(`${shipped.length} in all`);
  });

  test.each(used)('states how many packages %s brings, its licence, and the reason for it', (name) => {
    const path = `node_modules/${name}`;
    const [, brings, licence, why = ''] =
      new RegExp(`^\\| \`${name}\` \\| (\\d+) \\| ([^|]+) \\| ([^|]+) \\|$`, 'm').exec(page) ?? [];
    expect(Number(brings)).toBe(dependenciesOf(path).size - 1);
    expect(licence).toBe(lockEntry(path)?.license);
    expect(why.length).toBeGreaterThan(10);
  });
});

test('every shipped package has a licence compatible with Apache-2.0', () => {
  expect(shipped.length).toBeGreaterThan(50);
  expect(shipped.filter(([, { license }]) => !compatible.includes(license ?? ''))).toEqual([]);
});

test('no shipped package has an install script, except to find its prebuilt part', () => {
  const scripted = Object.entries(lock.packages).filter(([, entry]) => 'hasInstallScript' in entry && !entry.dev);
  expect(scripted.map(([path]) => path)).toEqual(['node_modules/classic-level']);
});
