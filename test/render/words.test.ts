import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const folder = new URL('../../src/render/', import.meta.url);
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

/** Source without its comments: what is not ASCII in it stands in a literal. */
function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

describe('the words of pictures', () => {
  test.each(sources)('in %s have only letters that the font of the pictures has', (name) => {
    const letters = withoutComments(readFileSync(new URL(name, folder), 'utf8')).match(/\P{ASCII}/gu) ?? [];
    expect(letters.filter((letter) => !['µ', '·', '–', '…'].includes(letter))).toEqual([]);
  });

  test('are looked for: literals are kept, comments are not', () => {
    expect(withoutComments("const a = 'x → y'; // ≈\n/* ≤ */ const b = `⇒`;")).toMatch(
      /^const a = 'x → y';\s+const b = `⇒`;$/,
    );
  });
});
