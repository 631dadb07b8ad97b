// Escaping of control characters: shown text contains none that a terminal obeys.

import { expect, test } from 'vitest';
import { visible, visibleLine, visibleMessage } from '../../../src/model/text/visible.js';

test.each([
  ['an escape sequence', '\u001b]0;owned\u0007', '\\u001b]0;owned\\u0007'],
  ['a NUL', 'web\u00001', 'web\\u00001'],
  ['a carriage return', 'down\rup', 'down\\u000dup'],
  ['a tabulator', 'a\tb', 'a\\u0009b'],
  ['DEL', 'a\u007f', 'a\\u007f'],
  ['a C1 escape sequence', '\u009b31m', '\\u009b31m'],
  ['a direction override', '\u202etxt.exe', '\\u202etxt.exe'],
  ['an isolate', '\u2066a\u2069', '\\u2066a\\u2069'],
  ['a direction mark', 'a\u200fb\u061c', 'a\\u200fb\\u061c'],
  ['other line ends', 'a\u0085b\u2028c\u2029d', 'a\\u0085b\\u2028c\\u2029d'],
  ['plain text', 'Größe 日本 – 🙂 \\ "', 'Größe 日本 – 🙂 \\ "'],
])('%s is shown safely', (_, text, shown) => {
  expect(visible(text)).toBe(shown);
  expect(visibleLine(text)).toBe(shown);
  expect(visibleMessage(text)).toBe(shown);
});

test('a line end stays in multi-line text and is escaped in a line', () => {
  expect(visible('a\nb')).toBe('a\nb');
  expect(visibleLine('a\nb')).toBe('a\\nb');
});

test('a message may continue only with indented lines', () => {
  expect(visibleMessage('a\n  b\nlvs-stats: c\n d')).toBe('a\n  b\\nlvs-stats: c\\n d');
});

test('JSON keeps its meaning', () => {
  const text = Array.from({ length: 0x2100 }, (_, code) => String.fromCharCode(code)).join('');
  const shown = visible(JSON.stringify({ text }, null, 2));
  expect(JSON.parse(shown)).toEqual({ text });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it matches control characters
  expect(shown.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u202e]/);
});
