// The text of one line of keepalived.conf(5): comments, quotes, words, and braces, as keepalived's parser.c takes them apart.

/** A line without its comment and the blanks around it. A backslash at its end stays, as the last character. */
export function withoutComment(line: string): string {
  if (!/[#!"\\]/.test(line)) return line.trim();
  let text = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    const next = line.charAt(at + 1);
    if (character === '"') isQuoted = !isQuoted;
    else if (character === '\\') {
      if (next === '') return `${text.trim()}\\`;
      if (isQuoted || (next !== '#' && next !== '!')) text += character;
      text += next;
      at += 1;
      continue;
    } else if (!isQuoted && (character === '#' || character === '!')) break;
    text += character;
  }
  return text.trim();
}

/** The words of a line; text in double quotes is one word. */
export function wordsOf(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(/\s+/);
  return [...line.matchAll(/"([^"]*)"?|[^\s"]+/g)].map(([word, quoted]) => quoted ?? word);
}

/** A piece of a line, and the rest of it. */
interface Piece {
  readonly piece: string;
  readonly rest: string;
}

/** The first piece of a line: a brace is one of its own, unless it is quoted, or belongs to a parameter that is not defined. */
export function firstPiece(line: string): Piece {
  if (line.startsWith('{') || line.startsWith('}')) return { piece: line.charAt(0), rest: line.slice(1).trim() };
  if (!/[{}]/.test(line)) return { piece: line, rest: '' };
  const end = /^(?:[^"{}$]+|"[^"]*"?|\$\{[^{}]*\}|\$)*/.exec(line)?.[0].length ?? line.length;
  return { piece: line.slice(0, end).trim(), rest: line.slice(end).trim() };
}

/** The path of a line that includes files, which is all that follows; null for any other line. */
export function includeOf(line: string): string | null {
  const path = /^include[rmwba]?\s+(.*)$/.exec(line)?.[1];
  return path === undefined ? null : path.replace(/^"(.*)"$/, '$1');
}
