// A screen on a wall: as many columns as let graphs fill it, in their most legible shape.

const wide = 2;
const marginPx = 8;

/** The lowest figures in which a whole legend leaves room for the plot; in a lower one it is set as in a tile. */
const minCardPx = { graph: 300, stack: 270 } as const;

/** A narrower figure is illegible: its legend and its sentences would be truncated. */
const minWidthPx = 300;

/** The legend of a stack stands beside the plot in a figure this wide: both have room for whole addresses and their figures. */
const minBesidePx = 900;

/** Below the plot, the legend is two tables side by side, which need a figure of this size. */
const minBelowPx = { width: 600, height: 360 } as const;

/** The form of a figure on a wall: a card, a card with its legend beside the plot, or a tile. */
export type WallForm = 'card' | 'beside' | 'tile';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Lays out the graphs of a wall screen before they are set up, and whenever the size of their room changes: of the window, or since
 * findings come and go above. Calls `onReform` when a figure that is set up needs another form.
 */
export function fillScreen(graphs: HTMLElement, onReform: () => void): void {
  const forms = new Map<HTMLElement, WallForm>();
  const lay = () => {
    const count = graphs.querySelectorAll('figure.graph').length;
    const height = innerHeight - graphs.getBoundingClientRect().top - marginPx;
    const columns = columnsFor(count, { width: innerWidth, height });
    graphs.style.setProperty('--columns', String(columns));
    const rows = Math.max(1, Math.ceil(count / columns));
    graphs.style.setProperty('--rows', String(rows));
    const size = { width: innerWidth / columns, height: height / rows };
    const isFirst = forms.size === 0;
    for (const figure of graphs.querySelectorAll<HTMLElement>(isFirst ? '.card' : 'figure.graph')) {
      const form = wallForm(figure.dataset['kind'] === 'stack' ? 'stack' : 'graph', size);
      const known = forms.get(figure);
      if (isFirst) {
        forms.set(figure, form);
        if (form === 'tile') figure.classList.replace('card', 'tile');
        figure.classList.toggle('legend-beside', form === 'beside');
      } else if (known !== undefined && known !== form) {
        onReform();
        return;
      }
    }
  };
  lay();
  new ResizeObserver(lay).observe(graphs);
  new MutationObserver(lay).observe(graphs, { childList: true });
}

/** The form in which a figure of a size shows a plot and its whole legend. */
export function wallForm(kind: 'graph' | 'stack', { width, height }: Size): WallForm {
  if (height < minCardPx[kind]) return 'tile';
  if (kind === 'graph') return 'card';
  if (width >= minBesidePx) return 'beside';
  return width >= minBelowPx.width && height >= minBelowPx.height ? 'card' : 'tile';
}

/** The number of columns that brings graphs on a screen nearest to their own shape, and keeps them legible. */
export function columnsFor(count: number, { width, height }: Size): number {
  const screen = width / Math.max(1, height);
  const most = Math.min(count, Math.max(1, Math.floor(width / minWidthPx)));
  let best = 1;
  let nearest = Number.POSITIVE_INFINITY;
  for (let columns = 1; columns <= most; columns++) {
    const shape = (screen / columns) * Math.ceil(count / columns);
    const off = Math.abs(Math.log(shape / wide));
    if (off < nearest) {
      nearest = off;
      best = columns;
    }
  }
  return best;
}
