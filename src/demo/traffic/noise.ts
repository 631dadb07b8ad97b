// Randomness as a pure function of position: a hash of a key and a whole number, and value noise (Perlin's name for it) that
// joins such hashes by straight lines. No result depends on earlier calls. The mixer is the finaliser of MurmurHash3 (Austin
// Appleby, public domain).

const perUnit = 2 ** -32;

/** Hash of `index` under `key`, evenly spread over [0, 1). */
export function hashAt(key: number, index: number): number {
  let h = Math.imul(index, 0x9e3779b1) ^ key;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) * perUnit;
}

/** Value noise at `x` under `key`, in [-1, 1]: a hash at whole numbers, straight lines between; its slope is at most 2. */
export function noiseAt(key: number, x: number): number {
  const cell = Math.floor(x);
  const part = x - cell;
  const left = hashAt(key, cell);
  if (part === 0) return 2 * left - 1;
  return 2 * (left + part * (hashAt(key, cell + 1) - left)) - 1;
}

/** `noiseAt` under one key, faster at positions in order: it keeps the hashes of the newest cell. */
export function noiseUnder(key: number): (x: number) => number {
  let known = Number.NaN;
  let left = 0;
  let right = 0;
  return (x) => {
    const cell = Math.floor(x);
    if (cell !== known) {
      left = cell === known + 1 ? right : hashAt(key, cell);
      right = hashAt(key, cell + 1);
      known = cell;
    }
    return 2 * (left + (x - cell) * (right - left)) - 1;
  };
}

/** A separate key for each purpose under a seed (FNV-1a over the text). */
export function noiseKey(seed: number, purpose: string): number {
  let h = Math.imul(seed | 0, 0x9e3779b1) ^ 0x811c9dc5;
  for (let i = 0; i < purpose.length; i++) h = Math.imul(h ^ purpose.charCodeAt(i), 0x01000193);
  return h ^ (h >>> 15);
}
