// A thread that packs sections of a simulated director.

import { createDirector, type Director, type DirectorOptions } from '../demo/director.js';
import { type PackedSection, packSection, type SectionToPack } from './demo-section.js';

/** A section, and the options of its director. */
export interface SectionTask {
  readonly options: DirectorOptions;
  readonly section: SectionToPack;
}

let known: { readonly of: string; readonly director: Director } | null = null;

/** Packs a section; keeps the director for the next one. */
export function pack({ options, section }: SectionTask): PackedSection {
  const of = JSON.stringify(options);
  if (known?.of !== of) known = { of, director: createDirector(options) };
  return packSection(known.director, section);
}
