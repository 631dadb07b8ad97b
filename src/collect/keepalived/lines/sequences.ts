// Sequences and lists of keepalived.conf(5), "Sequence blocks" and "List blocks": the rest of the line is read once for each value.
//
//   ~SEQ(N, 1, 2, 9) real_server 10.0.0.${N} 80     ~SEQx(N, 0x90, 0x10, 0xc0) …     ~LST({A, B}, {10, 1}, {20, 4}) …

/** The values of the parameters of a sequence, turn by turn, and the rest of the line. */
export interface Sequence {
  readonly names: readonly string[];
  readonly count: number;
  readonly valuesAt: (turn: number) => readonly string[];
  readonly rest: string;
}

/** Is this line a sequence? */
export function isSequence(line: string): boolean {
  return line.startsWith('~SEQ') || line.startsWith('~LST');
}

/** Parses a sequence; null if it is not well formed. `replace` replaces the parameters in its numbers. */
export function parseSequence(line: string, replace: (text: string) => string): Sequence | null {
  return line.startsWith('~SEQ') ? parseNumbers(line, replace) : parseList(line);
}

function parseNumbers(line: string, replace: (text: string) => string): Sequence | null {
  const found = /^~SEQ(x?)\s*\(\s*([^\s,(){}]+)\s*,([^)]*)\)\s*(.*)$/.exec(line);
  if (found === null) return null;
  const [, hex, name = '', numbers = '', rest = ''] = found;
  const parsed = replace(numbers).split(',').map(wholeNumber);
  const bounds = boundsOf(parsed);
  if (bounds === null) return null;
  const [start, step, end] = bounds;
  const isHex = hex === 'x';
  if (isHex && (start < 0 || end < 0)) return null;
  const count = Math.floor((end - start) / step) + 1;
  return { names: [name], count, valuesAt: (turn) => [(start + turn * step).toString(isHex ? 16 : 10)], rest };
}

type Bounds = readonly [start: number, step: number, end: number];

function boundsOf(numbers: readonly number[]): Bounds | null {
  const [one = 0, two = 0, three = 0] = numbers;
  if (numbers.some((number) => !Number.isSafeInteger(number))) return null;
  if (numbers.length === 1) return [one < 0 ? -1 : 1, one < 1 ? -1 : 1, one];
  if (numbers.length === 2) return [one, one <= two ? 1 : -1, two];
  if (numbers.length !== 3 || two === 0 || (three - one) * two < 0) return null;
  return [one, two, three];
}

/** As strtol(3) with base 0 reads it. */
function wholeNumber(text: string): number {
  const found = /^([+-]?)(?:0[xX]([\da-fA-F]+)|(0[0-7]*)|([1-9]\d*))$/.exec(text.trim());
  if (found === null) return Number.NaN;
  const [, sign, hex, octal, decimal] = found;
  const size = hex !== undefined ? Number.parseInt(hex, 16) : Number.parseInt(octal ?? decimal ?? '', octal ? 8 : 10);
  return sign === '-' ? -size : size;
}

function parseList(line: string): Sequence | null {
  const found = /^~LST\s*\(\s*(\{[^{}()]*\}|[^\s,{}()]+)\s*,((?:[^(){}]|\{[^{}()]*\})*)\)\s*(.*)$/.exec(line);
  if (found === null) return null;
  const [, first = '', values = '', rest = ''] = found;
  const names = membersOf(first);
  const sets = [...values.matchAll(/\s*(\{[^{}]*\}|[^,{}]*)\s*(?:,|$)/g)].map(([, set = '']) => membersOf(set));
  // The pattern also matches the empty end of the text.
  const turns = values.trimEnd().endsWith(',') ? sets : sets.slice(0, -1);
  if (turns.length === 0 || names.includes('') || turns.some((set) => set.length > names.length)) return null;
  return { names, count: turns.length, valuesAt: (turn) => names.map((_, i) => turns[turn]?.[i] ?? ''), rest };
}

function membersOf(text: string): readonly string[] {
  const trimmed = text.trim();
  const inner = trimmed.startsWith('{') ? trimmed.slice(1, -1).split(',') : [trimmed];
  return inner.map((member) => member.trim());
}
