// A scale that replaces chart.js' `linear` one, for graphs whose definition already has ends, ticks and labels: it maps values
// to pixels, without scanning the data or measuring labels. https://www.chartjs.org/docs/latest/developers/axes.html

import type { Scale } from 'chart.js';

/** The scale, on the base class of the host's copy of chart.js; register it after unregistering chart.js' own linear scale. */
export function fixedScale(Base: typeof Scale) {
  return class FixedScale extends Base {
    static readonly id = 'linear';
    static readonly defaults = {};

    /** Takes its ends from its options, and no room beside the plot. */
    override update(widthPx: number, heightPx: number): void {
      const { min, max } = this.getUserBounds();
      this.min = min;
      this.max = max;
      this.ticks = [];
      this.maxWidth = widthPx;
      this.maxHeight = heightPx;
      this.width = this.isHorizontal() ? widthPx : 0;
      this.height = this.isHorizontal() ? 0 : heightPx;
    }

    override getPixelForValue(value: number): number {
      return this.getPixelForDecimal((value - this.min) / (this.max - this.min));
    }
  };
}
