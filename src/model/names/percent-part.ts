// Any text as a part of an archive's name: characters other than letters, digits, `_` and `.` are percent-encoded (UTF-8, capital hexadecimal
// digits), and so is a leading dot: the last `-` of a picture's name ends the archive's.

/** Encodes a text. Throws a `URIError` if it is not valid Unicode (a lone surrogate). */
export function encodePart(text: string): string {
  return encodeURIComponent(text)
    .replace(/[-!~*'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/^\./, '%2E');
}

/** Decodes a part; null if it is not a text's. */
export function decodePart(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
