// Parses archive names of every kind, and what people write for them.

import type { About } from '../archive.js';
import type { AnyAbout, AnyParts, Kind } from '../kinds/kind.js';
import { type KnownKind, kindOfName, type Registry, registry } from '../kinds/registry.js';
import { UserError } from '../user-error.js';

/** A parsed name. */
export type NameParts = PartsOf<KnownKind>;

type PartsOf<K extends Kind> = NonNullable<ReturnType<K['parse']>>;

/** The kind of an archive and its parsed name; null if the text is not the canonical form of a name. */
export function identify(
  name: string,
  of: Registry = registry,
): { readonly kind: Kind; readonly parts: AnyParts } | null {
  const kind = kindOfName(name, of);
  const parts = kind?.parse(name) ?? null;
  return kind === undefined || parts === null ? null : { kind, parts };
}

/** Parses an archive's name; null if the text is not the canonical form of one. */
export function parseName(name: string): NameParts | null;
export function parseName<K extends Kind>(name: string, of: Registry<K>): PartsOf<K> | null;
export function parseName(name: string, of: Registry = registry): AnyParts | null {
  return identify(name, of)?.parts ?? null;
}

/** The description of an archive as far as its name tells. Throws a `RangeError` if the text is no name. */
export function aboutOfName(name: string): About;
export function aboutOfName<K extends Kind>(name: string, of: Registry<K>): ReturnType<K['aboutOf']>;
export function aboutOfName(name: string, of: Registry = registry): AnyAbout {
  const own = identify(name, of);
  if (own === null) throw new RangeError(`${name} is not the name of an archive`);
  return own.kind.aboutOf(own.parts);
}

/**
 * The name that a user's text means: a name itself, `192.0.2.1:80`, `[::1]:80`, `udp/192.0.2.1:53`, or, with a further
 * `/10.0.0.5:8080`, a real server. Throws a `UserError` with code `bad-name` for anything else.
 */
export function resolveName(text: string, of: Registry = registry): string {
  if (identify(text, of) !== null) return text;
  for (const kind of of.kinds) {
    const name = kind.resolve?.(text) ?? null;
    if (name !== null) return name;
  }
  throw new UserError(
    'bad-name',
    `"${text}" is not the name of an archive: write 192.0.2.1:80, [2001:db8::1]:443, udp/192.0.2.1:53, fwm_100, haproxy_be_www or a name from "lvs-stats list"`,
  );
}
