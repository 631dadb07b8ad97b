// Pictures without a file: drawn in a thread on request, once for all concurrent requests, and cached in memory for a while.

import type { GraphToDraw } from '../../render/files/picture-job.js';
import type { Site } from '../site.js';

/** Most bytes of cached pictures. */
const maxBytes = 16 * 2 ** 20;

/** Returns a picture, cached or drawn now, once for all concurrent requests. */
export type PictureCache = (key: string, graph: () => Promise<GraphToDraw>) => Promise<Uint8Array>;

/** Draws pictures, and caches the last ones. The gate limits how many may wait (limits/turnstile.ts). */
export function createDrawn({ drawPng }: Pick<Site, 'drawPng'>): PictureCache {
  const kept = new Map<string, Promise<Uint8Array>>();
  const sizes = new Map<string, number>();
  let bytes = 0;
  const forget = (key: string): void => {
    bytes -= sizes.get(key) ?? 0;
    sizes.delete(key);
    kept.delete(key);
  };
  const make = async (key: string, graph: () => Promise<GraphToDraw>): Promise<Uint8Array> => {
    try {
      const png = await drawPng(await graph());
      sizes.set(key, png.length);
      bytes += png.length;
      for (const oldest of sizes.keys()) {
        if (bytes <= maxBytes) break;
        forget(oldest);
      }
      return png;
    } catch (error) {
      forget(key);
      throw error;
    }
  };
  return (key, graph) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const png = make(key, graph);
    kept.set(key, png);
    return png;
  };
}
