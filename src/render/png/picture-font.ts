// The font of pictures in Node: Roboto, shipped with the program, since servers have no fonts. Its digits are tabular.
// Registered under its own name, so that no font of the machine is mistaken for it.

import { createRequire } from 'node:module';
import { GlobalFonts } from '@napi-rs/canvas';

/** The font family of pictures. */
export const pictureFontFamily = 'lvs-stats-roboto';

const files = [400, 500].map((weight) => `@fontsource/roboto/files/roboto-latin-${weight}-normal.woff2`);
let problem: string | null | undefined;

/** Registers the font once for this process; null, or why pictures would have no letters and how to fix it. */
export function fontProblem(): string | null {
  if (problem === undefined) problem = registerFont();
  return problem;
}

function registerFont(): string | null {
  const resolve = createRequire(import.meta.url).resolve;
  for (const file of files) {
    try {
      if (GlobalFonts.registerFromPath(resolve(file), pictureFontFamily) === null)
        return problemWith(file, 'unreadable');
    } catch (error) {
      return problemWith(file, error instanceof Error ? error.message : String(error));
    }
  }
  return null;
}

function problemWith(file: string, why: string): string {
  return `pictures have no text: the font ${file} cannot be loaded (${why.split('\n')[0]}); reinstall lvs-stats`;
}
