// Forms of the policy's values: each reads its part of the YAML, and lists its keys for the reference (docs/policy.md). An error says where,
// and what belongs there.

import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { ageS } from '../../model/time/parse-time.js';
import { startOf, wrong } from '../yaml-text.js';

/** A key of the policy in the reference. */
export interface PolicyKey {
  /** `findings.surge`, `silence[].why`. */
  readonly path: string;
  /** The permitted values, in words. */
  readonly values: string;
  readonly about: string;
}

/** The key that is read, and its place. */
export interface Spot {
  readonly path: string;
  readonly place: (offset: number) => string;
  /** The name of the whole, for its errors; by default `the policy`. */
  readonly whole?: string;
}

/** The form of a value, or of a part with further keys. */
export interface Form<T> {
  /** Reads a node. Throws a `UserError` that names its place. */
  readonly read: (node: Node, spot: Spot) => T;
  readonly keys: (path: string) => readonly PolicyKey[];
}

/** A single value; `parse` throws an `Error` that says what may be written. */
export interface ValueForm<T> {
  readonly values: string;
  readonly about: string;
  readonly parse: (text: string) => T;
}

/** The form of a single value. */
export function value<T>({ values, about, parse }: ValueForm<T>): Form<T> {
  return {
    keys: (path) => [{ path, values, about }],
    read: (node, { path, place }) => {
      const at = place(startOf(node));
      const isPlain = isScalar(node) && (typeof node.value === 'string' || typeof node.value === 'number');
      if (!isPlain) throw wrong(at, `"${path}" takes one value: ${values}`);
      const text = typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
      try {
        if (/\p{Cc}/u.test(text)) throw new Error('write it without line breaks and other control characters');
        return parse(text);
      } catch (error) {
        throw wrong(at, `"${path}" cannot be "${text}": ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  };
}

/** The parts of a map, by key, and those that must be there. */
type Parts<T> = { readonly [K in keyof T]: Form<T[K]> };

/** The form of a map. Keys that are not required may be missing, but one of `oneOf` must be there. */
export function fields<T extends object, R extends keyof T & string = never>(
  parts: Parts<T>,
  { required = [], oneOf = [] }: { readonly required?: readonly R[]; readonly oneOf?: readonly string[] } = {},
): Form<Partial<T> & Pick<T, R>> {
  const names = Object.keys(parts) as (keyof T & string)[];
  const isName = (name: string): name is keyof T & string => Object.hasOwn(parts, name);
  return {
    keys: (path) => names.flatMap((name) => parts[name].keys(path === '' ? name : `${path}.${name}`)),
    read: (node, { path, place, whole = 'the policy' }) => {
      const about = path === '' ? whole : `"${path}"`;
      if (!isMap<Node, Node | null>(node)) throw wrong(place(startOf(node)), `${about} has keys: ${names.join(', ')}`);
      const read: Partial<T> = {};
      for (const { key, value: own } of node.items as readonly Pair<Node, Node | null>[]) {
        const name = isScalar(key) ? String(key.value) : '';
        if (!isName(name)) throw wrong(place(startOf(key)), `${about} has no key "${name}", only ${names.join(', ')}`);
        const ownPath = path === '' ? name : `${path}.${name}`;
        if (own === null || (isScalar(own) && own.value === null)) {
          throw wrong(place(startOf(key)), `"${ownPath}" has no value`);
        }
        read[name] = parts[name].read(own, { path: ownPath, place });
      }
      const missing = required.find((name) => read[name] === undefined);
      if (missing !== undefined) throw wrong(place(startOf(node)), `${about} needs "${missing}"`);
      if (oneOf.length > 0 && !oneOf.some((name) => isName(name) && read[name] !== undefined)) {
        throw wrong(place(startOf(node)), `${about} needs one of ${oneOf.join(', ')}`);
      }
      return read as Partial<T> & Pick<T, R>;
    },
  };
}

/** The form of a list. */
export function list<T>(item: Form<T>, maxEntries = 10_000): Form<readonly T[]> {
  return {
    keys: (path) => item.keys(`${path}[]`),
    read: (node, { path, place }) => {
      if (!isSeq<Node>(node)) throw wrong(place(startOf(node)), `"${path}" is a list: begin each entry with "- "`);
      if (node.items.length > maxEntries)
        throw wrong(place(startOf(node)), `"${path}" has more than ${maxEntries} entries`);
      return node.items.map((own, i) => item.read(own, { path: `${path}[${i}]`, place }));
    },
  };
}

/** A text of 1 to `most` characters; `check` throws an `Error` that says what may be written. */
export function text(
  about: string,
  { values, most }: { readonly values: string; readonly most: number },
  check: (read: string) => void = () => {},
): Form<string> {
  return value({
    values,
    about,
    parse: (read) => {
      if (read.trim() === '' || read.length > most) throw new Error(`write 1 to ${most} characters`);
      check(read);
      return read;
    },
  });
}

/** The form with a check of the value as a whole; `check` throws an `Error` that says what may be written. */
export function checked<T>(form: Form<T>, check: (value: T) => void): Form<T> {
  return {
    keys: form.keys,
    read: (node, spot) => {
      const read = form.read(node, spot);
      try {
        check(read);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw wrong(spot.place(startOf(node)), `"${spot.path}": ${why}`);
      }
      return read;
    },
  };
}

/** A whole number from 1 up. */
export function count(about: string, most: number): Form<number> {
  return value({
    values: `a whole number from 1 to ${most}`,
    about,
    parse: (text) => {
      const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
      if (number < 1 || number > most) throw new Error(`write a whole number from 1 to ${most}`);
      return number;
    },
  });
}

/** A length of time in seconds, such as `24h`. */
export function duration(about: string): Form<number> {
  return value({
    values: 'a length of time, such as 90min, 24h or 7d',
    about,
    parse: (text) => {
      const seconds = ageS(text);
      if (seconds <= 0) throw new Error('write a length above zero');
      return seconds;
    },
  });
}

/** A part of a whole, such as `25 %`, as a fraction. */
export function part(about: string): Form<number> {
  return value({
    values: 'a percentage from 1 % to 99 %',
    about,
    parse: (text) => {
      const [, digits] = /^(\d{1,2}(?:\.\d{1,3})?) ?%$/.exec(text) ?? [];
      const percent = Number(digits ?? 0);
      if (percent < 1) throw new Error('write a percentage from 1 % to 99 %, such as 25 %');
      return percent / 100;
    },
  });
}

/** A number above a bound, such as `2.5`. */
export function number(about: string, above: number): Form<number> {
  return value({
    values: `a number above ${above}`,
    about,
    parse: (text) => {
      const read = /^\d{1,9}(?:\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
      if (!(read > above)) throw new Error(`write a number above ${above}`);
      return read;
    },
  });
}

const decimal = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 } as const;
const binary = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 } as const;

/** A rate or an amount with a decimal prefix: `10G` is 10,000,000,000. */
export function amount(about: string): Form<number> {
  return scaled(about, decimal, 'a number, with k, M, G or T for thousands and so on');
}

/** Bytes with a binary prefix: `1G` is 1 GiB. */
export function bytes(about: string): Form<number> {
  return scaled(about, binary, 'bytes, with K, M, G or T for KiB and so on');
}

function scaled(about: string, prefixes: Readonly<Record<string, number>>, values: string): Form<number> {
  return value({
    values,
    about,
    parse: (text) => {
      const [, digits = '', prefix = ''] = /^(\d{1,12}(?:\.\d{1,6})?) ?([a-zA-Z]?)$/.exec(text) ?? [];
      const scale = Object.hasOwn(prefixes, prefix) ? prefixes[prefix] : undefined;
      const read = digits === '' || scale === undefined ? 0 : Number(digits) * scale;
      if (read <= 0) throw new Error(`write ${values}, such as 10G`);
      return read;
    },
  });
}
