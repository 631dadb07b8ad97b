// A picture as plain data: all its content and layout, already turned into words, colours and points. Definitions return it,
// `fingerprint.ts` hashes it, and hosts draw it: `configuration.ts` adapts it to chart.js. It has no functions, so two equal
// pictures are the same bytes when drawn.

import type { Pattern } from '../look/member-looks.js';
import type { Colours } from '../look/theme.js';
import type { EventMark, SizePx, Span, Theme } from './graph-request.js';
import type { Path } from './path.js';
import type { TimeAxis } from './time-axis.js';
import type { ValueAxis } from './value-axis.js';

/** Raise this whenever the same picture would be drawn differently; pictures on disk are then redrawn. */
export const drawingVersion = 6;

/** A rectangle in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The subject of a picture: never truncated, unlike the host names after it. */
export interface Heading {
  readonly endpoint: string;
  readonly protocol: string;
  readonly hosts: readonly string[];
  /** Quantity, unit and span: "Traffic, bit/s · 24 h". */
  readonly shows: string;
}

/** How something is drawn, in the plot and as the sample in the legend; `thin` is a line behind the others. */
export interface Style {
  /** `max`: a band with a line along its maxima. */
  readonly form: 'area' | 'line' | 'thin' | 'band' | 'max' | 'stack';
  readonly fill: string;
  readonly edge: string;
  readonly pattern: Pattern;
}

/** One dataset. `above`: the label of the layer that a band ends at, instead of zero. */
export interface Layer extends Path {
  readonly label: string;
  readonly style: Style;
  readonly above: string | null;
}

/** A run of one colour in a row of a heat map, the first row at the top; no colour means unknown. */
export interface HeatCell {
  readonly row: number;
  readonly startS: number;
  readonly endS: number;
  readonly fill: string | null;
}

/** A heat map: the count of each row, as colours. */
export interface Heat {
  readonly rows: number;
  readonly cells: readonly HeatCell[];
}

/** The meaning of colours: from one figure to another. */
export interface ColourScale {
  readonly colours: readonly string[];
  readonly from: string;
  readonly to: string;
}

/** A peak that the means hide, with its value in words. */
export interface Peak {
  readonly timeS: number;
  /** Negative below zero. */
  readonly value: number;
  readonly text: string;
}

/** A capacity line with its words; beyond the axis (`isOff`) there are only the words. */
export interface LimitLine {
  /** Negative below zero. */
  readonly value: number;
  readonly text: string;
  /** Stated by the operator; otherwise the highest mean held for an hour or more. */
  readonly isStated: boolean;
  readonly isOff: boolean;
}

/** A stretch that is unknown, or partly so. */
export interface Gap {
  readonly startS: number;
  readonly endS: number;
  readonly text: string;
}

/** A row of the legend; `remark` replaces missing figures. */
export interface LegendRow {
  readonly style: Style;
  readonly name: string;
  readonly hosts: readonly string[];
  readonly cells: readonly string[];
  readonly remark: string;
}

/**
 * The legend below the plot: a table of rows with one figure per column. `labels` says whether a column's label stands before
 * each figure or once above it; `across` is the number of rows side by side.
 */
export interface Legend {
  readonly labels: 'before' | 'above';
  readonly across: 1 | 2;
  readonly columns: readonly string[];
  readonly rows: readonly LegendRow[];
  /** For a heat map, whose labels are above. */
  readonly scale?: ColourScale;
}

/** A picture as plain data. Layers are in painting order, bottom first. */
export interface Picture {
  readonly version: number;
  readonly sizePx: SizePx;
  readonly pixelRatio: number;
  readonly tile: boolean;
  /** Only the plot is drawn; the page around it shows heading, legend and footer. */
  readonly bare?: true;
  readonly theme: Theme;
  readonly colours: Colours;
  readonly plot: Box;
  readonly span: Span;
  readonly heading: Heading;
  readonly valueAxis: ValueAxis;
  readonly timeAxis: TimeAxis;
  readonly layers: readonly Layer[];
  /** Instead of layers. */
  readonly heat?: Heat;
  readonly peaks: readonly Peak[];
  readonly limits: readonly LimitLine[];
  readonly gaps: readonly Gap[];
  /** Merged, so that no mark overlaps another. */
  readonly marks: readonly EventMark[];
  readonly legend: Legend;
  /** The age and the source of the data; short in a tile. */
  readonly footer: string;
  readonly note: string | null;
  /** Why the plot is empty; null if it is not. */
  readonly sentence: string | null;
}
