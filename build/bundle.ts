// The last step of `npm run build`: bundles the built program into one file, and keeps V8's compiled code for it. Node spends ten times as
// long on finding and compiling some two hundred modules as `collect` works. Packages with native parts, and those for pictures and pages,
// stay outside.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';
import { keepCode } from './keep-code.js';

/** Only the packages that every cycle needs, with their dependencies: plain JavaScript without files beside it. */
const bundled = ['commander', 'execa', 'ipaddr.js'];

/** Bundles the program of a folder that has package.json, node_modules and dist into `dist/bundle`, which is emptied first. */
export async function bundle(root: string): Promise<void> {
  const dist = join(root, 'dist');
  const folder = join(dist, 'bundle');
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  rmSync(folder, { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: [join(dist, 'main.js')],
    outfile: join(folder, 'main.cjs'),
    absWorkingDir: root,
    preserveSymlinks: true,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: Object.keys(dependencies).filter((name) => !bundled.includes(name)),
    // Names and lines stay readable in the stack trace of a defect; V8 uses one byte per character.
    minifyWhitespace: true,
    lineLimit: 160,
    charset: 'ascii',
    banner: {
      js: `(function (exports, require, importPackage, __dirname) { const module = { exports }, installed = require; ${urlOfModule}`,
    },
    footer: { js: 'return module.exports; })' },
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
    logOverride: { 'empty-import-meta': 'error' },
    plugins: [modulesInPlace(dist), levelOfItsVersion(root)],
  });
  writeFileSync(join(folder, 'LICENSES.txt'), licencesOf(root, metafile));
  await keepCode(folder);
}

const urlOfModule =
  'const urlOfModule = (path) => require("node:url").pathToFileURL(require("node:path").join(__dirname, "..", path)).href;';

/**
 * Gives each of our modules the URL that it has outside the bundle, by which it finds threads, pages and fonts; and gives `import()` of
 * packages that of the program's first file, since the one of a `Script` is experimental and prints a warning.
 */
function modulesInPlace(dist: string): Plugin {
  return {
    name: 'modules-in-place',
    setup({ onLoad }) {
      onLoad({ filter: /\.js$/ }, ({ path }) => {
        if (!path.startsWith(`${dist}/`)) return null;
        const contents = readFileSync(path, 'utf8')
          .replaceAll('import.meta.url', `urlOfModule(${JSON.stringify(relative(dist, path))})`)
          .replace(/\bimport\('(?!\.)/g, "importPackage('");
        return { contents };
      });
    },
  };
}

/**
 * LevelDB's binding without its native part, which npm selects for the machine: a third of the code that a cycle loads. The two must match,
 * so if npm has installed another version than the bundled one, that version is used entirely.
 */
function levelOfItsVersion(root: string): Plugin {
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

/** Their licences must accompany every copy. */
function licencesOf(root: string, { inputs }: Metafile): string {
  const folders = Object.keys(inputs).flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(folders)]
    .sort()
    .map((folder) => {
      const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name));
      if (file === undefined) throw new Error(`${folder} has no file with its licence, so it cannot be bundled`);
      return `${folder.replace(/^.*node_modules\//, '')}\n\n${readFileSync(join(root, folder, file), 'utf8')}`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(resolve(import.meta.dirname, '..'));
