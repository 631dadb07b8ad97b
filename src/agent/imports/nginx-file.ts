// `nginx:FILE`: a configuration of nginx with the files that it includes, read again when one of them, or a folder of theirs, has changed.

import { readdirSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { readBounded } from '../../files/read-file.js';
import { type Import, mostImported } from './import.js';
import type { NamedTarget } from './named-target.js';
import { type Directive, parseDirectives, targetsOf } from './parse-nginx.js';
import type { TargetResolver } from './resolve.js';
import { stampOf } from './stamp.js';

const [mostFiles, mostBytes, mostDepth] = [500, 2 ** 23, 10];

/** The servers behind nginx. */
export function nginxImport(path: string, resolver: TargetResolver): Import {
  let kept: {
    readonly targets: readonly NamedTarget[];
    readonly paths: readonly string[];
    readonly stamp: string;
  } | null = null;
  return {
    name: `nginx:${path}`,
    names: resolver.names,
    async targets() {
      const isChanged = kept === null || stampOf(kept.paths) !== kept.stamp;
      if (kept === null || isChanged) {
        const reading = new NginxReading(dirname(path));
        reading.add(path, 0);
        const paths = [...reading.paths];
        kept = { targets: targetsOf(reading.directives).slice(0, mostImported), paths, stamp: stampOf(paths) };
      }
      return resolver.resolve(kept.targets, isChanged);
    },
  };
}

/** One reading of a configuration. */
class NginxReading {
  readonly directives: Directive[] = [];
  /** Files and folders that it depends on. */
  readonly paths = new Set<string>();
  readonly #prefix: string;
  #bytes = 0;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  add(path: string, depth: number, within: readonly string[] = []): void {
    this.paths.add(path);
    if (this.paths.size > mostFiles || depth > mostDepth)
      throw new Error(`it includes more than ${mostFiles} files, or itself`);
    const text = readBounded(path, mostBytes - this.#bytes).toString('latin1');
    this.#bytes += text.length;
    for (const directive of parsed(text, path)) {
      const inner = { words: directive.words, within: [...within, ...directive.within] };
      const [name, pattern = ''] = directive.words;
      if (name !== 'include') this.directives.push(inner);
      else for (const file of this.#filesOf(pattern)) this.add(file, depth + 1, inner.within);
    }
  }

  /** The files of a pattern; relative ones are below the folder of the main file. */
  #filesOf(pattern: string): readonly string[] {
    const whole = isAbsolute(pattern) ? pattern : join(this.#prefix, pattern);
    if (!/[*?[]/.test(whole)) return [whole];
    return whole
      .split('/')
      .slice(1)
      .reduce<readonly string[]>(
        (folders, part) => folders.flatMap((folder) => this.#entriesOf(folder === '' ? '/' : folder, part)),
        [''],
      );
  }

  #entriesOf(folder: string, part: string): readonly string[] {
    if (!/[*?[]/.test(part)) return [join(folder, part)];
    this.paths.add(folder);
    const pattern = globPattern(part);
    try {
      return readdirSync(folder)
        .filter((name) => pattern.test(name))
        .sort()
        .map((name) => join(folder, name));
    } catch {
      // A pattern without matches is no error of nginx either.
      return [];
    }
  }
}

function parsed(text: string, path: string): readonly Directive[] {
  try {
    return parseDirectives(text);
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A name of glob(7) as a pattern: a leading dot is matched by a dot only. */
function globPattern(part: string): RegExp {
  const inner = part.replaceAll(/\[[^\]/]+\]|[^\w]/g, (sign) => {
    if (sign === '*') return '[^/]*';
    if (sign === '?') return '[^/]';
    return sign.length > 1 ? sign.replace(/^\[!/, '[^').replaceAll('\\', '\\\\') : `\\${sign}`;
  });
  return new RegExp(`^(?!\\.)${inner}$`);
}
