// One graph of a page, from when it comes near the screen until it is far away again: it fetches its rows, keeps those of
// recent spans, and draws known ones at once while finer rows are loading.

import { rowLengthFor } from '../../src/model/retention.js';
import type { Ago } from '../../src/render/define/comparison.js';
import { periods, type Span } from '../../src/render/define/graph-request.js';
import { figureKey } from '../page/choices.js';
import { withCompared } from '../page/switch/compare.js';
import { formatRange, formatView, viewLabel, withDownload } from '../page/view.js';
import type { Board, Gestures } from './board.js';
import { Face } from './face.js';
import { bestFor, type LiveData, parseLive, withPageLooks } from './live-data.js';
import { type FigureSpec, liveUrl, readSpec } from './spec.js';

/** Most spans whose rows are kept, so that going back needs no fetch. */
const maxKept = 5;

/** Uses of a figure. */
export interface FigureUse extends Pick<Gestures, 'onHide'> {
  /** Sets up its visible part; the result is called after each drawing. */
  readonly setUp: (figure: GraphFigure, face: Face) => () => void;
}

/** A figure with its graph. */
export class GraphFigure {
  readonly element: HTMLElement;
  readonly spec: FigureSpec;
  isInView = false;
  readonly #board: Board;
  #face: Face | null = null;
  #kept: readonly LiveData[] = [];
  #loading: AbortController | null = null;
  #isNear = false;
  #sizePx = { width: 0, height: 0 };
  readonly #use: FigureUse;
  #onDrawn: () => void = () => {};
  #sizes: ResizeObserver | null = null;

  constructor(root: HTMLElement, board: Board, use: FigureUse) {
    this.element = root;
    this.spec = readSpec(root);
    this.#board = board;
    this.#use = use;
  }

  /** Its key in an address. */
  get key(): string {
    return figureKey(this.spec);
  }

  /** Its visible part; null until it was near. */
  get face(): Face | null {
    return this.#face;
  }

  /** Is it near enough to be kept drawn? */
  get isNear(): boolean {
    return this.#isNear;
  }

  /** The span in force, drawn or not. */
  get span(): Span {
    const { view, preview, page, lastS } = this.#board;
    if (preview !== null) return { ...preview, label: formatRange(preview, page.timeZone) };
    const query = this.#query();
    const own = this.#kept.find((data) => data.query === query)?.span;
    const label = viewLabel(view, page.timeZone);
    if ('startS' in view) return { ...view, label: own?.label ?? label };
    if (own !== undefined) return own;
    const spanS = 'age' in view ? view.lengthS : periods[view.period].spanS;
    const wishS = 'age' in view ? page.retention.stepS : periods[view.period].stepS;
    const rowS = rowLengthFor(page.retention, { spanS, wishS });
    const endS = Math.floor((lastS ?? 0) / rowS) * rowS;
    return { startS: endS - spanS, endS, label };
  }

  /** It is about to be visible: it is set up, fetched and drawn. */
  approach(): void {
    if (this.#isNear) return;
    this.#isNear = true;
    if (this.#face === null) {
      this.#face = new Face(this.element, {
        isLegendBeside: this.element.classList.contains('legend-beside'),
        onToggle: (name, alone) => this.#toggle(name, alone),
        hrefOf: (archive) =>
          `${this.#board.page.base}/service/${encodeURIComponent(archive)}?${formatView(this.#board.view)}`,
      });
      this.#onDrawn = this.#use.setUp(this, this.#face);
    }
    this.#sizes = new ResizeObserver(([entry]) => this.#resize(entry));
    this.#sizes.observe(this.#face.stage.plot);
    this.follow();
  }

  /** It is far away: pending fetches are cancelled, and its pixels are freed. */
  leave(): void {
    this.#isNear = false;
    this.#loading?.abort();
    this.#loading = null;
    this.#sizes?.disconnect();
    this.#board.queue.remove(this);
    this.#kept = this.#kept.slice(0, 1);
    this.#face?.close();
  }

  /** The page shows another span: known rows are drawn, missing ones are fetched. */
  follow(): void {
    if (!this.#isNear) return;
    this.#board.queue.add(this);
    if (this.#current() === undefined) this.#load();
  }

  /** There are new readings: rows that end with the newest are out of date. */
  renew(): void {
    const { view } = this.#board;
    const newestS = Math.max(0, ...this.#kept.map(({ rows }) => rows.endS));
    if ('startS' in view && this.#current() !== undefined && view.endS < newestS) return;
    // The current drawing stays until there is a better one.
    this.#kept = this.#kept.filter(({ query }) => query === this.#query()).map((data) => ({ ...data, isOld: true }));
    if (this.#isNear) this.#load();
  }

  /** Draws it: called by the queue. */
  draw(): void {
    if (this.#isNear) this.#draw();
  }

  /** Draws it at once for paper, even if it was freed: as far as its rows are known. */
  drawForPrint(): void {
    this.#draw();
    this.#face?.writeWords();
  }

  /** Draws it for the screen again, or frees it again. */
  drawForScreen(): void {
    if (this.#isNear) this.#board.queue.add(this);
    else this.#face?.close();
  }

  #draw(): void {
    const { width, height } = this.#sizePx;
    if (this.#face === null || width === 0 || height === 0) return;
    const { span } = this;
    const current = this.#board.preview === null ? this.#current() : undefined;
    const data = current ?? bestFor(this.#kept, span) ?? this.#kept[0];
    if (data === undefined) return;
    const { page } = this.#board;
    this.#face.draw(data, {
      timeZone: page.timeZone,
      // The bar of the page says what it is a page of; a picture has to say so itself.
      note: null,
      theme: this.#board.theme,
      sizePx: this.#sizePx,
      pixelRatio: devicePixelRatio,
      tile: this.spec.isTile,
      isShare: this.spec.isShare,
      isLoading: current === undefined,
      hidden: this.#hidden,
      span,
    });
  }

  /** Writes the words of the drawing: called by the queue. A gesture in progress is described once it has settled. */
  writeWords(): void {
    if (!this.#isNear) return;
    if (this.#board.preview === null) this.#face?.writeWords();
    this.#onDrawn();
  }

  /** Points its downloads to the shown span. */
  carry(): void {
    for (const link of this.element.querySelectorAll<HTMLAnchorElement>('.downloads a, a.of, .legend a')) {
      link.href = withCompared(withDownload(link.getAttribute('href') ?? '', this.#board.view), this.#ago);
    }
  }

  /** The earlier span behind this graph. */
  get #ago(): Ago | null {
    return this.spec.kind === 'graph' && !this.spec.isTile ? this.#board.ago : null;
  }

  #query(): string {
    return `${formatView(this.#board.view)} ${this.#ago ?? ''}`;
  }

  #current(): LiveData | undefined {
    const query = this.#query();
    return this.#kept.find((data) => data.query === query && !data.isOld);
  }

  get #hidden(): ReadonlySet<string> {
    return this.#board.choices.hidden.get(this.key) ?? new Set();
  }

  #toggle(name: string, alone: boolean): void {
    const names =
      this.#face?.picture?.legend.rows.filter(({ style }) => style.fill !== '').map((row) => row.name) ?? [];
    const others = names.filter((other) => other !== name);
    const isAlone = !this.#hidden.has(name) && others.every((other) => this.#hidden.has(other));
    const hidden = new Set(alone ? (isAlone ? [] : others) : this.#hidden);
    if (!alone && !hidden.delete(name)) hidden.add(name);
    this.#use.onHide(this.key, hidden);
    this.#board.queue.add(this);
  }

  async #load(): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    const { view, page, loader } = this.#board;
    // Reading a width makes the page lay itself out: once is enough, since most figures have the same width.
    this.#board.plotPx ||= this.#face?.stage.plot.clientWidth ?? 0;
    const cssPx = this.#sizePx.width || this.#board.plotPx || 380;
    const widthPx = Math.max(100, Math.round((cssPx - 60) * devicePixelRatio));
    try {
      const query = this.#query();
      const url = liveUrl(page.base, this.spec, { view, widthPx, ago: this.#ago, zone: page.chosenZone });
      const body = await loader.load(url, loading.signal);
      const { data, looks } = withPageLooks(parseLive(body, query), this.#board.looks);
      this.#board.looks = looks;
      const others = this.#kept.filter(({ query, isOld }) => query !== data.query && !isOld);
      this.#kept = [data, ...others].slice(0, maxKept);
      this.#face?.trouble(null);
      this.#board.queue.add(this);
    } catch (error) {
      // The end of the chain of errors: the message appears where the graph would be.
      if (!loading.signal.aborted) this.#face?.trouble(error instanceof Error ? error.message : String(error));
    }
  }

  #resize(entry: ResizeObserverEntry | undefined): void {
    if (entry === undefined) return;
    const { width, height } = entry.contentRect;
    this.#sizePx = { width: Math.floor(width), height: Math.floor(height) };
    this.#board.queue.add(this);
  }
}
