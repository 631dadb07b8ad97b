// The markup of `rrdtool dump`, read piece by piece as the text arrives: tags without attributes, text, comments. It uses no more of XML
// than that: no attributes, entities or character data, so a full XML parser would have to refuse nearly everything it knows. Anything
// outside this small grammar is refused, and so is unbounded input.
//
//   piece = <NAME> | </NAME> | <NAME/> | text     NAME: lower case letters, digits, _
//   skipped: <?xml ... ?>  <!DOCTYPE rrd SYSTEM "...">  <!-- ... -->

/** Called for each piece; must not be called again after it has thrown. */
export interface MarkupHandler {
  open(name: string): void;
  close(name: string): void;
  /** Text between tags, trimmed; never empty. */
  text(text: string): void;
}

/** Text outside this markup, with its line. */
export class MarkupError extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** Limits on the characters of one tag, text or comment, and of all together: a small compressed file may hold endless text. */
const maxChars = 1000;
const maxCharsInAll = 2 ** 32;

/** Splits text into pieces. Throws a `MarkupError`, or what the handler throws. */
export class MarkupReader {
  readonly #handler: MarkupHandler;
  #rest = '';
  #charsInAll = 0;
  line = 1;

  constructor(handler: MarkupHandler) {
    this.#handler = handler;
  }

  /** Takes the next text, cut at any point. */
  push(more: string): void {
    this.#charsInAll += more.length;
    if (this.#charsInAll > maxCharsInAll) throw this.#error('more than 4 GiB of text before it');
    const text = this.#rest + more;
    let at = 0;
    for (;;) {
      const open = text.indexOf('<', at);
      if (open < 0) break;
      const end = endOf(text, open);
      if (end < 0) break;
      if (open > at) this.#text(text.slice(at, open));
      const piece = text.slice(open, end);
      if (piece.length > maxChars) throw this.#error('a tag or a comment that is far too long');
      this.#tag(piece);
      at = end;
    }
    this.#rest = text.slice(at);
    if (this.#rest.length > 2 * maxChars) throw this.#error('a tag, text or comment that does not end');
  }

  /** Marks the end of the text. */
  end(): void {
    if (this.#rest.includes('<')) throw this.#error('a tag that is cut off');
    this.#text(this.#rest);
  }

  #text(text: string): void {
    const trimmed = text.trim();
    // Leading lines are counted first, so that the handler sees the line of the piece.
    const before = text.length - text.trimStart().length;
    this.#count(text.slice(0, before));
    if (trimmed !== '') {
      if (trimmed.length > maxChars) throw this.#error('a text that is far too long');
      if (/[&>\0]/.test(trimmed)) throw this.#error('a character that rrdtool does not write');
      this.#handler.text(trimmed);
    }
    this.#count(text.slice(before));
  }

  #tag(piece: string): void {
    const match = /^<(\/?)([a-z][a-z0-9_]*)\s*(\/?)>$/.exec(piece);
    if (match !== null) {
      const [, slash, name = '', empty] = match;
      if (slash === '') this.#handler.open(name);
      if (slash !== '' || empty !== '') this.#handler.close(name);
    } else if (!/^<\?xml [^<]*\?>$|^<!DOCTYPE rrd SYSTEM "[^"<>[\]]*">$|^<!--[\s\S]*-->$/.test(piece)) {
      throw this.#error(`"${piece.slice(0, 60)}", which rrdtool does not write`);
    }
    this.#count(piece);
  }

  #count(text: string): void {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.line += 1;
  }

  #error(found: string): MarkupError {
    return new MarkupError(found, this.line);
  }
}

/** The end of the tag or comment that starts there; -1 while it has not arrived. */
function endOf(text: string, open: number): number {
  if (text.startsWith('<!--', open)) {
    const end = text.indexOf('-->', open + 4);
    return end < 0 ? -1 : end + 3;
  }
  // The start of a comment may itself be cut.
  if ('<!--'.startsWith(text.slice(open, open + 4)) && text.length < open + 4) return -1;
  const end = text.indexOf('>', open);
  return end < 0 ? -1 : end + 1;
}
