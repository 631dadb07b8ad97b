// The time zone of a reader: that of the server unless the reader chose another, which a cookie keeps for pages and the
// parameter `zone` names in the address of a picture.

import type { Request } from 'express';
import { timeOfWall } from '../render/look/local-time.js';
import type { Query } from './query.js';
import { RequestError } from './request-error.js';
import type { Site } from './site.js';

/** The cookie, which the page's script writes (public/page/zone-switch.ts). */
const cookie = /(?:^|;\s*)lvs-stats-zone=([^;]*)/;

/** The zone that a reader chose; null for the server's, also if the cookie names none that exists. */
export function chosenZone({ headers }: Pick<Request, 'headers'>): string | null {
  const [, text = ''] = cookie.exec(headers.cookie ?? '') ?? [];
  return zoneNamed(text.replaceAll('%2F', '/').replaceAll('%2f', '/'));
}

/** The zone in a query; null if there is none. Throws a `RequestError`. */
export function zoneOfQuery(query: Query): string | null {
  const text = query.text('zone');
  const zone = text === null ? null : zoneNamed(text);
  if (text === null || zone !== null) return zone;
  throw new RequestError(
    400,
    `"zone" cannot be ${JSON.stringify(text)}: write a time zone, such as Europe/Berlin or UTC`,
  );
}

/** A site as a reader in a zone sees it; null: in the server's. */
export function inZone<S extends Pick<Site, 'looks'>>(site: S, zone: string | null): S {
  const { timeZone } = site.looks();
  if (zone === null || zone === timeZone) return site;
  return { ...site, serverZone: timeZone, looks: () => ({ ...site.looks(), timeZone: zone }) };
}

/** The time of a date in a zone, `2026-11-21` or `2026-11-21 14:30`; null if a text is something else. */
export function dateInZone(text: string, zone: string): number | null {
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d))?$/.exec(text);
  if (match === null) return null;
  const wallMs = Date.parse(`${match[1]}T${match[2] ?? '00:00'}:00Z`);
  return Number.isNaN(wallMs) ? null : timeOfWall(zone, wallMs / 1000);
}

function zoneNamed(text: string): string | null {
  if (!/^[\w+/-]{1,64}$/.test(text)) return null;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
