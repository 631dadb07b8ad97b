// Finds the wanted listing of ipvsadm(8) in a text. A text may have several: a recording to which two runs were appended, or both listings
// one after the other; and a login may print something before them. Each begins with its header, and ends with the text or at the next
// header.

import type { Note } from '../../../model/note.js';
import { CollectError, quote } from '../../collect-error.js';
import { type Layout, type ListingText, longestLine, splitWords, statsLayout, tableLayout } from './listing.js';

/** The lines of a listing, from one character to another. */
interface Body {
  readonly start: number;
  readonly end: number;
  /** The number of its first line within the text. */
  readonly firstLine: number;
  readonly remarks: readonly Note[];
}

/** A listing within a text: the start of its header, the two lines that identify it, and its lines. */
interface Section {
  readonly at: number;
  readonly head: string;
  readonly start: number;
  readonly end: number;
  readonly isCut: boolean;
}

const firstWords = 'IP Virtual Server version ';
const titleStart = 'Prot LocalAddress:Port';

/** A login or a wrapper prints fewer lines before a listing. */
const maxLinesBefore = 100;

/** The last complete one of the wanted listings. Throws a `CollectError` when there is none. */
export function findBody({ text, layout, source }: ListingText): Body {
  const sections = sectionsOf(text);
  const [first] = sections;
  if (first === undefined || lineOf(text, first.at) > maxLinesBefore + 1) throw withoutHeader(text, source);
  const own = sections.filter(({ head }) => head === headOf(layout));
  const chosen = own.findLast(({ isCut }) => !isCut);
  if (chosen === undefined) {
    if (own.length > 0) throw cutOff(text, own.at(-1) ?? first, source);
    throw otherListing(first.head, layout, source);
  }
  return {
    start: chosen.start,
    end: chosen.end,
    firstLine: lineOf(text, chosen.start),
    remarks: remarksOn(text, { sections, own, chosen, source }),
  };
}

function headOf({ title, columns }: Layout): string {
  return `${title}\n${columns}`;
}

/** All listings of a text. */
function sectionsOf(text: string): readonly Section[] {
  const headers: { readonly at: number; readonly head: string; readonly start: number }[] = [];
  for (let at = text.indexOf(firstWords); at >= 0; ) {
    const lineEnd = text.indexOf('\n', at);
    const title = lineAfter(text, lineEnd + 1);
    const columns = title === null ? null : lineAfter(text, title.next);
    if (title === null || columns === null) break;
    if (title.words.startsWith(titleStart)) {
      headers.push({ at, head: `${title.words}\n${columns.words}`, start: columns.next });
    }
    at = text.indexOf(firstWords, lineEnd);
  }
  return headers.map(({ at, head, start }, i) => {
    const next = headers[i + 1];
    if (next === undefined) return { at, head, start, end: text.length, isCut: !text.endsWith('\n') };
    const end = text.lastIndexOf('\n', next.at) + 1;
    return { at, head, start, end: Math.max(start, end), isCut: !isSilent(text.slice(end, next.at)) };
  });
}

/** The next non-blank line, with one blank between its words; null when none begins and ends from `from` on. */
function lineAfter(text: string, from: number): { readonly words: string; readonly next: number } | null {
  for (let start = from; start > 0; ) {
    const end = text.indexOf('\n', start);
    if (end < 0) return null;
    const line = text.slice(start, Math.min(end, start + longestLine + 1)).replace(/\r+$/, '');
    const words = line.length > longestLine ? line : splitWords(line, 0, line.length).join(' ');
    if (words !== '') return { words, next: end + 1 };
    start = end + 1;
  }
  return null;
}

/** Does a text print nothing: blanks, a byte order mark, a shell's terminal sequences? */
function isSilent(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return /^(?:\u00ef\u00bb\u00bf|\ufeff|\u001b\[[\d;?]*[A-Za-z]|[\s\0])*$/.test(text);
}

function lineOf(text: string, at: number): number {
  let number = 1;
  for (let end = text.indexOf('\n'); end >= 0 && end < at; end = text.indexOf('\n', end + 1)) number += 1;
  return number;
}

interface ListingSections {
  readonly sections: readonly Section[];
  readonly own: readonly Section[];
  readonly chosen: Section;
  readonly source: string;
}

function remarksOn(text: string, { sections, own, chosen, source }: ListingSections): readonly Note[] {
  const remarks: string[] = [];
  const before = text.slice(0, sections[0]?.at);
  if (!isSilent(before)) {
    const said = before.split('\n').find((line) => !isSilent(line)) ?? '';
    remarks.push(`what stands before the header of ${source} is ignored, beginning with ${quote(said.trim())}`);
  }
  if (own.length > 1) {
    const which = own.at(-1) === chosen ? 'the last' : 'the last that is not cut off';
    remarks.push(`${source} holds the listing ${own.length} times: ${which} is taken`);
  }
  for (const head of new Set(sections.map((one) => one.head))) {
    if (head !== chosen.head) remarks.push(`${source} also holds ${nameOf(head)}, which is not read from it here`);
  }
  return remarks.map((remark) => ({ kind: 'remark', entry: '', text: remark }));
}

function nameOf(head: string): string {
  const known = [statsLayout, tableLayout].find((layout) => headOf(layout) === head);
  if (known !== undefined) return `the listing of "${known.command}"`;
  return `a listing with the columns ${quote(head.replace('\n', ' / '), 160)}`;
}

const again = 'read it again; if it stays so, see whether the disk it comes from is full';

/** Why a text has no usable header. */
function withoutHeader(text: string, source: string): CollectError {
  const start = text.search(/[^\s\u00ef\u00bb\u00bf\ufeff]/);
  if (start < 0) {
    const found = text === '' ? 'nothing at all' : 'blanks only';
    return new CollectError(
      'no-header',
      `${source} gave ${found}, not even the header that a table without services has: did the command that was run end ` +
        'before ipvsadm, or is its output redirected? Run it by hand to see',
    );
  }
  const at = text.indexOf(firstWords);
  const isFar = at >= 0 && lineOf(text, at) > maxLinesBefore + 1;
  const title = at < 0 ? null : lineAfter(text, text.indexOf('\n', at) + 1);
  const columns = title === null ? null : lineAfter(text, title.next);
  if (firstWords.startsWith(text.slice(start)) || (at >= 0 && !isFar && columns === null)) return headerCut(source);
  if (title !== null && columns !== null && !isFar) return unknownListing(`${title.words}\n${columns.words}`, source);
  const [found = ''] = text.slice(start).split('\n', 1);
  return new CollectError(
    'no-header',
    `${source} is not a listing of services: expected a line "${firstWords}…" within the first ${maxLinesBefore}, found ` +
      `it begins with ${quote(found)}; is the command ipvsadm?`,
  );
}

function headerCut(source: string): CollectError {
  return new CollectError('cut-off', `${source} is cut off: it ends within its header of three lines; ${again}`);
}

function cutOff(text: string, { end }: Section, source: string): CollectError {
  const line = text.slice(text.lastIndexOf('\n', end - 1) + 1).split('\n', 1)[0] ?? '';
  return new CollectError('cut-off', `${source} is cut off: its last line, ${quote(line)}, has no line end; ${again}`);
}

function otherListing(head: string, layout: Layout, source: string): CollectError {
  return new CollectError(
    'wrong-listing',
    `${source} is not the expected listing: expected the header of "${layout.command}", found ${nameOf(head)}`,
  );
}

function unknownListing(head: string, source: string): CollectError {
  return new CollectError(
    'wrong-listing',
    `${source} is not the expected listing: expected a header with "${titleStart}", found ${nameOf(head)}`,
  );
}
