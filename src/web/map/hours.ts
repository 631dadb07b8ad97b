// The hours of the last day that the map can show.

import type { KeptMapAbout } from '../../map/kept/kept-maps.js';
import { formatLocal } from '../../render/look/local-time.js';
import type { MapQuery } from './map-query.js';

interface HoursGround {
  readonly href: (change: Partial<MapQuery>) => string;
  /** The hour that is shown; null for now. */
  readonly atS: number | null;
  readonly timeZone: string;
}

/** The hours as links, oldest first, and now as the last. */
export function hoursOf(kept: readonly KeptMapAbout[], { href, atS, timeZone }: HoursGround) {
  const hours = kept.map(({ timeS, lost }) => {
    const local = formatLocal(timeZone, timeS);
    const state = lost > 0 ? `, ${lost} lost` : '';
    return {
      ...{ label: local.slice(11, 16), title: `${local.slice(0, 16)}${state}`, isLost: lost > 0 },
      ...{ href: href({ atS: timeS, selected: null }), isCurrent: timeS === atS },
    };
  });
  const now = {
    label: 'now',
    title: 'now',
    isLost: false,
    href: href({ atS: null, selected: null }),
    isCurrent: atS === null,
  };
  return hours.length === 0 ? [] : [...hours, now];
}
