// The content of a figure's stage: the canvas, its overlays (crosshair, selection, a word at the pointer), the legend and the
// footer. Knows where things are, not what they mean.

import type { Picture } from '../../src/render/define/picture.js';
import { element, setText } from '../page/element.js';
import type { Range } from '../page/view.js';

/** The elements of a stage. */
export interface Stage {
  readonly plot: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly cursor: HTMLElement;
  readonly selection: HTMLElement;
  readonly tip: HTMLElement;
  readonly trouble: HTMLElement;
  /** Says that nothing is visible because everything is switched off. */
  readonly nothing: HTMLElement;
  readonly legend: HTMLElement;
  readonly foot: HTMLElement;
}

/** Fills a stage. */
export function setUpStage(root: HTMLElement, label: string): Stage {
  const canvas = element('canvas', { class: 'blank', role: 'img', tabindex: '0', 'aria-label': `${label}: loading` });
  const cursor = element('div', { class: 'cursor', hidden: '' });
  const selection = element('div', { class: 'selection', hidden: '' });
  const tip = element('div', { class: 'tip', hidden: '' });
  const trouble = element('p', { class: 'trouble', hidden: '' });
  const nothing = element('p', { class: 'nothing', hidden: '' }, 'All series are hidden.');
  const plot = element('div', { class: 'plot' }, canvas, nothing, selection, cursor, tip, trouble);
  const legend = element('div', { class: 'legends' });
  const foot = element('p', { class: 'foot' });
  root.replaceChildren(plot, legend, foot);
  return { plot, canvas, cursor, selection, tip, trouble, nothing, legend, foot };
}

/** The position of a time on a picture, in CSS pixels from its left. */
function xOf({ plot, span }: Picture, timeS: number): number {
  return plot.left + ((timeS - span.startS) / (span.endS - span.startS)) * (plot.right - plot.left);
}

/** The time at a position of a picture, limited to its span. */
export function timeAt({ plot, span }: Picture, x: number): number {
  const part = Math.min(1, Math.max(0, (x - plot.left) / (plot.right - plot.left)));
  return span.startS + part * (span.endS - span.startS);
}

/** The value of the axis at a height of a picture. */
export function valueAt({ plot, valueAxis }: Picture, y: number): number {
  const part = (plot.bottom - y) / (plot.bottom - plot.top);
  return valueAxis.minimum + part * (valueAxis.maximum - valueAxis.minimum);
}

/** Puts the crosshair at a time; null hides it. */
export function placeCursor({ cursor }: Stage, picture: Picture, timeS: number | null): void {
  const { plot } = picture;
  cursor.hidden = timeS === null;
  if (timeS === null) return;
  cursor.style.transform = `translate(${Math.round(xOf(picture, timeS))}px, ${plot.top}px)`;
  cursor.style.height = `${plot.bottom - plot.top}px`;
}

/** Marks a range that is being selected; null removes the mark. */
export function placeSelection({ selection }: Stage, picture: Picture, range: Range | null): void {
  selection.hidden = range === null;
  if (range === null) return;
  const { plot } = picture;
  const left = Math.max(plot.left, xOf(picture, range.startS));
  const right = Math.min(plot.right, xOf(picture, range.endS));
  selection.style.transform = `translate(${left}px, ${plot.top}px)`;
  selection.style.width = `${Math.max(0, right - left)}px`;
  selection.style.height = `${plot.bottom - plot.top}px`;
}

/** Between the crosshair and the words beside it, and between these and the edge of the card. */
const tipApartPx = 7;

/** Writes a word beside the crosshair; '' removes it. */
export function placeTip(
  { tip }: Stage,
  picture: Picture,
  at: { readonly timeS: number; readonly text: string },
): void {
  tip.hidden = at.text === '';
  if (tip.hidden) return;
  setText(tip, at.text);
  const x = xOf(picture, at.timeS);
  const { width } = picture.sizePx;
  const isRight = x > width / 2;
  tip.style.maxWidth = `${Math.floor((isRight ? x : width - x) - 2 * tipApartPx)}px`;
  tip.style.transform = isRight
    ? `translate(calc(${Math.round(x) - tipApartPx + 1}px - 100%), ${picture.plot.top + 2}px)`
    : `translate(${Math.round(x) + tipApartPx}px, ${picture.plot.top + 2}px)`;
}
