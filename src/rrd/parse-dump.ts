// Parses the XML of `rrdtool dump` (rrd_dump.c, versions 0001 to 0003; rrdtool 1.0 and later) to an archive, from text in parts. Strict:
// each element where it belongs, each number a number, and no more of either than a round-robin archive has.

import type { Dump, DumpPrep, DumpRra, DumpSource } from '../model/dump.js';
import { MarkupError, MarkupReader } from './dump-markup.js';
import { RrdError } from './rrd-error.js';

/** The elements that each element may contain; those with a text contain none. */
const children: Readonly<Record<string, readonly string[]>> = {
  '': ['rrd'],
  rrd: ['version', 'step', 'lastupdate', 'ds', 'rra'],
  'rrd/ds': ['name', 'type', 'minimal_heartbeat', 'min', 'max', 'cdef', 'last_ds', 'value', 'unknown_sec'],
  'rrd/rra': ['cf', 'pdp_per_row', 'xff', 'params', 'cdp_prep', 'database'],
  'rrd/rra/cdp_prep': ['ds'],
  'rrd/rra/database': ['row'],
  'rrd/rra/database/row': ['v'],
};

/** Elements that are read only in part: others of their kind belong to functions that no archive here has. */
const isFree = /^rrd\/rra\/(params|cdp_prep\/ds)$/;

/** More than any archive in use: rrdtool's default for 10 s over 3 years has a tenth of the values. */
const most = { sources: 100, rras: 200, values: 2 ** 24, elements: 100 };

/** Earlier times come from clocks that were not set, not from archives: 2001-09-09. */
const earliestS = 1_000_000_000;

/** Parses a dump. Messages call it `name`. */
export class DumpParser {
  readonly #name: string;
  readonly #markup: MarkupReader;
  readonly #path: string[] = [];
  /** Texts of the open elements: of the archive, and of the data source or round-robin archive in it. */
  #top = new Map<string, string>();
  #own = new Map<string, string>();
  #text = '';
  readonly #sources: DumpSource[] = [];
  readonly #rras: DumpRra[] = [];
  #prep = new Map<string, string>();
  #preps: DumpPrep[] = [];
  #values: number[] = [];
  #inRow = 0;
  #valuesInAll = 0;
  #isDone = false;

  constructor(name: string) {
    this.#name = name;
    this.#markup = new MarkupReader({
      open: (element) => this.#open(element),
      close: (element) => this.#close(element),
      text: (text) => {
        if (this.#text !== '') throw this.#wrong('unexpected text');
        this.#text = text;
      },
    });
  }

  /** Takes the next text. Throws an `RrdError`. */
  push(text: string): void {
    this.#guard(() => this.#markup.push(text));
  }

  /** The archive, once all text has arrived. Throws an `RrdError`. */
  finish(): Dump {
    return this.#guard(() => {
      this.#markup.end();
      if (!this.#isDone || this.#text !== '') throw this.#wrong('an unexpected end: it is cut off');
      const [stepS, lastS] = [this.#whole(this.#top, 'step', 1), this.#whole(this.#top, 'lastupdate', 0)];
      if (lastS < earliestS) {
        throw new RrdError(
          'bad-dump',
          `${this.#name} was last updated at ${lastS} s since 1970: no correct clock wrote it`,
        );
      }
      return { stepS, lastS, sources: this.#sources, rras: this.#rras };
    });
  }

  #open(element: string): void {
    const path = this.#path.join('/');
    const isKnown = children[path]?.includes(element) ?? isFree.test(path);
    if (!isKnown || this.#text !== '' || (path === '' && this.#isDone)) {
      throw this.#wrong(`an unexpected <${element}>`);
    }
    this.#path.push(element);
    const inner = this.#path.join('/');
    if (inner === 'rrd/ds' || inner === 'rrd/rra') this.#beginPart();
    if (inner === 'rrd/rra/cdp_prep/ds') this.#prep = new Map();
  }

  #beginPart(): void {
    this.#own = new Map();
    this.#preps = [];
    this.#values = [];
    if (this.#sources.length >= most.sources || this.#rras.length >= most.rras) {
      throw this.#wrong('too many data sources or round-robin archives');
    }
  }

  #close(element: string): void {
    const path = this.#path.join('/');
    if (this.#path.pop() !== element) throw this.#wrong(`</${element}>, which closes nothing`);
    const text = this.#text;
    this.#text = '';
    if (path === 'rrd/rra/database/row/v') this.#value(text);
    else if (path === 'rrd/rra/database/row') this.#endRow();
    else if (path === 'rrd/rra/cdp_prep/ds') this.#addPrep();
    else if (path === 'rrd/ds') this.#sources.push(this.#sourceOf());
    else if (path === 'rrd/rra') this.#rras.push(this.#rraOf());
    else if (path === 'rrd') this.#isDone = true;
    else if (children[path] !== undefined || path === 'rrd/rra/params') {
      if (text !== '') throw this.#wrong('unexpected text');
    } else this.#textOf(path, element).set(element, text);
  }

  /** The map that holds the text of an element. */
  #textOf(path: string, element: string): Map<string, string> {
    const texts = path.startsWith('rrd/rra/cdp_prep/')
      ? this.#prep
      : path.split('/').length > 2
        ? this.#own
        : this.#top;
    if (texts.has(element)) throw this.#wrong(`a second <${element}>`);
    if (texts.size >= most.elements) throw this.#wrong('too many elements');
    return texts;
  }

  #value(text: string): void {
    this.#values.push(this.#number(text));
    this.#inRow += 1;
    this.#valuesInAll += 1;
    if (this.#valuesInAll > most.values) {
      throw new RrdError(
        'too-large',
        `${this.#name} has over ${most.values} values: split it, or leave out resolutions`,
      );
    }
  }

  #endRow(): void {
    if (this.#inRow !== this.#sources.length) {
      throw this.#wrong(`a row of ${this.#inRow} values instead of ${this.#sources.length}`);
    }
    this.#inRow = 0;
  }

  #sourceOf(): DumpSource {
    if (this.#rras.length > 0) throw this.#wrong('a data source after the round-robin archives');
    const own = this.#own;
    const name = own.get('name') ?? '';
    if (!/^[a-zA-Z0-9_-]{1,29}$/.test(name)) throw this.#wrong(`"${name.slice(0, 40)}" as the name of a data source`);
    if (this.#sources.some((source) => source.name === name)) throw this.#wrong(`a second data source "${name}"`);
    const kind = own.get('type') ?? '';
    if (!/^[A-Z]{1,20}$/.test(kind)) throw this.#wrong(`"${kind.slice(0, 40)}" as the type of a data source`);
    const isComputed = own.has('cdef');
    return {
      name,
      kind,
      heartbeatS: isComputed ? 0 : this.#whole(own, 'minimal_heartbeat', 0),
      min: isComputed ? Number.NaN : this.#number(own.get('min') ?? ''),
      max: isComputed ? Number.NaN : this.#number(own.get('max') ?? ''),
      lastDs: own.get('last_ds') ?? 'U',
      value: this.#number(own.get('value') ?? 'NaN'),
      unknownS: this.#whole(own, 'unknown_sec', 0),
    };
  }

  #rraOf(): DumpRra {
    const own = this.#own;
    const cf = own.get('cf') ?? '';
    if (!/^[A-Z]{1,20}$/.test(cf)) throw this.#wrong(`"${cf.slice(0, 40)}" as a consolidation function`);
    const count = this.#sources.length;
    const rows = count === 0 ? 0 : this.#values.length / count;
    const columns = this.#sources.map((_, i) =>
      Float64Array.from({ length: rows }, (__, row) => this.#values[row * count + i] ?? Number.NaN),
    );
    const xff = this.#number(own.get('xff') ?? 'NaN');
    return { cf, pdpPerRow: this.#whole(own, 'pdp_per_row', 1), xff, preps: this.#preps, columns };
  }

  #addPrep(): void {
    if (this.#preps.length >= most.sources) throw this.#wrong('too many data sources');
    this.#preps.push(this.#prepOf());
  }

  #prepOf(): DumpPrep {
    const text = this.#prep.get('unknown_datapoints') ?? '0';
    return { value: this.#number(this.#prep.get('value') ?? 'NaN'), unknownPdps: this.#count(text, 0) };
  }

  #whole(texts: ReadonlyMap<string, string>, name: string, least: number): number {
    const text = texts.get(name);
    if (text === undefined) throw this.#wrong(`no <${name}>`);
    return this.#count(text, least);
  }

  #count(text: string, least: number): number {
    const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value < 2 ** 32)) throw this.#wrong(`"${text.slice(0, 40)}" instead of a whole number`);
    return value;
  }

  #number(text: string): number {
    if (/^[-+]?nan$/i.test(text) || text === 'U') return Number.NaN;
    if (/^[-+]?inf$/i.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    if (!/^[-+]?\d{1,40}(\.\d{1,40})?([eE][-+]?\d{1,3})?$/.test(text)) {
      throw this.#wrong(`"${text.slice(0, 40)}" instead of a number`);
    }
    return Number(text);
  }

  #wrong(found: string): MarkupError {
    return new MarkupError(found, this.#markup.line);
  }

  #guard<T>(use: () => T): T {
    try {
      return use();
    } catch (error) {
      if (!(error instanceof MarkupError)) throw error;
      const { line, message } = error;
      throw new RrdError(
        'bad-dump',
        `line ${line} of ${this.#name} has ${message}: is it the complete output of "rrdtool dump"?`,
        { cause: error },
      );
    }
  }
}
