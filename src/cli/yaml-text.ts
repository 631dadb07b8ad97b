// YAML with the place of every value, for files that people edit: an error names file, line and column. https://yaml.org/spec/1.2.2/

import { LineCounter, type Node, parseDocument } from 'yaml';
import { UserError } from '../model/user-error.js';

/** A parsed file: its contents, null if it is empty, and the place of an offset as `FILE:LINE:COLUMN`. */
export interface YamlText {
  readonly contents: Node | null;
  readonly place: (offset: number) => string;
}

/** Parses a file's text; `example` is a line that belongs there. Throws a `UserError` that names the wrong line. */
export function parseYaml(text: string, file: string, example: string): YamlText {
  const lineCounter = new LineCounter();
  const place = (offset: number): string => {
    const { line, col } = lineCounter.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const document = parsed();
  const [error] = document.errors;
  if (error !== undefined) throw wrong(place(error.pos[0]), `this is not YAML: ${error.message}`);
  return { contents: document.contents, place };

  /** The parser is recursive for nested values. */
  function parsed() {
    try {
      return parseDocument(text, { lineCounter, prettyErrors: false });
    } catch (error) {
      if (error instanceof RangeError)
        throw wrong(file, `this is nested far too deep; write lines such as "${example}"`);
      throw error;
    }
  }
}

/** Where a node begins in the text. */
export function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

/** The error for a wrong line. */
export function wrong(place: string, what: string): UserError {
  return new UserError('bad-config', `${place}: ${what}`);
}
