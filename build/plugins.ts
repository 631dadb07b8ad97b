// The modules of the bundle as esbuild gets them: what they find beside themselves is where it was, and LevelDB's binding is that of its
// version.

import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import type { Parts } from './parts.js';

/**
 * Gives each of our modules the URL that it has outside the bundle, by which it finds threads, pages and fonts; gives `import()` of packages
 * that of the program's first file, since the one of a `Script` is experimental and prints a warning; and leads `import()` from main into
 * the rest.
 */
export function modulesInPlace(root: string, parts: Parts | null): Plugin {
  const dist = join(root, 'dist');
  return {
    name: 'modules-in-place',
    setup({ onLoad }) {
      onLoad({ filter: /\.js$/ }, ({ path }) => {
        if (!path.startsWith(`${dist}/`)) return null;
        const contents = readFileSync(path, 'utf8')
          .replaceAll('import.meta.url', `urlOfModule(${JSON.stringify(relative(dist, path))})`)
          .replace(/\bimport\('(?!\.)/g, "importPackage('")
          .replace(/\bimport\('(\.[^']*)'\)/g, (written, from: string) => {
            const name = relative(root, resolve(path, '..', from));
            return parts?.later.includes(name) === true ? `importLater(${JSON.stringify(name)})` : written;
          });
        return { contents };
      });
    },
  };
}

/**
 * LevelDB's binding without its native part, which npm selects for the machine: a third of the code that a cycle loads. The two must match,
 * so if npm has installed another version than the bundled one, that version is used entirely.
 */
export function levelOfItsVersion(root: string): Plugin {
  const folder = join(root, 'node_modules/classic-level');
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly version: string };
  return {
    name: 'level-of-its-version',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^level$/ }, ({ namespace }) =>
        namespace === 'file' ? { path: 'level', namespace: 'chosen' } : { external: true },
      );
      onLoad({ filter: /^level$/, namespace: 'chosen' }, () => ({
        resolveDir: folder,
        contents: `exports.Level = isSame() ? require('./index.js').ClassicLevel : require('level').Level;
          function isSame() {
            try {
              return installed('classic-level/package.json').version === ${JSON.stringify(version)};
            } catch {
              return false;
            }
          }`,
      }));
      onLoad({ filter: /classic-level\/binding\.js$/ }, ({ path }) => ({
        contents: readFileSync(path, 'utf8').replace(
          '__dirname',
          "installed.resolve('classic-level/package.json').slice(0, -13)",
        ),
      }));
    },
  };
}
