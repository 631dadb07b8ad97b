// The layout of a picture, in CSS pixels: one table of distances for pictures and one for tiles. The plot's left and right
// edges are the same on all pictures of a size, so that pictures above each other on a page share a time axis.

import type { SizePx } from './graph-request.js';
import type { Box, Legend } from './picture.js';

/** Distances of one kind of picture. */
export interface Layout {
  /** Between the card's border and its content at left and right. */
  readonly marginPx: number;
  readonly plotLeftPx: number;
  readonly plotTopPx: number;
  readonly headingBaselinePx: number;
  readonly headingFontPx: number;
  readonly fontPx: number;
  readonly legendRowPx: number;
  /** Height below the time axis, without the legend's rows. */
  readonly footPx: number;
  readonly timeLabelPx: number;
  /** The part of it that is reserved for marks between the axis and its labels. */
  readonly markPx: number;
}

const full: Layout = {
  marginPx: 12,
  plotLeftPx: 54,
  plotTopPx: 30,
  headingBaselinePx: 19,
  headingFontPx: 13,
  fontPx: 11,
  legendRowPx: 15,
  footPx: 28,
  timeLabelPx: 24,
  markPx: 6,
};

const tile: Layout = {
  ...full,
  marginPx: 8,
  plotLeftPx: 46,
  plotTopPx: 38,
  headingBaselinePx: 15,
  headingFontPx: 12,
  fontPx: 10,
  legendRowPx: 14,
  footPx: 7,
  timeLabelPx: 19,
  markPx: 3,
};

/** The distances of a picture or a tile. */
export function layoutOf(isTile: boolean): Layout {
  return isTile ? tile : full;
}

/** Lines that a legend takes; a tile has one. */
export function legendLines(legend: Pick<Legend, 'across' | 'labels' | 'rows'>, isTile: boolean): number {
  if (isTile) return 1;
  return Math.ceil(legend.rows.length / legend.across) + (legend.labels === 'above' ? 1 : 0);
}

const bareTopPx = 8;
const bareNotePx = 16;
const bareRightPx = 8;
const bareFootPx = 4;

/** The picture that a plot is for; a `bare` one has no legend. */
interface PlotRequest {
  readonly sizePx: SizePx;
  readonly tile: boolean;
  readonly bare?: boolean;
  readonly note: string | null;
}

/** The plot of a picture whose legend has `lines` lines. */
export function plotBox({ sizePx, tile: isTile, bare, note }: PlotRequest, lines: number): Box {
  const layout = layoutOf(isTile);
  if (bare) {
    // A note stands above the drawing: on it, it would hide the peaks.
    const top = note === null ? bareTopPx : bareNotePx;
    const bottom = Math.max(top + 20, sizePx.height - layout.timeLabelPx - bareFootPx);
    const right = Math.max(layout.plotLeftPx + 20, sizePx.width - bareRightPx);
    return { left: layout.plotLeftPx, top, right, bottom };
  }
  const bottom = sizePx.height - layout.footPx - lines * layout.legendRowPx - layout.timeLabelPx;
  return {
    left: layout.plotLeftPx,
    top: layout.plotTopPx,
    right: sizePx.width - layout.marginPx,
    bottom: Math.max(layout.plotTopPx + 20, bottom),
  };
}
