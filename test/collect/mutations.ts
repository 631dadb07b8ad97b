// Mutations of a listing, as by the network, a full disk, another program or another locale. Each maps a text to another; one
// seeded source of randomness selects them.

/** The random choices of a mutation. */
export interface Dice {
  /** A whole number from 0 to `below`, exclusive. */
  readonly below: (below: number) => number;
  /** Another real listing of either kind. */
  readonly other: () => string;
}

type Mutation = (text: string, dice: Dice) => string;

const oddCharacters = [...' \t\n\r\0-0123456789KMGT.:,[]()>abcfxFWMTCPUDIv6%/\\"\'\x1b\x7f\x80\xa0\xe9\xff'];
const oddTexts = ['é', '€', '\ufeff', '٣', '１', '\u00a0', '日本'].map((text) => Buffer.from(text).toString('latin1'));
const oddWords = [
  '0',
  '-1',
  '007',
  '1e3',
  '0x10',
  'NaN',
  'Infinity',
  'null',
  '1.5',
  '+5',
  '18446744073709551616',
  '->',
];
const oddLines = [
  'Serveur virtuel IP version 1.2.1 (taille=4096)',
  'Prot AdresseLocale:Port Ordonnanceur Drapeaux',
  "Can't initialize ipvs: Protocol not available",
  'Speicherzugriffsfehler',
  'Killed',
  '',
  ' ',
  '  -> RemoteAddress:Port',
];

/** Replaces `count` characters from `at`. */
function put(text: string, at: number, count: number, by: string): string {
  return text.slice(0, at) + by + text.slice(at + count);
}

function pick<T>(dice: Dice, from: readonly T[], otherwise: T): T {
  return from[dice.below(from.length)] ?? otherwise;
}

function withLines(text: string, change: (lines: string[]) => void): string {
  const lines = text.split('\n');
  change(lines);
  return lines.join('\n');
}

/** Changes one random match of the pattern. */
function atOne(text: string, dice: Dice, pattern: RegExp, change: (found: string) => string): string {
  const places = [...text.matchAll(pattern)];
  const place = places[dice.below(places.length)];
  return place === undefined ? text : put(text, place.index, place[0].length, change(place[0]));
}

function digits(dice: Dice, count: number): string {
  return Array.from({ length: count }, () => dice.below(10)).join('');
}

/** The mutations, by title. */
export const mutations: Readonly<Record<string, Mutation>> = {
  'a bit flipped': (text, dice) => {
    const at = dice.below(text.length);
    return put(text, at, 1, String.fromCharCode(text.charCodeAt(at) ^ (1 << dice.below(8))));
  },
  'characters lost': (text, dice) => put(text, dice.below(text.length), 1 + dice.below(1 + dice.below(30)), ''),
  'a character added': (text, dice) => put(text, dice.below(text.length + 1), 0, pick(dice, oddCharacters, '')),
  'a character replaced': (text, dice) => put(text, dice.below(text.length), 1, pick(dice, oddCharacters, '')),
  'a digit changed': (text, dice) => atOne(text, dice, /\d/g, () => digits(dice, 1)),
  'a digit lost': (text, dice) => atOne(text, dice, /\d/g, () => ''),
  'a digit added': (text, dice) => atOne(text, dice, /\d/g, (digit) => digit + digits(dice, 1)),
  'a number made huge': (text, dice) => atOne(text, dice, /\d+/g, (found) => found + digits(dice, dice.below(25))),
  'a number replaced by a word': (text, dice) => atOne(text, dice, /\d+/g, () => pick(dice, oddWords, '')),
  'a number rounded': (text, dice) => atOne(text, dice, /\d+/g, (found) => found + pick(dice, [...'KMGT'], '')),
  'a number grouped': (text, dice) => {
    const mark = pick(dice, [',', '.', ' ', "'", '\xa0', '_'], '');
    return atOne(text, dice, /\d+/g, (found) => found.replaceAll(/\B(?=(?:\d{3})+$)/g, mark));
  },
  'a decimal mark': (text, dice) => atOne(text, dice, /\d+/g, (found) => `${found}${pick(dice, ['.', ','], '')}0`),
  'a line repeated': (text, dice) =>
    withLines(text, (lines) => lines.splice(dice.below(lines.length), 0, lines[dice.below(lines.length)] ?? '')),
  'a line lost': (text, dice) => withLines(text, (lines) => lines.splice(dice.below(lines.length), 1)),
  'lines lost': (text, dice) => withLines(text, (lines) => lines.splice(dice.below(lines.length), dice.below(9))),
  'two lines swapped': (text, dice) =>
    withLines(text, (lines) => {
      const [a, b] = [dice.below(lines.length), dice.below(lines.length)];
      [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
    }),
  'a line moved': (text, dice) =>
    withLines(text, (lines) => {
      const moved = lines.splice(dice.below(lines.length), 1);
      lines.splice(dice.below(lines.length), 0, ...moved);
    }),
  'a line cut short': (text, dice) => atOne(text, dice, /[^\n]+/g, (line) => line.slice(0, dice.below(line.length))),
  'a line of other output': (text, dice) =>
    withLines(text, (lines) => lines.splice(dice.below(lines.length), 0, pick(dice, oddLines, ''))),
  'lines merged': (text, dice) => atOne(text, dice, /\n/g, () => pick(dice, ['', ' ', '\t', '\r'], '')),
  'a line broken': (text, dice) => put(text, dice.below(text.length), 0, '\n'),
  'words swapped': (text, dice) => {
    const words = [...text.matchAll(/[^ \t\n]+/g)];
    const [a, b] = [words[dice.below(words.length)], words[dice.below(words.length)]];
    if (a === undefined || b === undefined || a.index >= b.index) return text;
    return put(put(text, b.index, b[0].length, a[0]), a.index, a[0].length, b[0]);
  },
  'a word lost': (text, dice) => atOne(text, dice, /[^ \t\n]+/g, () => ''),
  'a word repeated': (text, dice) => atOne(text, dice, /[^ \t\n]+/g, (word) => `${word} ${word}`),
  'an address respelled': (text, dice) =>
    atOne(text, dice, /\[[^\]\n]+\]|\d+\.\d+\.\d+\.\d+/g, (address) =>
      address.startsWith('[') ? address.toUpperCase().replace('::', ':0::') : `[::ffff:${address}]`,
    ),
  'its end lost': (text, dice) => text.slice(0, dice.below(text.length)),
  'its end lost from a line on': (text, dice) => {
    const lines = text.split('\n');
    return `${lines.slice(0, dice.below(lines.length)).join('\n')}\n`;
  },
  'its start lost': (text, dice) => text.slice(dice.below(text.length)),
  'another listing within': (text, dice) => put(text, dice.below(text.length), 0, dice.other()),
  'another listing after it': (text, dice) => text + dice.other(),
  'the end of another': (text, dice) => {
    const other = dice.other();
    return text.slice(0, dice.below(text.length)) + other.slice(dice.below(other.length));
  },
  'a line of another': (text, dice) => {
    const others = dice.other().split('\n');
    return withLines(text, (lines) => lines.splice(dice.below(lines.length), 0, pick(dice, others, '')));
  },
  'two listings interleaved': (text, dice) => {
    const others = dice.other().split('\n');
    return withLines(text, (lines) => {
      for (const [at, line] of others.entries()) lines.splice(2 * at + 1, 0, line);
    });
  },
  'CRLF line ends': (text) => text.replaceAll('\n', '\r\n'),
  'tabs for blanks': (text) => text.replaceAll(/ +/g, '\t'),
  'blanks of any number': (text, dice) => text.replaceAll(/ +/g, () => ' '.repeat(1 + dice.below(3))),
  'no blanks': (text) => text.replaceAll(' ', ''),
  'zero bytes': (text, dice) => put(text, dice.below(text.length), 0, '\0'.repeat(1 + dice.below(5))),
  'two bytes per character': (text) => Buffer.from(text, 'utf16le').toString('latin1'),
  'text in another encoding': (text, dice) => put(text, dice.below(text.length), 0, pick(dice, oddTexts, '')),
  'a very long line': (text, dice) =>
    put(text, dice.below(text.length), 0, pick(dice, ['9', ' ', 'x'], '').repeat(3000)),
};

const titled = Object.entries(mutations);

/** A listing after one to three mutations, and their titles. Two of three spare its header, where any damage is an error. */
export function mutate(listing: string, dice: Dice): { readonly text: string; readonly titles: readonly string[] } {
  const titles: string[] = [];
  const header = dice.below(3) === 0 ? '' : listing.split('\n', 3).join('\n');
  let text = listing.slice(header.length);
  for (let left = 1 + dice.below(1 + dice.below(3)); left > 0 && text !== ''; left -= 1) {
    const [title, change] = titled[dice.below(titled.length)] ?? ['none', (same: string) => same];
    text = change(text, dice);
    titles.push(title);
  }
  return { text: header + text, titles };
}
