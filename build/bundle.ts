// The last step of `npm run build`: bundles the built program into two files (parts.ts), and keeps V8's compiled code for them. Node spends ten
// times as long on finding and compiling some two hundred modules as `collect` works. Packages with native parts, and those for pictures and
// pages, stay outside.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { keepCode } from './keep-code.js';
import { mainEntry, modulesOfMain, type Parts, partsOf, restEntry } from './parts.js';
import { levelOfItsVersion, modulesInPlace } from './plugins.js';

/** Only packages of plain JavaScript without files beside it, with their dependencies. */
const bundled = ['commander', 'execa', 'ipaddr.js'];

/** Bundles the program of a folder that has package.json, node_modules and dist into `dist/bundle`, which is emptied first. */
export async function bundle(root: string): Promise<void> {
  const folder = join(root, 'dist/bundle');
  rmSync(folder, { recursive: true, force: true });
  const options = optionsOf(root, null);
  const entryPoints = [join(root, 'dist/main.js')];
  const whole = await build({ ...options, entryPoints, outdir: folder, write: false, metafile: true });
  const parts = partsOf(whole.metafile);
  await buildPart(root, {
    parts,
    name: 'main',
    entry: mainEntry(parts),
    given: 'loadRest',
    more: importLater,
  });
  await buildPart(root, { parts, name: 'rest', entry: restEntry(parts), given: 'sharedModules', more: '' });
  writeFileSync(join(folder, 'LICENSES.txt'), licencesOf(root, whole.metafile));
  await keepCode(folder);
}

/** A part of the bundle. */
interface Part {
  readonly parts: Parts;
  readonly name: 'main' | 'rest';
  /** Its first file. */
  readonly entry: string;
  /** The name of the value that it is given. */
  readonly given: string;
  /** Code before it. */
  readonly more: string;
}

/** Writes a part as a function of the values that Node passes to a module, and of the one that leads to the other part. */
async function buildPart(root: string, { parts, name, entry, given, more }: Part): Promise<void> {
  const options = optionsOf(root, parts);
  const plugins = name === 'rest' ? [modulesOfMain(root, parts)] : [];
  await build({
    ...options,
    stdin: { contents: entry, resolveDir: root, sourcefile: `${name}.js` },
    outfile: join(root, 'dist/bundle', `${name}.cjs`),
    plugins: [...plugins, ...(options.plugins ?? [])],
    banner: {
      js: `(function (exports, require, importPackage, __dirname, ${given}) { const module = { exports }, installed = require; ${urlOfModule}${more}`,
    },
    footer: { js: 'return module.exports; })' },
  });
}

const urlOfModule =
  'const urlOfModule = (path) => require("node:url").pathToFileURL(require("node:path").join(__dirname, "..", path)).href;';

/** Loads the rest once, when it is first needed. */
const importLater =
  'const importLater = ((rest) => async (name) => (rest ??= loadRest(module.exports.sharedModules))[name]())(null);';

/** The options of all parts; of the whole, if the parts are not known yet. */
function optionsOf(root: string, parts: Parts | null): BuildOptions {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return {
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
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
    logOverride: { 'empty-import-meta': 'error', 'import-is-undefined': 'error' },
    plugins: [modulesInPlace(root, parts), levelOfItsVersion(root)],
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
