// The visible part of one graph: canvas, legend, words. Drawn from rows, and pointed at.

import type { EventMark } from '../../src/render/define/graph-request.js';
import type { Picture } from '../../src/render/define/picture.js';
import { formatLocal } from '../../src/render/look/local-time.js';
import { formatFigure, noFigure } from '../../src/render/look/si-format.js';
import { markNear } from '../../src/render/series/mark.js';
import { element, setAttribute, setText } from '../page/element.js';
import type { Range } from '../page/view.js';
import { CanvasHost } from './canvas-host.js';
import { Legend } from './legend.js';
import { type LiveData, type Looks, pictureOfLive } from './live-data.js';
import { type Band, bandAt, readingsAt, type StackView } from './readings.js';
import { placeCursor, placeSelection, placeTip, type Stage, setUpStage, valueAt } from './stage.js';
import { describe, formatMarkAt, formatMoment } from './words.js';

/** Further uses of a face: it switches a series, and knows the page of a service. */
export interface FaceUse {
  /** The legend stands beside the plot, where it is one table. */
  readonly isLegendBeside: boolean;
  readonly onToggle: (name: string, alone: boolean) => void;
  readonly hrefOf: (archive: string) => string;
}

/** The last picture drawn. */
interface LastPicture {
  readonly data: LiveData;
  readonly looks: Looks;
  readonly picture: Picture;
}

/** The visible part of a figure. */
export class Face {
  readonly stage: Stage;
  /** The place on it where a mouse rests; null if there is none. */
  rest: { readonly x: number; readonly y: number } | null = null;
  readonly #figure: HTMLElement;
  readonly #host: CanvasHost;
  readonly #legend: Legend;
  readonly #use: FaceUse;
  #drawn: LastPicture | null = null;
  #pointed = '';

  constructor(figure: HTMLElement, use: FaceUse) {
    const root = figure.querySelector<HTMLElement>('.stage') ?? figure.appendChild(element('div', { class: 'stage' }));
    const label = figure.querySelector('figcaption')?.textContent?.trim().replace(/\s+/g, ' ') ?? 'Graph';
    this.stage = setUpStage(root, label);
    this.#figure = figure;
    this.#use = use;
    this.#host = new CanvasHost(this.stage.canvas);
    this.#legend = new Legend(this.stage.legend, use.isLegendBeside);
  }

  /** The visible picture; null before there is any. */
  get picture(): Picture | null {
    return this.#drawn?.picture ?? null;
  }

  /** Draws rows on the canvas; `tell` writes the words. */
  draw(data: LiveData, looks: Looks): void {
    const picture = pictureOfLive(data, looks);
    this.#drawn = { data, looks, picture };
    this.#host.draw(picture);
  }

  /** Writes the words and figures of the last picture. */
  writeWords(): void {
    if (this.#drawn === null) return;
    const { data, looks, picture } = this.#drawn;
    this.#updateLegend(data, looks, picture);
    const isNothing = picture.sentence === null && picture.layers.length === 0 && (picture.heat?.rows ?? 0) === 0;
    this.stage.nothing.hidden = !isNothing;
    setText(this.stage.foot, picture.footer);
    setAttribute(this.stage.canvas, 'aria-label', describe(picture, looks.timeZone));
    const shows = this.#figure.querySelector('.shows');
    if (shows !== null) {
      setText(shows, picture.heading.shows);
      setAttribute(shows, 'title', picture.heading.shows);
    }
    this.#figure.classList.add('drawn');
    this.#pointed = '';
  }

  #updateLegend(data: LiveData, looks: Looks, picture: Picture): void {
    // While everything is still loading, the figures stay as they are.
    if (looks.isLoading && picture.sentence !== null) return;
    this.#legend.update(picture, {
      hidden: looks.hidden ?? new Set(),
      hrefOf: (row) => {
        const archive = data.kind === 'stack' ? data.stack.parts[row]?.archive : undefined;
        return archive ? this.#use.hrefOf(archive) : null;
      },
      onToggle: this.#use.onToggle,
    });
  }

  /** Points at a time: shows the crosshair and its values; null hides them. Returns the values in words. */
  point(time: number | null): string {
    const drawn = this.#drawn;
    if (drawn === null) return '';
    const { startS, endS } = drawn.picture.span;
    const timeS = time !== null && time >= startS && time <= endS ? time : null;
    placeCursor(this.stage, drawn.picture, timeS);
    const readings = timeS === null ? null : readingsAt(drawn.data, timeS, stackView(drawn));
    const mark = timeS === null ? null : pointedMark(drawn.picture, timeS);
    const key = readings === null ? 'none' : `${readings.startS} ${mark?.timeS ?? ''}`;
    if (key === this.#pointed) return '';
    this.#pointed = key;
    if (readings === null) {
      this.#legend.point('', []);
      return '';
    }
    const moment = formatMoment(drawn.looks.timeZone, readings);
    const texts = readings.values.map((values) => formatValues(values, drawn.looks.isShare));
    this.#legend.point([moment, readings.labels.join(' / ')].join(' ').trim(), texts);
    const { rows } = drawn.picture.legend;
    const values = rows.map(({ name }, row) => `${name} ${texts[row] === noFigure ? 'unknown' : texts[row]}`);
    const happened = mark === null ? '' : `; ${formatMarkAt(drawn.looks.timeZone, mark)}`;
    return `${moment}: ${values.join(', ')}${happened}`;
  }

  /** The values at a time in one line, to be copied; '' if there are none. */
  valuesAt(timeS: number): string {
    const drawn = this.#drawn;
    const readings = drawn === null ? null : readingsAt(drawn.data, timeS, stackView(drawn));
    if (drawn === null || readings === null) return '';
    const { heading, legend } = drawn.picture;
    const kind = heading.shows.replace(/ · .*$/, '');
    const values = legend.rows.map(({ name }, row) => {
      return `${name} ${formatValues(readings.values[row] ?? [], drawn.looks.isShare)}`;
    });
    return `${heading.endpoint} ${kind}, ${formatLocal(drawn.looks.timeZone, readings.endS)}: ${values.join(', ')}`;
  }

  /** Shows the words under the pointer: the time, and for a stack the band, with how to open it. Returns the band. */
  hover(timeS: number, y: number, howToOpen = ''): Band | null {
    const drawn = this.#drawn;
    if (drawn === null) return null;
    const band = bandAt(drawn.data, { timeS, value: valueAt(drawn.picture, y) }, stackView(drawn));
    const readings = readingsAt(drawn.data, timeS, stackView(drawn));
    const time = readings === null ? '' : formatMoment(drawn.looks.timeZone, readings);
    const words = [time, band?.part.archive ? howToOpen : ''].filter((part) => part !== '').join(' · ');
    const text =
      band === null ? words : `${band.part.name}  ${formatValue(band.value, drawn.looks.isShare)} · ${words}`;
    const mark = pointedMark(drawn.picture, timeS);
    const happened = mark === null ? [] : [formatMarkAt(drawn.looks.timeZone, mark)];
    placeTip(this.stage, drawn.picture, { timeS, text: [text, ...happened].filter((line) => line !== '').join('\n') });
    this.stage.canvas.classList.toggle('opens', Boolean(band?.part.archive));
    return band;
  }

  /** The pointer is no longer of importance: removes the words of `hover`. */
  leave(): void {
    this.rest = null;
    this.stage.tip.hidden = true;
  }

  /** Goes to the page of a service; `aside`: in another tab. */
  open(archive: string, aside: boolean): void {
    const href = this.#use.hrefOf(archive);
    if (aside) window.open(href, '_blank', 'noopener');
    else location.assign(href);
  }

  /** Marks a range that is being selected. */
  select(range: Range | null): void {
    if (this.#drawn !== null) placeSelection(this.stage, this.#drawn.picture, range);
  }

  /** Shows why there is nothing new to see; null: all is well. */
  trouble(text: string | null): void {
    this.stage.trouble.hidden = text === null;
    setText(
      this.stage.trouble,
      text === null ? '' : `Could not load: ${text}. It will be tried again with the next reading.`,
    );
  }

  /** Frees the canvas; there may be thousands. */
  close(): void {
    this.#host.close();
  }
}

/** The distance within which a finger or an arrow key hits a mark. */
const reachPx = 7;

/** The mark at the pointer; null if there is none. */
function pointedMark({ marks, plot, span }: Picture, timeS: number): EventMark | null {
  return markNear(marks, timeS, (reachPx * (span.endS - span.startS)) / (plot.right - plot.left));
}

function stackView({ looks }: LastPicture): StackView {
  return { hidden: looks.hidden ?? new Set(), isShare: looks.isShare };
}

function formatValues(values: readonly number[], isShare: boolean): string {
  return values.every(Number.isNaN) ? noFigure : values.map((value) => formatValue(value, isShare)).join(' / ');
}

function formatValue(value: number, isShare: boolean): string {
  return isShare && !Number.isNaN(value) ? `${value.toFixed(value < 9.95 ? 1 : 0)} %` : formatFigure(value);
}
