// The content of the page of the map: follows its own links and forms by fetching the page and replacing the content.

/** The content as it is shown, and the way to another. */
export class MapPage {
  readonly #main: HTMLElement;
  readonly #path: string;
  readonly #renewed: (() => void)[] = [];
  /** The newest request; an older answer that comes later is dropped. */
  #newest = 0;

  constructor(main: HTMLElement) {
    this.#main = main;
    this.#path = main.dataset['map'] ?? '';
    main.addEventListener('click', (event) => this.#click(event));
    main.addEventListener('submit', (event) => this.#submit(event));
    main.addEventListener('renewed', () => this.#announce());
    addEventListener('popstate', () => void this.show(location.href, false));
  }

  /** Calls back whenever the content was replaced. */
  onRenewed(listener: () => void): void {
    this.#renewed.push(listener);
  }

  /** Whether an address is one of this page. */
  isOwn(href: string): boolean {
    const url = new URL(href, location.href);
    return url.origin === location.origin && url.pathname === this.#path;
  }

  /** Shows another address of this page, as a step of the history; loads it anew if that fails. */
  async show(href: string, isStep = true): Promise<void> {
    this.#newest += 1;
    const mine = this.#newest;
    const answer = await fetch(href, { headers: { accept: 'text/html' } }).catch(() => null);
    if (mine !== this.#newest) return;
    const fresh = answer?.ok === true ? new DOMParser().parseFromString(await answer.text(), 'text/html') : null;
    if (mine !== this.#newest) return;
    const theirs = fresh?.getElementById('map') ?? null;
    const ours = this.#main.querySelector('#map');
    if (theirs === null || ours === null) {
      // The page that says what is wrong.
      location.assign(href);
      return;
    }
    if (isStep) history.pushState(history.state, '', href);
    const focus = focusOf(this.#main);
    const isTableOpen = ours.querySelector<HTMLDetailsElement>('.as-table')?.open ?? false;
    ours.replaceWith(document.importNode(theirs, true));
    const table = this.#main.querySelector<HTMLDetailsElement>('.as-table');
    if (table !== null) table.open = isTableOpen;
    this.#restore(focus);
    // The details may be far below the click.
    if (
      new URL(href, location.href).searchParams.has('node') ||
      new URL(href, location.href).searchParams.has('from')
    ) {
      this.#main.querySelector('#about')?.scrollIntoView({ block: 'nearest' });
    }
    this.#announce();
  }

  #announce(): void {
    for (const listener of this.#renewed) listener();
  }

  /**
   * Puts the focus where it was. If that is gone: on the button of its column, or on the column that took its place, so that keys go on from there; on
   * the node whose details were closed; at the details; or at the beginning of the content.
   */
  #restore(focus: Focus | null): void {
    if (focus === null) return;
    const { isDrawn, words, nth, name, column, selected } = focus;
    const named = name === '' ? null : this.#main.querySelector<HTMLElement>(`[name="${name}"], #${name}`);
    const same = alike(this.#main, isDrawn, words);
    const next =
      named ??
      same[nth] ??
      same[0] ??
      inColumn(this.#main, column) ??
      (selected === null ? null : alike(this.#main, true, selected)[0]) ??
      this.#main.querySelector<HTMLElement>('#about, #map');
    next?.focus({ preventScroll: true });
  }

  #click(event: MouseEvent): void {
    const { target } = event;
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = target instanceof Element ? target.closest('a') : null;
    const href = link?.getAttribute('href') ?? null;
    if (href === null || !this.isOwn(href)) return;
    event.preventDefault();
    void this.show(href);
  }

  #submit(event: SubmitEvent): void {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !this.isOwn(form.action)) return;
    event.preventDefault();
    const fields = [...new FormData(form)].flatMap(([name, value]) =>
      typeof value === 'string' && value !== '' ? [[name, value]] : [],
    );
    const query = new URLSearchParams(fields).toString();
    void this.show(query === '' ? this.#path : `${this.#path}?${query}`);
  }
}

interface Focus {
  readonly isDrawn: boolean;
  /** The subject of a link or a button. */
  readonly words: string;
  /** Its place among those of the same subject: two forms have a button "ask". */
  readonly nth: number;
  /** The name or the id of a field; '' for anything else. */
  readonly name: string;
  /** Its column on the drawing, with the number of columns before it; null if it is in none. */
  readonly column: { readonly group: string; readonly place: number } | null;
  /** The subject of the node that is selected; null if none is, or if it is not drawn. */
  readonly selected: string | null;
}

/** Where the focus is; null if it is elsewhere. */
function focusOf(main: HTMLElement): Focus | null {
  const own = document.activeElement;
  if (!(own instanceof HTMLElement || own instanceof SVGElement) || own === main || !main.contains(own)) return null;
  const name = own instanceof HTMLInputElement ? CSS.escape(own.name || own.id) : '';
  const [isDrawn, words] = [own.closest('svg') !== null, subjectOf(own)];
  const nth = alike(main, isDrawn, words).indexOf(own);
  return { isDrawn, words, nth, name, column: columnOf(main, own), selected: selectedIn(main) };
}

function columnOf(main: HTMLElement, element: Element): Focus['column'] {
  const own = element.closest<SVGGElement>('g.column');
  return own === null ? null : { group: own.dataset['group'] ?? '', place: columnsOf(main).indexOf(own) };
}

function columnsOf(main: HTMLElement): readonly SVGGElement[] {
  return [...(shownDrawing(main)?.querySelectorAll<SVGGElement>('g.column') ?? [])];
}

/** The button of a column, or of that which is in its place now. */
function inColumn(main: HTMLElement, column: Focus['column']): SVGElement | null {
  if (column === null) return null;
  const all = columnsOf(main);
  const own = all.find((one) => one.dataset['group'] === column.group) ?? all[column.place] ?? all.at(-1);
  return own?.querySelector<SVGElement>('[data-toggle]') ?? null;
}

function selectedIn(main: HTMLElement): string | null {
  const own = shownDrawing(main)?.querySelector('a.selected, .column.selected > a[data-node]');
  return own === null || own === undefined ? null : subjectOf(own);
}

/** The links and buttons of a subject, in the drawing that is shown or outside of drawings. */
function alike(main: HTMLElement, isDrawn: boolean, words: string): readonly (HTMLElement | SVGElement)[] {
  const place = isDrawn ? shownDrawing(main) : main;
  return [...(place?.querySelectorAll<HTMLElement | SVGElement>('a, button, summary') ?? [])].filter(
    (own) => (own.closest('svg') !== null) === isDrawn && subjectOf(own) === words,
  );
}

/** The words of a link or a button; one whose words change from "expand web" to "fold web" keeps its subject. */
function subjectOf(element: Element): string {
  return (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().replace(/^(expand|fold) /, '');
}

/** The drawing for the width of the window. */
export function shownDrawing(main: HTMLElement): SVGSVGElement | null {
  const all = [...main.querySelectorAll<SVGSVGElement>('.canvas > svg')];
  return all.find((own) => getComputedStyle(own).display !== 'none') ?? null;
}
