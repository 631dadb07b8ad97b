// The legend below a canvas: a table of figures, whose rows switch their series on and off. It is rebuilt if its rows or
// columns change; otherwise only its texts are set, so that a focused button keeps the focus.

import type { ColourScale, LegendRow, Picture } from '../../src/render/define/picture.js';
import { element, setAttribute, setText } from '../page/element.js';
import { paintSample, sampleElement } from './sample.js';

const rowsPerTable = 3;

/** The input of a legend besides its picture, and its callbacks. */
export interface LegendUse {
  readonly hidden: ReadonlySet<string>;
  /** The page of a row's service; null if the row has none. */
  readonly hrefOf: (row: number) => string | null;
  /** `alone`: show only this one. */
  readonly onToggle: (name: string, alone: boolean) => void;
}

interface Row {
  readonly button: HTMLButtonElement | null;
  /** The name of a sum, which includes the number of its members. */
  readonly sum: HTMLElement | null;
  readonly sample: SVGSVGElement;
  readonly here: HTMLTableCellElement;
  readonly cells: readonly HTMLTableCellElement[];
}

/** The legend of one graph. */
export class Legend {
  readonly #root: HTMLElement;
  readonly #isOneTable: boolean;
  #rows: readonly Row[] = [];
  #heads: readonly HTMLElement[] = [];
  #captions: readonly HTMLElement[] = [];
  readonly #scale = {
    from: element('span', {}),
    bar: element('span', { class: 'bar', 'aria-hidden': 'true' }),
    to: element('span', {}),
  };
  /** How many rows a tile has no room for. */
  readonly #more = element('span', { class: 'more', 'aria-hidden': 'true' });
  #shape = '';
  #drawn = '';

  /** `isOneTable`: not side by side in two, since it stands beside the plot. */
  constructor(root: HTMLElement, isOneTable: boolean) {
    this.#root = root;
    this.#isOneTable = isOneTable;
    new ResizeObserver(() => this.#countMore()).observe(root);
  }

  /** Shows the figures of a picture. */
  update(picture: Picture, use: LegendUse): void {
    const { legend, tile, theme, sentence, heading } = picture;
    const rows = sentence === null ? legend.rows : [];
    const shape = JSON.stringify([
      tile,
      legend.columns,
      legend.scale?.from,
      rows.map((row) => [isSum(row) || row.name, row.hosts, row.remark]),
    ]);
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#drawn = '';
      this.#build(picture, rows, use);
    }
    for (const caption of this.#captions) setText(caption, `Values for ${heading.endpoint}, ${heading.shows}`);
    const styles = `${theme} ${JSON.stringify(rows.map(({ style }) => style))}`;
    rows.forEach((row, index) => {
      const shown = this.#rows[index];
      if (shown === undefined) return;
      row.cells.forEach((text, column) => {
        const cell = shown.cells[column];
        if (cell !== undefined) setText(cell, text);
      });
      const isHidden = use.hidden.has(row.name);
      if (shown.sum !== null) setText(shown.sum, row.name);
      if (shown.button !== null) setAttribute(shown.button, 'aria-pressed', String(!isHidden));
      shown.here.parentElement?.classList.toggle('off', isHidden);
      if (styles !== this.#drawn) paintSample(shown.sample, row.style, picture.colours);
    });
    if (legend.scale !== undefined) this.#paintScale(legend.scale);
    this.#drawn = styles;
  }

  /** Shows the values at the crosshair, and its time in the column's head; empty texts if there is none. */
  point(time: string, texts: readonly string[]): void {
    for (const head of this.#heads) setText(head, time);
    this.#rows.forEach(({ here }, index) => {
      setText(here, texts[index] ?? '');
    });
    this.#root.classList.toggle('pointed', time !== '');
  }

  /** A tile's legend is one line, from which whole rows are omitted. */
  #countMore(): void {
    if (!this.#more.isConnected) return;
    const lines = this.#rows.flatMap(({ here }) => here.parentElement ?? []).filter((line) => line.offsetHeight > 0);
    const [first] = lines;
    const omitted = lines.filter((line) => line.offsetTop > (first?.offsetTop ?? 0)).length;
    setText(this.#more, omitted === 0 ? '' : `+${omitted}`);
  }

  #paintScale({ colours, from, to }: ColourScale): void {
    setText(this.#scale.from, from);
    setText(this.#scale.to, to);
    this.#scale.bar.style.background = `linear-gradient(to right, ${colours.join(', ')})`;
  }

  #build(picture: Picture, rows: readonly LegendRow[], use: LegendUse): void {
    const { legend, tile } = picture;
    const isLong = legend.labels === 'above' && !tile && rows.length > rowsPerTable;
    const tables = isLong && !this.#isOneTable ? 2 : 1;
    const perTable = Math.ceil(rows.length / tables);
    const made: Row[] = [];
    const heads: HTMLElement[] = [];
    const captions: HTMLElement[] = [];
    const parts = Array.from({ length: rows.length === 0 ? 0 : tables }, (_, index) => {
      const head = element('th', {
        scope: 'col',
        class: 'here',
        'aria-label': 'at the crosshair',
        role: tile ? 'columnheader' : null,
      });
      const caption = element('caption', { class: 'unseen' });
      heads.push(head);
      captions.push(caption);
      const body = rows.slice(index * perTable, (index + 1) * perTable).map((row, place) => {
        const { line, ...parts } = createRow(row, index * perTable + place, { picture, use });
        made.push(parts);
        return line;
      });
      return legendTable(picture, { caption, head, body });
    });
    this.#rows = made;
    this.#heads = heads;
    this.#captions = captions;
    const { from, bar, to } = this.#scale;
    const scale = legend.scale === undefined ? [] : [element('p', { class: 'scale' }, from, bar, to)];
    this.#root.replaceChildren(...scale, ...parts, ...(tile && rows.length > 1 ? [this.#more] : []));
    this.#countMore();
  }
}

// A tile's legend is laid out as one line, which removes the semantics of a table; roles restore them.
function legendTable(
  picture: Picture,
  { caption, head, body }: { caption: HTMLElement; head: HTMLElement; body: readonly HTMLTableRowElement[] },
): HTMLTableElement {
  const role = (name: string) => (picture.tile ? name : null);
  const columns = picture.legend.columns.map((label) =>
    element('th', { scope: 'col', 'data-label': label, role: role('columnheader') }, label),
  );
  const name = element(
    'th',
    { scope: 'col', role: role('columnheader') },
    element('span', { class: 'unseen' }, 'series'),
  );
  return element(
    'table',
    { class: 'legend', role: role('table') },
    caption,
    element('thead', { role: role('rowgroup') }, element('tr', { role: role('row') }, name, head, ...columns)),
    element('tbody', { role: role('rowgroup') }, ...body),
  );
}

function createRow(
  row: LegendRow,
  index: number,
  { picture, use }: { picture: Picture; use: LegendUse },
): Row & { readonly line: HTMLTableRowElement } {
  const { tile, legend } = picture;
  const role = (name: string) => (tile ? name : null);
  const sample = sampleElement();
  const href = use.hrefOf(index);
  // A sum is made of the others, and cannot be switched off; it has no sample either.
  const sum = isSum(row) ? element('span', { title: row.name }, row.name) : null;
  const button = sum !== null ? null : buttonOf(row.name, { sample, isNamed: href === null, use });
  const name = element('th', { scope: 'row', role: role('rowheader') }, button ?? sample);
  if (href !== null) name.append(element('a', { href, title: row.name }, row.name));
  else if (sum !== null) name.append(sum);
  if (row.hosts.length > 0) name.append(' ', element('span', { class: 'hosts' }, row.hosts.join(', ')));
  const here = element('td', { class: 'here', role: role('cell') });
  const cells =
    row.remark === '' ? legend.columns.map((label) => element('td', { 'data-label': label, role: role('cell') })) : [];
  const line = element('tr', { class: sum === null ? null : 'sum', role: role('row') }, name, here, ...cells);
  if (row.remark !== '') {
    line.append(
      element('td', { class: 'remark', colspan: String(legend.columns.length), role: role('cell') }, row.remark),
    );
  }
  return { line, button, sum, sample, here, cells };
}

function isSum({ style }: LegendRow): boolean {
  return style.fill === '' && style.form === 'band';
}

function buttonOf(
  name: string,
  { sample, isNamed, use }: { sample: SVGSVGElement; isNamed: boolean; use: LegendUse },
): HTMLButtonElement {
  const label = isNamed ? null : `Show ${name}`;
  const title = 'Click to show or hide, Shift-click to show only this one';
  const button = element('button', { type: 'button', 'aria-pressed': 'true', 'aria-label': label, title }, sample);
  if (isNamed) button.append(name);
  button.addEventListener('click', (event) => use.onToggle(name, event.shiftKey));
  return button;
}
