// The lines of a keepalived.conf(5) as its blocks see them: files are included, conditional lines chosen, parameters replaced, sequences
// repeated, and braces are lines of their own. Follows read_line() in keepalived's parser.c.

import { dirname, isAbsolute, join } from 'node:path';
import type { Place } from '../../../model/drift/expected.js';
import type { ConfigBounds } from '../bounds.js';
import { quoted, type ReadingNotes } from '../reading-notes.js';
import { ConfigFiles, type ReadFailure } from './config-files.js';
import { firstPiece, includeOf, withoutComment } from './config-text.js';
import { definitionIn, EndlessParameter, Parameters } from './parameters.js';
import { isSequence, parseSequence } from './sequences.js';
import type { Trail } from './trail.js';

/** A line, without its comment; a brace stands alone. */
export interface ConfigLine {
  readonly text: string;
  readonly place: Place;
}

/** The conditions that choose the lines. */
export interface LineGround {
  /** The word that conditional lines are compared with. */
  readonly configId: string;
  /** A copy of the first file, to be read in its place; null if there is none. */
  readonly copy: string | null;
  readonly bounds: ConfigBounds;
  readonly notes: ReadingNotes;
  /** Notes the files and paths that are read. */
  readonly trail: Trail;
}

/** A bound was passed: nothing more is read. */
class BoundPassed extends Error {}

/** Reads the lines of a file and of those that it includes. */
export function configLines(file: string, ground: LineGround): Generator<ConfigLine> {
  return new LineReader(ground).readAll(file);
}

class LineReader {
  readonly #ground: LineGround;
  readonly #files: ConfigFiles;
  readonly #parameters = new Parameters();
  /** The definition whose value goes on in the next line. */
  #unfinished: { readonly name: string; readonly lines: string[] } | null = null;
  #lines = 0;

  constructor(ground: LineGround) {
    this.#ground = ground;
    this.#files = new ConfigFiles(ground);
    this.#parameters.define('_HASH', ['#']);
    this.#parameters.define('_BANG', ['!']);
    this.#parameters.define('_INSTANCE', [ground.configId]);
  }

  *readAll(file: string): Generator<ConfigLine> {
    const { notes } = this.#ground;
    try {
      yield* this.#file(file, null);
    } catch (error) {
      if (!(error instanceof BoundPassed)) throw error;
      notes.leaveOut(null, error.message);
    }
  }

  /** The lines of a file; `from` is the line that includes it. */
  *#file(file: string, from: Place | null): Generator<ConfigLine> {
    const text = this.#files.open(from === null ? (this.#ground.copy ?? file) : file);
    if (typeof text !== 'string') return this.#unread(file, from, text);
    this.#parameters.define('_PWD', [dirname(file)]);
    let line = 0;
    for (const raw of text.split('\n')) {
      line += 1;
      const place = { file, line };
      const whole = raw.replace(/\r+$/, '');
      if (whole === '') this.#endDefinition();
      const own = withoutComment(whole);
      if (own === '') continue;
      if (this.#unfinished === null) yield* this.#line(own, place, 0);
      else this.#continueDefinition(own);
    }
    this.#endDefinition();
    this.#files.close();
    if (from !== null) this.#parameters.define('_PWD', [dirname(from.file)]);
  }

  #unread(file: string, from: Place | null, { text, isLeftOut }: ReadFailure): void {
    const { notes } = this.#ground;
    if (isLeftOut) notes.leaveOut(from, `${file} is left out: ${text}`);
    else notes.add(from, `${file} is not read, nor does keepalived read it: ${text}`);
  }

  *#line(line: string, place: Place, depth: number): Generator<ConfigLine> {
    this.#lines += 1;
    const { bounds, notes } = this.#ground;
    if (this.#lines > bounds.lines || depth > bounds.depth) {
      throw new BoundPassed(
        `the configuration is left out from ${place.file}:${place.line} on: it has more than ${bounds.lines} lines, or ${bounds.depth} nested parameters`,
      );
    }
    const chosen = this.#chosen(line);
    if (chosen === null || this.#define(chosen)) return;
    if (isSequence(chosen)) return yield* this.#sequence(chosen, place, depth);
    const replaced = this.#replace(chosen, place);
    if (replaced === null) return yield* this.#pieces(chosen, place, depth);
    for (const next of [replaced.text, ...replaced.further]) {
      const own = withoutComment(next);
      if (own === chosen)
        notes.leaveOut(place, `the parameter in ${quoted(own.split(/\s/)[0] ?? '')} stands for itself`);
      else if (own !== '') yield* this.#line(own, place, depth + 1);
    }
  }

  /** The line without its condition; null if it is for another director. */
  #chosen(line: string): string | null {
    if (!line.startsWith('@')) return line;
    const [, not, id, rest = ''] = /^@(\^?)(\S*)\s*(.*)$/.exec(line) ?? [];
    const isOwn = id === this.#ground.configId;
    return rest === '' || isOwn === (not === '^') ? null : rest;
  }

  #define(line: string): boolean {
    const definition = definitionIn(line);
    if (definition === null) return false;
    const { name, value } = definition;
    if (!value.endsWith('\\')) this.#parameters.define(name, [value]);
    else {
      const first = value.slice(0, -1).trimEnd();
      // The first line of a value of several lines is empty where nothing follows the name.
      this.#unfinished = { name, lines: first === '' ? [] : [first] };
    }
    return true;
  }

  #continueDefinition(line: string): void {
    const isLast = !line.endsWith('\\');
    const own = isLast ? line : line.slice(0, -1).trimEnd();
    if (own !== '') this.#unfinished?.lines.push(own);
    if (isLast) this.#endDefinition();
  }

  #endDefinition(): void {
    if (this.#unfinished === null) return;
    const { name, lines } = this.#unfinished;
    this.#parameters.define(name, lines.length === 0 ? [''] : lines);
    this.#unfinished = null;
  }

  *#sequence(line: string, place: Place, depth: number): Generator<ConfigLine> {
    const sequence = parseSequence(line, (text) => this.#replace(text, place)?.text ?? text);
    if (sequence === null) {
      this.#ground.notes.leaveOut(place, `a line is left out: its ${line.slice(0, 4)} is not understood`);
      return;
    }
    const { names, count, valuesAt, rest } = sequence;
    for (let turn = 0; turn < count; turn += 1) {
      for (const [i, value] of valuesAt(turn).entries()) this.#parameters.define(names[i] ?? '', [value]);
      if (rest !== '') yield* this.#line(rest, place, depth + 1);
    }
  }

  #replace(line: string, place: Place): ReturnType<Parameters['replace']> {
    if (!line.includes('$')) return null;
    try {
      return this.#parameters.replace(line);
    } catch (error) {
      if (!(error instanceof EndlessParameter)) throw error;
      this.#ground.notes.leaveOut(
        place,
        'a line is left out: replacing its parameters has no end, or makes it too long',
      );
      return { text: '', further: [] };
    }
  }

  *#pieces(line: string, place: Place, depth: number): Generator<ConfigLine> {
    // Only definitions go on in the next line.
    let left = line.endsWith('\\') ? line.slice(0, -1).trimEnd() : line;
    while (left !== '') {
      const path = includeOf(left);
      if (path !== null) return yield* this.#include(path, place, depth);
      const { piece, rest } = firstPiece(left);
      yield { text: piece, place };
      left = rest;
    }
  }

  *#include(path: string, place: Place, depth: number): Generator<ConfigLine> {
    const { notes, bounds } = this.#ground;
    const whole = isAbsolute(path) ? path : join(dirname(place.file), path);
    if (this.#files.depth >= bounds.depth || depth >= bounds.depth) {
      notes.leaveOut(place, `${whole} is left out: includes are nested more than ${bounds.depth} deep`);
      return;
    }
    const found = this.#files.expand(whole);
    if ('text' in found) this.#unread(whole, place, found);
    else for (const file of found) yield* this.#file(file, place);
  }
}
