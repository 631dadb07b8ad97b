// A screen on a wall: as many columns as make graphs fill it, in the shape that they are best read in.

const wide = 2;
const barPx = 40;

/** A legend of several lines needs a figure so high; in a lower one it is set as in a tile. */
const leastCardPx = 330;

/** Lays out the graphs of a wall screen before they are set up, and whenever it has another size. */
export function fillScreen(main: HTMLElement): void {
  let isFirst = true;
  const lay = () => {
    const count = main.querySelectorAll('figure.graph').length;
    const columns = columnsFor(count, innerWidth / Math.max(1, innerHeight - barPx));
    main.style.setProperty('--columns', String(columns));
    const rows = Math.max(1, Math.ceil(count / columns));
    main.style.setProperty('--rows', String(rows));
    if (isFirst && (innerHeight - barPx) / rows < leastCardPx) {
      for (const card of main.querySelectorAll('.card')) card.classList.replace('card', 'tile');
    }
    isFirst = false;
  };
  lay();
  addEventListener('resize', lay);
  new MutationObserver(lay).observe(main, { childList: true });
}

/** The number of columns that gives graphs on a screen of a shape (width to height) the shape nearest to theirs. */
export function columnsFor(count: number, screen: number): number {
  let best = 1;
  let nearest = Number.POSITIVE_INFINITY;
  for (let columns = 1; columns <= count; columns++) {
    const shape = (screen / columns) * Math.ceil(count / columns);
    const off = Math.abs(Math.log(shape / wide));
    if (off < nearest) {
      nearest = off;
      best = columns;
    }
  }
  return best;
}
