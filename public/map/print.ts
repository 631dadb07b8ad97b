// On paper, the map is there as a table, too, also if the reader has not opened it.

/** Opens the table while the page is printed. */
export function setUpPrint(main: HTMLElement): void {
  let opened: HTMLDetailsElement | null = null;
  addEventListener('beforeprint', () => {
    opened = main.querySelector<HTMLDetailsElement>('.as-table:not([open])');
    if (opened !== null) opened.open = true;
  });
  addEventListener('afterprint', () => {
    if (opened !== null) opened.open = false;
    opened = null;
  });
}
