// A scale in the place of chart.js' `linear` one, for graphs whose definition has worked out ends, ticks and labels
// already: it maps values to pixels, and neither looks through the data nor measures what it would write.
// https://www.chartjs.org/docs/latest/developers/axes.html

import type { Scale } from 'chart.js';

/** The scale, on the base class of the host's copy of chart.js; registered once its own linear scale is not any more. */
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
