// Reduces the colours of a picture to a palette of at most 256. A graph has few colours, but smoothed edges of lines and
// letters make a thousand of them. Then the commonest, fills and lines, stay as they are, and the others lose the lowest bits
// of each channel until they fit. Otherwise the palette is exact.

/** Colours in order of appearance, as a little-endian machine reads R, G, B, A, and the number of pixels of each. */
export interface Census {
  readonly colours: Int32Array;
  readonly uses: Uint32Array;
}

/** The palette, and the index of each colour of the census. */
export interface Palette {
  readonly kept: readonly number[];
  readonly indexOf: Uint8Array;
}

const maxColours = 256;
// More than a theme, its patterns and ten services have together.
const exactColours = 64;

/** The palette of a picture: in order of appearance if all colours fit, otherwise the commonest first. */
export function paletteOf({ colours, uses }: Census): Palette {
  const indexOf = new Uint8Array(colours.length);
  const ranked = colours.length <= maxColours ? Uint32Array.from(colours.keys()) : commonestFirst(uses);
  for (let droppedBits = 0; ; droppedBits++) {
    const mask = ((0xff << droppedBits) & 0xff) * 0x01010101;
    const kept = mergeColours({ colours, ranked, mask }, indexOf);
    if (kept !== null) return { kept, indexOf };
  }
}

/** Three bytes per colour, R, G, B, as in a PNG. */
export function paletteBytes(colours: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(colours.length * 3);
  colours.forEach((colour, index) => {
    bytes.set([colour & 0xff, (colour >>> 8) & 0xff, (colour >>> 16) & 0xff], index * 3);
  });
  return bytes;
}

// Uses and number in one value: numbers sort without a comparison function.
function commonestFirst(uses: Uint32Array): Float64Array {
  const room = 2 ** 17;
  const keys = new Float64Array(uses.length);
  for (let number = 0; number < keys.length; number++) keys[number] = number - (uses[number] ?? 0) * room;
  keys.sort();
  return keys.map((key) => key - Math.floor(key / room) * room);
}

interface ColourMerge {
  readonly colours: Int32Array;
  readonly ranked: Uint32Array | Float64Array;
  readonly mask: number;
}

// Of colours that merge, the first stands for all. Fills in each colour's index; null if more than 256 are left.
function mergeColours({ colours, ranked, mask }: ColourMerge, indexOf: Uint8Array): number[] | null {
  const kept: number[] = [];
  const byKey = new Map<number, number>();
  for (let rank = 0; rank < ranked.length; rank++) {
    const number = ranked[rank] ?? 0;
    const colour = colours[number] ?? 0;
    const standing = byKey.get(colour & mask);
    if (standing !== undefined && rank >= exactColours) {
      indexOf[number] = standing;
      continue;
    }
    if (kept.length === maxColours) return null;
    indexOf[number] = kept.push(colour) - 1;
    if (standing === undefined) byKey.set(colour & mask, indexOf[number] ?? 0);
  }
  return kept;
}
