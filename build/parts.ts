// The two parts of the bundle: `main`, which every cycle needs, and `rest`. A cycle neither reads nor compiles the rest, two thirds of the
// program. The rest is loaded by the first `import()` that leads there, and takes the modules that it has in common with main from main, so
// that each exists once.

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Metafile, Plugin } from 'esbuild';

/** Modules of a cycle: the command, and what it imports on some machines. */
const roots = [
  'dist/main.js',
  'dist/commands/collect.js',
  'dist/cli/settings-file.js',
  'dist/cli/yaml-text.js',
  'dist/cli/policy/parse-policy.js',
  'dist/collect/haproxy/read-page.js',
];

/** The modules of a bundle by part. Names are esbuild's: paths, or a namespace and a path. */
export interface Parts {
  readonly main: ReadonlySet<string>;
  /** Modules of main that the rest imports. */
  readonly shared: readonly string[];
  /** Those of them that are ES modules. */
  readonly modules: ReadonlySet<string>;
  /** Modules of the rest that main imports by `import()`. */
  readonly later: readonly string[];
}

/** Divides the modules of a whole bundle. Throws if a module of a cycle is not among them. */
export function partsOf({ inputs }: Metafile): Parts {
  const importsOf = (name: string) => inputs[name]?.imports.filter(({ external }) => external !== true) ?? [];
  const main = new Set<string>();
  const add = (name: string): void => {
    if (main.has(name)) return;
    main.add(name);
    for (const { kind, path } of importsOf(name)) if (kind !== 'dynamic-import') add(path);
  };
  for (const name of roots) {
    if (inputs[name] === undefined) throw new Error(`there is no ${name} to bundle: is it still imported?`);
    add(name);
  }
  const later = [...main].flatMap((name) => importsOf(name).map(({ path }) => path)).filter((path) => !main.has(path));
  const shared = Object.keys(inputs)
    .filter((name) => !main.has(name))
    .flatMap((name) => importsOf(name).map(({ path }) => path))
    .filter((path) => main.has(path));
  const modules = shared.filter((name) => inputs[name]?.format === 'esm');
  return { main, shared: unique(shared), modules: new Set(modules), later: unique(later) };
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

/**
 * The first file of main: starts the program, and gives the rest the modules that they share. Those of ours are copied once they are
 * complete, because getters of getters cost time at every call.
 */
export function mainEntry({ shared, modules }: Parts): string {
  const functions = shared.map((name) => {
    const required = `require(${JSON.stringify(specifierOf(name))})`;
    return `${JSON.stringify(name)}: () => ${modules.has(name) ? `({ ...${required} })` : required}`;
  });
  return `exports.main = (args) => require('./dist/main.js').main(args);
exports.sharedModules = { ${functions.join(',\n')} };`;
}

/** The first file of the rest: a function for each module that main imports. */
export function restEntry({ later }: Parts): string {
  const modules = later.map((name) => `${JSON.stringify(name)}: () => require(${JSON.stringify(specifierOf(name))})`);
  return `module.exports = { ${modules.join(',\n')} };`;
}

function specifierOf(name: string): string {
  return name.replace(/^chosen:/, '').replace(/^(?=(dist|node_modules)\/)/, './');
}

/** A copy of the exports has no mark of it. */
const defaultExport = /^export default\b|\bas default\b/m;

/** In the rest: replaces the modules of main. */
export function modulesOfMain(root: string, { main, modules }: Parts): Plugin {
  const isAsked = Symbol('asked');
  return {
    name: 'modules-of-main',
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: /.*/ }, async ({ path, importer, namespace, resolveDir, kind, pluginData }) => {
        if (pluginData === isAsked || kind === 'entry-point' || namespace === 'main') return null;
        const found = await resolve(path, { importer, namespace, resolveDir, kind, pluginData: isAsked });
        if (found.errors.length > 0 || found.external) return null;
        const name = found.namespace === 'file' ? relative(root, found.path) : `${found.namespace}:${found.path}`;
        if (!main.has(name)) return null;
        const isWrong = modules.has(name) && defaultExport.test(readFileSync(found.path, 'utf8'));
        const text = `${name} has a default export, which cannot be shared: name it`;
        return { path: `${name}.cjs`, namespace: 'main', errors: isWrong ? [{ text }] : [] };
      });
      onLoad({ filter: /.*/, namespace: 'main' }, ({ path }) => ({
        contents: `module.exports = sharedModules[${JSON.stringify(path.slice(0, -'.cjs'.length))}]();`,
      }));
    },
  };
}
