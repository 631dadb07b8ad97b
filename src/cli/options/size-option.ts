// `--size` of pictures: a name, as in the viewer's addresses (`size=tile`), or WIDTHxHEIGHT in CSS pixels.

import { InvalidArgumentError } from 'commander';
import { type Shape, shapes } from '../../render/define/graph-request.js';

/** Below the minimum, words do not fit; at the maximum, drawing takes some 200 MB in double size. */
const sizeLimitsPx = { least: { width: 320, height: 160 }, most: { width: 2560, height: 1440 } } as const;

/** Below this, the rows of a legend leave no space for the graph: it gets a tile's legend, in one line. */
const cardFromPx = { width: 680, height: 270 } as const;

/** The shape of an option's value. Throws an `InvalidArgumentError`. */
export function parseSize(text: string): Shape {
  if (text === 'card' || text === 'tile') return shapes[text];
  const match = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(text);
  const [width, height] = [Number(match?.[1]), Number(match?.[2])];
  const { least, most } = sizeLimitsPx;
  const isWithin = width >= least.width && width <= most.width && height >= least.height && height <= most.height;
  if (isWithin) return { sizePx: { width, height }, tile: width < cardFromPx.width || height < cardFromPx.height };
  const limits = `${least.width}x${least.height} to ${most.width}x${most.height}`;
  throw new InvalidArgumentError(
    `Write card (760x300), tile (380x190), or WIDTHxHEIGHT from ${limits}, such as 1140x450.`,
  );
}
