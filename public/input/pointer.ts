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

/** Listens to the pointer on a graph. */
export function listenToPointer(face: Face, board: Board, gestures: PlotUse): void {
  const { canvas } = face.stage;
  let press: Press | null = null;
  let wheelTimer = 0;
  let openTimer = 0;
  let tapped: string | null = null;
  let isOpening = false;
  const fingers = new Map<number, number>();
  const timeOf = (x: number) => (face.picture === null ? 0 : timeAt(face.picture, x));
  const range = (fromX: number, toX: number): Range => ({
    startS: timeOf(Math.min(fromX, toX)),
    endS: timeOf(Math.max(fromX, toX)),
  });
  const fingersRange = () => range(Math.min(...fingers.values()), Math.max(...fingers.values()));

  canvas.addEventListener('pointerdown', ({ offsetX: x, offsetY: y, pointerId: id, pointerType, button, shiftKey }) => {
    if (button !== 0 || face.picture === null) return;
    const { startS, endS } = gestures.span();
    if (pointerType === 'touch') fingers.set(id, x);
    clearTimeout(press?.timer);
    press = { x, y, id, shown: { startS, endS }, doing: shiftKey ? 'panning' : 'nothing', timer: 0 };
    if (fingers.size === 2) press.doing = 'marking';
    else if (pointerType === 'touch') {
      const pressed = press;
      press.timer = setTimeout(() => {
        pressed.doing = 'marking';
        gestures.onSelect(range(x - 1, x + 1));
      }, longPressMs);
    }
    if (pointerType !== 'touch') canvas.setPointerCapture(id);
    gestures.onPoint(timeOf(x));
  });

  canvas.addEventListener('pointermove', ({ offsetX: x, offsetY: y, pointerId: id, pointerType, buttons }) => {
    if (fingers.has(id)) fingers.set(id, x);
    gestures.onPoint(timeOf(x));
    if (press === null || buttons === 0) {
      if (pointerType !== 'touch') face.hover(timeOf(x), y);
      return;
    }
    const movedPx = Math.hypot(x - press.x, y - press.y);
    if (movedPx > dragPx && pointerType === 'touch' && press.doing === 'nothing') clearTimeout(press.timer);
    if (movedPx > dragPx && pointerType !== 'touch' && press.doing === 'nothing') press.doing = 'marking';
    if (press.doing === 'marking') gestures.onSelect(fingers.size === 2 ? fingersRange() : range(press.x, x));
    if (press.doing === 'panning' && face.picture !== null) {
      const { plot } = face.picture;
      gestures.onPreview(panned(press.shown, (press.x - x) / (plot.right - plot.left)));
    }
  });

  canvas.addEventListener('pointerup', ({ offsetX: x, offsetY: y, pointerId: id, pointerType, ctrlKey, metaKey }) => {
    if (press === null) return;
    clearTimeout(press.timer);
    const marked = fingers.size === 2 ? fingersRange() : range(press.x, x);
    const isWide = fingers.size === 2 || Math.abs(x - press.x) > dragPx;
    const { doing } = press;
    press = null;
    fingers.clear();
    canvas.releasePointerCapture(id);
    gestures.onSelect(null);
    if (doing === 'marking' && isWide) gestures.onZoom(marked);
    else if (doing === 'panning' && board.preview !== null) gestures.onZoom(board.preview);
    else if (doing === 'nothing' && pointerType === 'touch') {
      // A finger covers its target: the first tap names the band, the second opens it.
      const archive = face.hover(timeOf(x), y, 'tap again to open')?.part.archive ?? null;
      isOpening = archive !== null && archive === tapped;
      tapped = archive;
      if (archive !== null && isOpening) face.open(archive, false);
    } else if (doing === 'nothing') {
      const archive = face.hover(timeOf(x), y)?.part.archive;
      clearTimeout(openTimer);
      // A double click has another meaning.
      if (archive) openTimer = setTimeout(() => face.open(archive, ctrlKey || metaKey), doubleClickMs);
    }
  });

  canvas.addEventListener('pointercancel', ({ pointerId }) => {
    fingers.delete(pointerId);
    clearTimeout(press?.timer);
    press = null;
    gestures.onSelect(null);
    gestures.onPreview(null);
  });

  canvas.addEventListener('pointerleave', ({ pointerType }) => {
    if (press !== null || pointerType === 'touch') return;
    face.leave();
    gestures.onPoint(null);
  });

  // A finger that marks must not scroll; only a non-passive listener can prevent that.
  const hold = (event: TouchEvent) => {
    if (press?.doing === 'marking' && event.cancelable) event.preventDefault();
  };
  canvas.addEventListener('touchmove', hold, { passive: false });
  canvas.addEventListener('contextmenu', (event) => {
    if (fingers.size > 0) event.preventDefault();
  });
  canvas.addEventListener('dblclick', () => {
    clearTimeout(openTimer);
    if (!isOpening) gestures.onBack();
  });

  canvas.addEventListener(
    'wheel',
    (event) => {
      const byPx = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
      if (Math.abs(byPx) <= Math.abs(event.shiftKey ? 0 : event.deltaY) || face.picture === null) return;
      event.preventDefault();
      const { plot } = face.picture;
      gestures.onPreview(panned(gestures.span(), byPx / (plot.right - plot.left)));
      clearTimeout(wheelTimer);
      wheelTimer = setTimeout(() => board.preview !== null && gestures.onZoom(board.preview), wheelRestMs);
    },
    { passive: false },
  );
}
