// The name of an archive read back, whatever its kind, and what people write for one.

import type { About } from '../archive.js';
import type { AnyAbout, AnyParts, Kind } from '../kinds/kind.js';
import { type KnownKind, kindOfName, type Registry, registry } from '../kinds/registry.js';
import { UserError } from '../user-error.js';

/** A name taken apart. */
export type NameParts = PartsOf<KnownKind>;

type PartsOf<K extends Kind> = NonNullable<ReturnType<K['parse']>>;

/** The kind of an archive and its name taken apart; null where the text is no name, or not the canonical form of one. */
export function identify(
  name: string,
  of: Registry = registry,
): { readonly kind: Kind; readonly parts: AnyParts } | null {
  const kind = kindOfName(name, of);
  const parts = kind?.parse(name) ?? null;
  return kind === undefined || parts === null ? null : { kind, parts };
}

/** Takes an archive's name apart; null where the text is no name, or not the canonical form of one. */
export function parseName(name: string): NameParts | null;
export function parseName<K extends Kind>(name: string, of: Registry<K>): PartsOf<K> | null;
export function parseName(name: string, of: Registry = registry): AnyParts | null {
  return identify(name, of)?.parts ?? null;
}

/** What an archive is of, as far as its name tells. Throws a `RangeError` where the text is no name. */
export function aboutOfName(name: string): About;
export function aboutOfName<K extends Kind>(name: string, of: Registry<K>): ReturnType<K['aboutOf']>;
export function aboutOfName(name: string, of: Registry = registry): AnyAbout {
  const own = identify(name, of);
  if (own === null) throw new RangeError(`${name} is no name of an archive`);
  return own.kind.aboutOf(own.parts);
}

/**
 * The name meant by what people write: a name itself, `192.0.2.1:80`, `[::1]:80`, `udp/192.0.2.1:53`, and with a
 * further `/10.0.0.5:8080` a real server of it. Throws a `UserError` with code `bad-name` for anything else.
 */
export function resolveName(text: string, of: Registry = registry): string {
  if (identify(text, of) !== null) return text;
  for (const kind of of.kinds) {
    const name = kind.resolve?.(text) ?? null;
    if (name !== null) return name;
  }
  throw new UserError(
    'bad-name',
    `"${text}" names no virtual server: write 192.0.2.1:80, [2001:db8::1]:443, udp/192.0.2.1:53, fwm_100, haproxy_be_www or a name from "lvs-stats list"`,
  );
}
