// The parsed query of an address: each parameter at most once, of bounded length, and with a permitted value.

import type { Request } from 'express';
import { longestArchiveName } from '../model/names/haproxy-name.js';
import { RequestError } from './request-error.js';

/** The parameters of a request. */
export interface Query {
  /** A parameter's text; null if it is missing or empty. Throws a `RequestError` if it occurs twice. */
  text(name: string): string | null;
  /** A parameter of any length, which may have line breaks and other control characters. */
  longText(name: string): string | null;
  /** A parameter with one of some values; the first of them if it is missing. */
  oneOf<T extends string>(name: string, values: readonly T[]): T;
  /** A parameter that is on if present: `?kiosk`, `?share=1`; off if 0. */
  flag(name: string): boolean;
}

/** Longer than any pattern or time; only the name of an archive may be longer, since HAProxy's have escapes. */
const maxCharacters = 300;

/** The parameters of `?a=1&b=2`. */
export function parseQuery(search: string): Query {
  const parameters = new URLSearchParams(search);
  const longText = (name: string): string => {
    const values = parameters.getAll(name);
    if (values.length > 1) throw new RequestError(400, `"${name}" occurs ${values.length} times: write it once`);
    return values[0] ?? '';
  };
  const text = (name: string): string | null => {
    const value = longText(name);
    const most = name === 'name' ? longestArchiveName : maxCharacters;
    if (value.length > most) {
      throw new RequestError(400, `"${name}" has ${value.length} characters; the maximum is ${most}`);
    }
    if (/\p{Cc}/u.test(value)) throw new RequestError(400, `"${name}" has control characters`);
    return value === '' ? null : value;
  };
  return {
    text,
    longText: (name) => longText(name) || null,
    oneOf: <T extends string>(name: string, values: readonly T[]): T => {
      const value = text(name);
      const chosen = value === null ? values[0] : values.find((one) => one === value);
      if (chosen !== undefined) return chosen;
      throw new RequestError(400, `"${name}" cannot be ${JSON.stringify(value)}: choose one of ${values.join(', ')}`);
    },
    flag: (name) => parameters.has(name) && text(name) !== '0',
  };
}

/** The part of an address after its path. */
export function searchOf({ originalUrl }: Pick<Request, 'originalUrl'>): string {
  const at = originalUrl.indexOf('?');
  return at < 0 ? '' : originalUrl.slice(at);
}
