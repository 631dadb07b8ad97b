// Foreign text made safe for a terminal: names from HAProxy, output of other programs, arguments and file names may contain
// control sequences. Control characters (C0, DEL, C1), bidirectional controls (Trojan Source, CVE-2021-42574) and line ends
// that only some programs know are escaped as in JSON, so that JSON keeps its meaning.
// https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters

const obeyed = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u206f\ufff9-\ufffb]/gu;

/** A text of several lines; its line ends stay. */
export function visible(text: string): string {
  return text.replace(obeyed, (character) => (character === '\n' ? character : escaped(character)));
}

/** A text as one line. */
export function visibleLine(text: string): string {
  return text.replace(obeyed, (character) => (character === '\n' ? '\\n' : escaped(character)));
}

/** A message with its further lines indented, so that nothing in it can pass for a message of its own. */
export function visibleMessage(text: string): string {
  return text.replace(obeyed, (character, at: number) => {
    if (character !== '\n') return escaped(character);
    return text.startsWith('  ', at + 1) ? character : '\\n';
  });
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
