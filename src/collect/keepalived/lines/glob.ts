// File names with wildcards, as glob(3) with GLOB_BRACE expands them: `*`, `?`, `[a-z]`, `[!a-z]` within a name, and `{a,b}`. Own code, since
// Node 20 has none; a name is matched in time proportional to both lengths, whatever the pattern.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Most alternatives of braces, and most names of a folder. */
const maxAlternatives = 1000;

/** The paths that match, sorted; a path without wildcards is returned as it stands. Throws what Node throws for an unreadable folder. */
export function expandGlob(path: string): readonly string[] {
  return withBraces(path).flatMap((one) => (/[*?[]/.test(one) ? matchesOf(one) : [one]));
}

function withBraces(path: string): readonly string[] {
  const done: string[] = [];
  const waiting = [path];
  for (let one = waiting.pop(); one !== undefined && done.length < maxAlternatives; one = waiting.pop()) {
    const found = /^(.*?)\{([^{}]*)\}(.*)$/.exec(one);
    if (found === null) done.push(one);
    else {
      const [, before = '', inner = '', after = ''] = found;
      for (const part of inner.split(',').reverse()) waiting.push(`${before}${part}${after}`);
    }
  }
  return done;
}

function matchesOf(pattern: string): readonly string[] {
  let found = [pattern.startsWith('/') ? '/' : ''];
  const names = pattern.split('/').filter((name) => name !== '');
  for (const [i, name] of names.entries()) {
    const isLast = i === names.length - 1;
    found = found.flatMap((folder) => {
      if (!/[*?[]/.test(name)) return [join(folder, name)];
      const entries = readEntries(folder === '' ? '.' : folder);
      const own = entries.filter((entry) => (isLast || entry.isFolder) && isMatch(name, entry.name));
      return own.map((entry) => join(folder, entry.name)).sort();
    });
  }
  return found;
}

function readEntries(folder: string): readonly { readonly name: string; readonly isFolder: boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      isFolder: entry.isDirectory() || entry.isSymbolicLink(),
    }));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
    throw error;
  }
}

/** Does a name match a pattern? A leading dot has to be written out. */
export function isMatch(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  const tokens = pattern.match(/\[[!^]?\]?[^\]]*\]|\\?[\s\S]/g) ?? [];
  let [token, at, star, starAt] = [0, 0, -1, 0];
  while (at < name.length) {
    const current = tokens[token];
    if (current === '*') [star, starAt, token] = [token, at, token + 1];
    else if (current !== undefined && isOne(current, name.charAt(at))) [token, at] = [token + 1, at + 1];
    else if (star >= 0) [starAt, token, at] = [starAt + 1, star + 1, starAt + 1];
    else return false;
  }
  return tokens.slice(token).every((rest) => rest === '*');
}

function isOne(token: string, character: string): boolean {
  if (token === '?') return true;
  if (token.length < 3 || !token.startsWith('[')) return token.replace(/^\\/, '') === character;
  const isNot = /^\[[!^]/.test(token);
  const inner = token.slice(isNot ? 2 : 1, -1);
  const parts = inner.match(/[\s\S]-[\s\S]|[\s\S]/g) ?? [];
  const isIn = parts.some((part) => {
    return part.length === 3 ? part.charAt(0) <= character && character <= part.charAt(2) : part === character;
  });
  return isIn !== isNot;
}
