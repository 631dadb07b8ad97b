// Splits the command of an option such as `--ipvsadm` into words, like a shell with plain words and quotes (POSIX XCU 2.2, 2.6.5), so that 'ssh lb1 "sudo
// ipvsadm"' works as expected. Nothing is expanded and no shell runs: `$`, `*`, `|` are literal.

import { CollectError, quote } from '../collect-error.js';

/** The option of a command, for messages: that it is empty, and how to write it. */
export interface CommandOption {
  readonly empty: string;
  readonly form: string;
}

const ipvsadmOption: CommandOption = {
  empty: 'the command in place of ipvsadm is empty',
  form: "--ipvsadm 'ssh lb1 sudo ipvsadm'",
};

/** The words of a command; throws a `CollectError` with code `bad-command` when there is none, or a quote is not closed. */
export function splitCommand(text: string, option = ipvsadmOption): readonly string[] {
  const found: string[] = [];
  let rest = text.trimStart();
  while (rest !== '') {
    const { word, length } = readWord(rest, { text, option });
    found.push(word);
    rest = rest.slice(length).trimStart();
  }
  if (!found[0]) throw badCommand(option.empty, option);
  return found;
}

/** Pieces of a word: plain, 'single quoted', "double quoted" with backslashes, or one character after a backslash. */
const piece = /([^\s'"\\]+)|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])/y;

/** The command that a word is part of. */
interface Whole {
  readonly text: string;
  readonly option: CommandOption;
}

function readWord(rest: string, { text, option }: Whole): { readonly word: string; readonly length: number } {
  let word = '';
  let length = 0;
  while (length < rest.length && !/\s/.test(rest.charAt(length))) {
    piece.lastIndex = length;
    const match = piece.exec(rest);
    if (match === null) {
      throw badCommand(
        `in ${quote(text)} the ${rest.charAt(length)} at ${quote(rest.slice(length), 20)} is not closed`,
        option,
      );
    }
    word += match[1] ?? match[2] ?? match[3]?.replaceAll(/\\(["\\$`])/g, '$1') ?? match[4] ?? '';
    length = piece.lastIndex;
  }
  return { word, length };
}

function badCommand(what: string, { form }: CommandOption): CollectError {
  return new CollectError('bad-command', `${what}; write it as ${form}`);
}
