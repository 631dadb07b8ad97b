// Names that can be drawn, listed and put into addresses. Invisible characters, and those that change the text direction or control a
// terminal, become escapes. These stay readable and keep names distinct that differ in nothing else:
//
//   web<NUL> is web\x00    a<byte 0xff> is a\xff    a<U+202E>b is a\u202eb

/** Controls, formatting characters, lone surrogates (odd bytes, odd-bytes.ts), line and paragraph separators. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The name with escapes for invisible characters; unchanged when it has none. */
export function plainName(name: string): string {
  return name.replaceAll(unseen, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) return `\\x${hex(code, 2)}`;
    if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`;
    return code > 0xffff ? `\\u{${hex(code, 5)}}` : `\\u${hex(code, 4)}`;
  });
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
