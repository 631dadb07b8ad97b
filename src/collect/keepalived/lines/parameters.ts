// Parameters of keepalived.conf(5), "Parameter substitution": `$NAME=VALUE` defines one, `$NAME` and `${NAME}` stand for its value at that
// moment. A value of several lines stands only at the end of a line.

/** Most replacements in a line: a parameter that contains itself would never end. */
const maxReplacements = 1000;

/** The longest line that parameters may make. */
const maxLine = 65_536;

/** A line whose parameters grow without end. */
export class EndlessParameter extends Error {}

/** A line after a replacement, and the further lines of a value of several lines. */
export interface Replaced {
  readonly text: string;
  readonly further: readonly string[];
}

const use = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*)(?=[ \t,)]|$))/g;

/** The parameters defined so far. */
export class Parameters {
  readonly #values = new Map<string, readonly string[]>();

  define(name: string, lines: readonly string[]): void {
    this.#values.set(name, lines);
  }

  /** Replaces every parameter of a line; null if there is none. Throws an `EndlessParameter`. */
  replace(line: string): Replaced | null {
    let text = line;
    let further: readonly string[] = [];
    let count = 0;
    for (let from = 0; ; ) {
      use.lastIndex = from;
      const found = use.exec(text);
      if (found === null) break;
      const end = found.index + found[0].length;
      const value = this.#values.get(found[1] ?? found[2] ?? '');
      if (value === undefined || (value.length > 1 && end < text.length)) {
        from = found.index + 1;
        continue;
      }
      count += 1;
      const [first = '', ...rest] = value;
      text = text.slice(0, found.index) + first + text.slice(end);
      // Values are replaced in turn, in the parameters' state at that moment; a sequence begins anew with its own.
      from = first.trimStart().startsWith('~') ? text.length : found.index;
      further = [...rest, ...further];
      if (count > maxReplacements || text.length > maxLine || further.length > maxLine) throw new EndlessParameter();
    }
    return count === 0 ? null : { text, further };
  }
}

/** A definition: its name, and its value, which ends with a backslash if it goes on in the next line; null for any other line. */
export function definitionIn(line: string): { readonly name: string; readonly value: string } | null {
  const found = /^\$([A-Za-z_]\w*)=[ \t]*(.*)$/.exec(line);
  return found === null ? null : { name: found[1] ?? '', value: found[2] ?? '' };
}
