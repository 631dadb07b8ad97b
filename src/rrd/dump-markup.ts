// The markup that `rrdtool dump` writes, piece by piece as the text comes in: tags without attributes, text, comments. That is
// all of its XML: there are no attributes, entities or character data, so a parser of all that XML may be would have to be told
// to refuse nearly everything it knows. What is not of this small grammar is refused, and so is what grows without end.
//
//   piece = <NAME> | </NAME> | <NAME/> | text     NAME: lower case letters, digits, _
//   passed over: <?xml ... ?>  <!DOCTYPE rrd SYSTEM "...">  <!-- ... -->

/** Is called with what is found; must not keep on after it has thrown. */
export interface MarkupHandler {
  open(name: string): void;
  close(name: string): void;
  /** Text between tags, without the space around it; never empty. */
  text(text: string): void;
}

/** What is no markup of this kind, and in which line. */
export class MarkupError extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** Characters that a tag, a text or a comment may have, and all of them together: a small compressed file may hold text without end. */
const mostChars = 1000;
const mostCharsInAll = 2 ** 32;

/** Splits text into pieces. Throws a `MarkupError`, or what the handler throws. */
export class MarkupReader {
  readonly #handler: MarkupHandler;
  #rest = '';
  #charsInAll = 0;
  line = 1;

  constructor(handler: MarkupHandler) {
    this.#handler = handler;
  }

  /** Takes the next text, cut anywhere. */
  push(more: string): void {
    this.#charsInAll += more.length;
    if (this.#charsInAll > mostCharsInAll) throw this.#error('more than 4 GiB of text before it');
    const text = this.#rest + more;
    let at = 0;
    for (;;) {
      const open = text.indexOf('<', at);
      if (open < 0) break;
      const end = endOf(text, open);
      if (end < 0) break;
      if (open > at) this.#text(text.slice(at, open));
      const piece = text.slice(open, end);
      if (piece.length > mostChars) throw this.#error('a tag or a comment that is far too long');
      this.#tag(piece);
      at = end;
    }
    this.#rest = text.slice(at);
    if (this.#rest.length > 2 * mostChars) throw this.#error('a tag, text or comment that does not end');
  }

  /** Says that there is no more. */
  end(): void {
    if (this.#rest.includes('<')) throw this.#error('a tag that is cut off');
    this.#text(this.#rest);
  }

  #text(text: string): void {
    const trimmed = text.trim();
    // Its lines are counted first where it begins with them, so that the handler sees the line that it is on.
    const before = text.length - text.trimStart().length;
    this.#count(text.slice(0, before));
    if (trimmed !== '') {
      if (trimmed.length > mostChars) throw this.#error('a text that is far too long');
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

/** Where the tag or comment that begins there ends; -1 while that has not come. */
function endOf(text: string, open: number): number {
  if (text.startsWith('<!--', open)) {
    const end = text.indexOf('-->', open + 4);
    return end < 0 ? -1 : end + 3;
  }
  // The beginning of a comment may be cut itself.
  if ('<!--'.startsWith(text.slice(open, open + 4)) && text.length < open + 4) return -1;
  const end = text.indexOf('>', open);
  return end < 0 ? -1 : end + 1;
}
