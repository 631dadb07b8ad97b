// Text from elsewhere, safe to be shown on a terminal: names from HAProxy, words of other programs, arguments and file names may hold what a
// terminal obeys. Control characters (C0, DEL, C1), those that turn the direction of writing (Trojan Source, CVE-2021-42574) and the line
// ends that only some programs know are shown as JSON writes them, so that JSON stays what it was.
// https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters

const obeyed = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u206f\ufff9-\ufffb]/gu;

/** A text of several lines; the ends of its lines stay. */
export function visible(text: string): string {
  return text.replace(obeyed, (character) => (character === '\n' ? character : escaped(character)));
}

/** A text as one line. */
export function visibleLine(text: string): string {
  return text.replace(obeyed, (character) => (character === '\n' ? '\\n' : escaped(character)));
}

/** A message: its further lines are indented, and no other is taken for one, so nothing in it can pass for a message of its own. */
export function visibleMessage(text: string): string {
  return text.replace(obeyed, (character, at: number) => {
    if (character !== '\n') return escaped(character);
    return text.startsWith('  ', at + 1) ? character : '\\n';
  });
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
