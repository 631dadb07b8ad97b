// An edge of the map in words.

import type { MapEdge } from '../../model/map/fleet-map.js';
import { countOf } from '../../model/text/count-of.js';

/** "12 connections, 3 of 40 links lost". */
export function edgeText({ connections, links, lost, stale }: Omit<MapEdge, 'from' | 'to'>): string {
  const count = Number.isNaN(connections) ? 'connections unknown' : countOf(connections, 'connection');
  if (links === 0) return count;
  const troubles = [...(lost > 0 ? [`${lost} of`] : []), countOf(links, 'link'), ...(lost > 0 ? ['lost'] : [])].join(
    ' ',
  );
  return [count, troubles, ...(stale > 0 ? [`${stale} stale`] : [])].join(', ');
}
