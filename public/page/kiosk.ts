// A screen on a wall: as many columns as let graphs fill it, in their most legible shape.

const wide = 2;
const marginPx = 8;

/** The lowest figures in which a whole legend leaves room for the plot; in a lower one it is set as in a tile. */
const minCardPx = { graph: 300, stack: 270 } as const;

/** A narrower figure is illegible: its legend and its sentences would be truncated. */
const minWidthPx = 300;

/** The legend of a stack stands beside the plot, which needs a figure this wide. */
const minStackPx = 560;

/** Lays out the graphs of a wall screen before they are set up, and whenever its size changes. */
export function fillScreen(graphs: HTMLElement): void {
  let isFirst = true;
  const lay = () => {
    const count = graphs.querySelectorAll('figure.graph').length;
    const height = innerHeight - graphs.getBoundingClientRect().top - marginPx;
    const columns = columnsFor(count, { width: innerWidth, height });
    graphs.style.setProperty('--columns', String(columns));
    const rows = Math.max(1, Math.ceil(count / columns));
    graphs.style.setProperty('--rows', String(rows));
    if (isFirst) {
      for (const card of graphs.querySelectorAll<HTMLElement>('.card')) {
        const kind = card.dataset['kind'] === 'stack' ? 'stack' : 'graph';
        if (isTooSmall(kind, { width: innerWidth / columns, height: height / rows })) {
          card.classList.replace('card', 'tile');
        }
      }
    }
    isFirst = false;
  };
  lay();
  addEventListener('resize', lay);
  new MutationObserver(lay).observe(graphs, { childList: true });
}

/** Is a figure of a size too small for a plot and a whole legend? */
export function isTooSmall(kind: 'graph' | 'stack', { width, height }: { width: number; height: number }): boolean {
  return height < minCardPx[kind] || (kind === 'stack' && width < minStackPx);
}

/** The number of columns that brings graphs on a screen nearest to their own shape, and keeps them legible. */
export function columnsFor(count: number, { width, height }: { width: number; height: number }): number {
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
