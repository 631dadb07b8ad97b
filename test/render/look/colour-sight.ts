// Colours as readers see them: contrast, and distance for common and for colour-blind sight.

/** Sight: common, or with one kind of cone missing. */
export type Sight = 'common' | 'deuteranopia' | 'protanopia';

type Triple = readonly [number, number, number];

/** G. M. Machado et al., "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), severity 1. */
const simulations: Readonly<Record<Sight, readonly [Triple, Triple, Triple]>> = {
  common: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
};

/** The contrast of two colours, 1 to 21 (WCAG 2.2). */
export function contrastOf(a: string, b: string): number {
  const [one, other] = [a, b].map((colour) => {
    const [red, green, blue] = linear(colour);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
  });
  const ratio = (one ?? 1) / (other ?? 1);
  return Math.max(ratio, 1 / ratio);
}

/** The distance of two colours in Oklab, where 2 is just noticeable and 100 that of black and white. */
export function distanceOf(a: string, b: string, sight: Sight): number {
  const [one, other] = [a, b].map((colour) => oklab(seen(linear(colour), sight)));
  return 100 * Math.hypot(...[0, 1, 2].map((i) => (one?.[i] ?? 0) - (other?.[i] ?? 0)));
}

function linear(colour: string): Triple {
  const channel = (at: number): number => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function seen([red, green, blue]: Triple, sight: Sight): Triple {
  const [a, b, c] = simulations[sight];
  const channel = (row: Triple) => Math.min(1, Math.max(0, row[0] * red + row[1] * green + row[2] * blue));
  return [channel(a), channel(b), channel(c)];
}

/** B. Ottosson, "A perceptual color space for image processing" (2020). */
function oklab([red, green, blue]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
