import { describe, expect, test } from 'vitest';
import { splitCommand } from '../../../src/collect/ipvs/split-command.js';

describe('splitCommand', () => {
  test.each([
    ['one word', 'ipvsadm', ['ipvsadm']],
    ['words', '  ssh  lb1\tsudo\nipvsadm ', ['ssh', 'lb1', 'sudo', 'ipvsadm']],
    ['single quotes', "ssh lb1 'sudo ipvsadm'", ['ssh', 'lb1', 'sudo ipvsadm']],
    ['double quotes', 'ssh "-o User=a b" lb1', ['ssh', '-o User=a b', 'lb1']],
    ['quotes inside a word', `a'b c'"d e"f`, ['ab cd ef']],
    ['an empty word', `a '' ""`, ['a', '', '']],
    ['escapes', 'a\\ b \\"c\\\\', ['a b', '"c\\']],
    ['escapes in double quotes', '"a\\"b\\\\c\\n"', ['a"b\\c\\n']],
    ['no escapes in single quotes', "'a\\'", ['a\\']],
    ['quotes of the other kind', `"it's" 'say "x"'`, ["it's", 'say "x"']],
    ['nothing expanded', 'a $HOME *.txt | b > c', ['a', '$HOME', '*.txt', '|', 'b', '>', 'c']],
  ])('splits %s', (_, text, expected) => {
    expect(splitCommand(text)).toEqual(expected);
  });

  test.each([
    ['nothing', '', 'is empty'],
    ['blanks', ' \t ', 'is empty'],
    ['an empty first word', "'' -x", 'is empty'],
    ['an unclosed single quote', "ssh 'lb1", 'the \' at "\'lb1" is not closed'],
    ['an unclosed double quote', 'ssh "lb1', 'is not closed'],
    ['an escaped closing quote', '"a\\"', 'is not closed'],
    ['a backslash at the end', 'a\\', 'is not closed'],
  ])('rejects %s', (_, text, said) => {
    expect(() => splitCommand(text)).toThrow(expect.objectContaining({ code: 'bad-command' }));
    expect(() => splitCommand(text)).toThrow(said);
  });
});
