// The word that a statement begins with, as SQLite's tokenizer finds it: behind blanks, a byte order mark and comments.
// https://www.sqlite.org/lang_comment.html

import { maxSqlBytes, SqlError } from '../../model/links/sql-result.js';

const readingWords: readonly string[] = ['SELECT', 'WITH', 'VALUES'];

/** One blank, or one comment. One of `/*` without an end reaches to the end of the text. */
const skipped = /[\t\n\f\r \ufeff]+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;

/** Throws a `SqlError` if a text cannot be a query: it begins with another word, is too long, or has a NUL, at which SQLite would stop. */
export function checkText(sql: string): void {
  const bytes = Buffer.byteLength(sql);
  if (bytes > maxSqlBytes) throw new SqlError('bad-sql', `the query has ${bytes} bytes; the maximum is ${maxSqlBytes}`);
  if (sql.includes('\0')) throw new SqlError('bad-sql', 'the query has a NUL character: remove it');
  const word = leadingWord(sql);
  if (readingWords.includes(word)) return;
  const found = word === '' ? 'something else' : word;
  throw new SqlError(
    'sql-refused',
    `a query begins with SELECT, WITH or VALUES, this one with ${found}: the table is read-only`,
  );
}

/** The word in capitals; empty if something else comes first. */
function leadingWord(sql: string): string {
  let at = 0;
  for (;;) {
    skipped.lastIndex = at;
    if (skipped.exec(sql) === null) break;
    at = skipped.lastIndex;
  }
  return /^[A-Za-z_]+/.exec(sql.slice(at, at + 40))?.[0].toUpperCase() ?? '';
}
