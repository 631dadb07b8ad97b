// A screen on a wall: as many columns as let graphs fill it, in their most legible shape.

const wide = 2;
const barPx = 40;

/** A legend of several lines needs a figure this high; in a lower one it is set as in a tile. */
const minCardPx = 330;

/** A narrower figure is illegible: its legend and its sentences would be truncated. */
const minWidthPx = 300;

/** Lays out the graphs of a wall screen before they are set up, and whenever its size changes. */
export function fillScreen(main: HTMLElement): void {
  let isFirst = true;
  const lay = () => {
    const count = main.querySelectorAll('figure.graph').length;
    const columns = columnsFor(count, { width: innerWidth, height: innerHeight - barPx });
    main.style.setProperty('--columns', String(columns));
    const rows = Math.max(1, Math.ceil(count / columns));
    main.style.setProperty('--rows', String(rows));
    if (isFirst && (innerHeight - barPx) / rows < minCardPx) {
      for (const card of main.querySelectorAll('.card')) card.classList.replace('card', 'tile');
    }
    isFirst = false;
  };
  lay();
  addEventListener('resize', lay);
  new MutationObserver(lay).observe(main, { childList: true });
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
