import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const folder = new URL('../../src/render/', import.meta.url);
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

/** Source without its comments: any non-ASCII character left is in a literal. */
function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

describe('the text of pictures', () => {
  test.each(sources)('in %s has only letters that the font contains', (name) => {
    const letters = withoutComments(readFileSync(new URL(name, folder), 'utf8')).match(/\P{ASCII}/gu) ?? [];
    expect(letters.filter((letter) => !['µ', '·', '–', '…'].includes(letter))).toEqual([]);
  });

  test('is taken from literals, not from comments', () => {
    expect(withoutComments("const a = 'x → y'; // ≈\n/* ≤ */ const b = `⇒`;")).toMatch(
      /^const a = 'x → y';\s+const b = `⇒`;$/,
    );
  });
});
