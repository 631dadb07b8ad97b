// The pointer on a graph. A mouse points; a drag marks a range, with Shift it pans; a sideways wheel (or one with Shift) pans;
// a double click goes back. One finger scrolls the page up and down and points when moved sideways; after a long press it marks
// a range, and so do two fingers; a tap names a band, another on it opens it.

import type { Board, PlotUse } from '../graph/board.js';
import type { Face } from '../graph/face.js';
import { timeAt } from '../graph/stage.js';
import { panned, type Range } from '../page/view.js';

const dragPx = 4;
const longPressMs = 400;
const wheelRestMs = 180;
const doubleClickMs = 220;

/** The gesture that a press has become. */
interface Press {
  readonly x: number;
  readonly y: number;
  readonly id: number;
  readonly shown: Range;
  doing: 'nothing' | 'marking' | 'panning';
  timer: number;
}

/** Listens to the pointer on a graph. Returns an action for after each drawing: a pointer at rest points at another time then. */
export function listenToPointer(face: Face, board: Board, gestures: PlotUse): () => void {
  const { canvas } = face.stage;
  const presses = new Presses(face, board, gestures);
  const wheel = new Wheel(face, board, gestures);
  canvas.addEventListener('pointerdown', (event) => presses.begin(event));
  canvas.addEventListener('pointermove', (event) => presses.move(event));
  canvas.addEventListener('pointerup', (event) => presses.end(event));
  canvas.addEventListener('pointercancel', ({ pointerId }) => presses.cancel(pointerId));
  canvas.addEventListener('pointerleave', ({ pointerType }) => {
    if (presses.isPressed || pointerType === 'touch') return;
    presses.leave();
  });
  // A finger that marks must not scroll; only a non-passive listener can prevent that.
  const hold = (event: TouchEvent) => {
    if (presses.isMarking && event.cancelable) event.preventDefault();
  };
  canvas.addEventListener('touchmove', hold, { passive: false });
  canvas.addEventListener('contextmenu', (event) => {
    if (presses.isTouched) event.preventDefault();
  });
  canvas.addEventListener('dblclick', () => presses.goBack());
  canvas.addEventListener('wheel', (event) => wheel.turn(event), { passive: false });
  return () => presses.pointAgain();
}

/** Presses of a mouse button and of fingers, and the gestures that they become. */
class Presses {
  readonly #face: Face;
  readonly #board: Board;
  readonly #gestures: PlotUse;
  readonly #fingers = new Map<number, number>();
  readonly #bands: Bands;
  #press: Press | null = null;

  constructor(face: Face, board: Board, gestures: PlotUse) {
    this.#face = face;
    this.#board = board;
    this.#gestures = gestures;
    this.#bands = new Bands(face);
  }

  get isPressed(): boolean {
    return this.#press !== null;
  }

  get isMarking(): boolean {
    return this.#press?.doing === 'marking';
  }

  get isTouched(): boolean {
    return this.#fingers.size > 0;
  }

  begin({ offsetX: x, offsetY: y, pointerId: id, pointerType, button, shiftKey }: PointerEvent): void {
    if (button !== 0 || this.#face.picture === null) return;
    const { startS, endS } = this.#gestures.span();
    const isTouch = pointerType === 'touch';
    if (isTouch) this.#fingers.set(id, x);
    clearTimeout(this.#press?.timer);
    const press: Press = { x, y, id, shown: { startS, endS }, doing: shiftKey ? 'panning' : 'nothing', timer: 0 };
    this.#press = press;
    if (this.#fingers.size === 2) press.doing = 'marking';
    else if (isTouch) {
      press.timer = setTimeout(() => {
        press.doing = 'marking';
        this.#gestures.onSelect(rangeOf(this.#face, x - 1, x + 1));
      }, longPressMs);
    }
    if (!isTouch) this.#face.stage.canvas.setPointerCapture(id);
    this.#gestures.onPoint(timeOf(this.#face, x));
  }

  move({ offsetX: x, offsetY: y, pointerId: id, pointerType, buttons }: PointerEvent): void {
    const timeS = timeOf(this.#face, x);
    const press = this.#press;
    if (pointerType !== 'touch') this.#face.rest = { x, y };
    if (this.#fingers.has(id)) this.#fingers.set(id, x);
    this.#gestures.onPoint(timeS);
    if (press === null || buttons === 0) {
      if (pointerType !== 'touch') this.#face.hover(timeS, y);
      return;
    }
    if (Math.hypot(x - press.x, y - press.y) > dragPx && press.doing === 'nothing') {
      if (pointerType === 'touch') clearTimeout(press.timer);
      else press.doing = 'marking';
    }
    if (press.doing === 'marking') this.#gestures.onSelect(this.#marked(press, x));
    if (press.doing === 'panning' && this.#face.picture !== null) {
      const { plot } = this.#face.picture;
      this.#gestures.onPreview(panned(press.shown, (press.x - x) / (plot.right - plot.left)));
    }
  }

  end({ offsetX: x, offsetY: y, pointerId: id, pointerType, ctrlKey, metaKey }: PointerEvent): void {
    const press = this.#press;
    if (press === null) return;
    clearTimeout(press.timer);
    const marked = this.#marked(press, x);
    const isWide = this.#fingers.size === 2 || Math.abs(x - press.x) > dragPx;
    this.#press = null;
    this.#fingers.clear();
    this.#face.stage.canvas.releasePointerCapture(id);
    this.#gestures.onSelect(null);
    const { preview } = this.#board;
    // No finger is left to point at a time of the new span.
    if (press.doing === 'marking' && pointerType === 'touch') this.leave();
    if (press.doing === 'marking' && isWide) this.#gestures.onZoom(marked);
    else if (press.doing === 'panning' && preview !== null) this.#gestures.onZoom(preview);
    else if (press.doing === 'nothing' && pointerType === 'touch') this.#bands.tap(x, y);
    else if (press.doing === 'nothing') this.#bands.click(x, y, ctrlKey || metaKey);
  }

  cancel(id: number): void {
    this.#fingers.delete(id);
    clearTimeout(this.#press?.timer);
    this.#press = null;
    this.#gestures.onSelect(null);
    this.#gestures.onPreview(null);
  }

  /** Points again at what a mouse at rest is on, once the graph is drawn anew below it. */
  pointAgain(): void {
    if (this.#face.rest === null) return;
    const { x, y } = this.#face.rest;
    const timeS = timeOf(this.#face, x);
    this.#gestures.onPoint(timeS);
    if (this.#press === null) this.#face.hover(timeS, y);
  }

  /** The pointer has left. */
  leave(): void {
    this.#face.leave();
    this.#gestures.onPoint(null);
  }

  goBack(): void {
    this.#bands.stay();
    if (!this.#bands.isOpening) this.#gestures.onBack();
  }

  /** The range between two fingers, or from where the press began. */
  #marked(press: Press, x: number): Range {
    const fingers = [...this.#fingers.values()];
    return fingers.length === 2
      ? rangeOf(this.#face, Math.min(...fingers), Math.max(...fingers))
      : rangeOf(this.#face, press.x, x);
  }
}

/** Opens the archives of bands. */
class Bands {
  readonly #face: Face;
  #timer = 0;
  #tapped: string | null = null;
  #isOpening = false;

  constructor(face: Face) {
    this.#face = face;
  }

  /** Do the taps of a double click open one? */
  get isOpening(): boolean {
    return this.#isOpening;
  }

  /** A finger covers its target: the first tap names the band, the second opens it. */
  tap(x: number, y: number): void {
    const archive = this.#face.hover(timeOf(this.#face, x), y, 'tap again to open')?.part.archive ?? null;
    this.#isOpening = archive !== null && archive === this.#tapped;
    this.#tapped = archive;
    if (archive !== null && this.#isOpening) this.#face.open(archive, false);
  }

  /** A double click has another meaning. */
  click(x: number, y: number, isInNewTab: boolean): void {
    const archive = this.#face.hover(timeOf(this.#face, x), y)?.part.archive;
    clearTimeout(this.#timer);
    if (archive) this.#timer = setTimeout(() => this.#face.open(archive, isInNewTab), doubleClickMs);
  }

  /** The click was the first half of a double click. */
  stay(): void {
    clearTimeout(this.#timer);
  }
}

/** Pans with a sideways wheel, and zooms once it rests. */
class Wheel {
  readonly #face: Face;
  readonly #board: Board;
  readonly #gestures: PlotUse;
  #timer = 0;

  constructor(face: Face, board: Board, gestures: PlotUse) {
    this.#face = face;
    this.#board = board;
    this.#gestures = gestures;
  }

  turn(event: WheelEvent): void {
    const { picture } = this.#face;
    const byPx = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
    if (Math.abs(byPx) <= Math.abs(event.shiftKey ? 0 : event.deltaY) || picture === null) return;
    event.preventDefault();
    this.#gestures.onPreview(panned(this.#gestures.span(), byPx / (picture.plot.right - picture.plot.left)));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#board.preview !== null) this.#gestures.onZoom(this.#board.preview);
    }, wheelRestMs);
  }
}

function timeOf({ picture }: Face, x: number): number {
  return picture === null ? 0 : timeAt(picture, x);
}

function rangeOf(face: Face, fromX: number, toX: number): Range {
  return { startS: timeOf(face, Math.min(fromX, toX)), endS: timeOf(face, Math.max(fromX, toX)) };
}
