// The viewer in the browser: turns the figures of a page into live graphs that share one span and one crosshair. Wires the
// parts; what each does is in its own file.

import type { Board, Gestures, PlotUse } from './graph/board.js';
import { Crosshair } from './graph/crosshair.js';
import { DrawQueue } from './graph/draw-queue.js';
import type { Face } from './graph/face.js';
import { GraphFigure } from './graph/figure.js';
import { Loader } from './graph/loader.js';
import { Visibility } from './graph/visibility.js';
import { copyFigures, copyText } from './input/copy.js';
import { listenToPageKeys } from './input/page-keys.js';
import { listenToPlotKeys } from './input/plot-keys.js';
import { listenToPointer } from './input/pointer.js';
import { Address } from './page/address.js';
import { forEachArrival } from './page/arrivals.js';
import { parseChoices } from './page/choices.js';
import { element, setText } from './page/element.js';
import { addFillButton, fillWindow } from './page/full-window.js';
import { fillScreen } from './page/kiosk.js';
import { mergePage } from './page/merge.js';
import { watchMore, watchOrder } from './page/order.js';
import { readPage, themeInForce } from './page/page.js';
import { watchPrint } from './page/print.js';
import { StatusWatch } from './page/status.js';
import { setUpCompare } from './page/switch/compare.js';
import { setUpThemeSwitch } from './page/switch/theme-switch.js';
import { setUpZoneSwitch } from './page/switch/zone-switch.js';
import { boundedRange, formatView, type Range, type View, viewLabel, zoomed } from './page/view.js';

const page = readPage(document.body);
const board: Board = {
  page,
  loader: new Loader(),
  queue: new DrawQueue(),
  view: page.view,
  preview: null,
  lastS: page.lastS,
  theme: themeInForce(),
  ago: null,
  looks: new Map(),
  plotPx: 0,
  choices: parseChoices(location.search),
};
const figures = new Map<Element, GraphFigure>();
const visibility = new Visibility();
const crosshair = new Crosshair(() => figures.values());
const address = new Address(page.view, goTo, reset);
const spoken = element('div', { class: 'unseen', 'aria-live': 'polite' });

const gestures: Gestures = {
  onPoint: (timeS) => crosshair.moveTo(timeS),
  onSelect: (range) => crosshair.select(range),
  onPreview: (range) => {
    board.preview = range === null ? null : boundedRange(range, newestS(), page.retention);
    redraw();
  },
  onZoom: zoom,
  onBack: back,
  onReset: reset,
  onHide: (key, names) => {
    board.choices = { ...board.choices, hidden: new Map([...board.choices.hidden, [key, names]]) };
    address.keep(board.choices);
  },
};

function zoom(range: Range): void {
  const view = boundedRange(range, newestS(), page.retention);
  board.preview = null;
  if (formatView(view) !== formatView(board.view)) address.push(view);
  show(view);
}

function back(): void {
  if (address.canGoBack) history.back();
  else if (board.choices.full !== null) fill(null);
  else if ('startS' in board.view) zoom(zoomed(board.view, 2, (board.view.startS + board.view.endS) / 2));
}

function reset(): void {
  const first: View = 'startS' in page.view ? { period: 'day' } : page.view;
  if (formatView(first) === formatView(board.view)) return;
  address.push(first);
  show(first);
}

/** Goes to a step of the history: hidden series stay hidden. */
function goTo(view: View): void {
  board.choices = { ...board.choices, full: parseChoices(location.search).full };
  address.keep(board.choices);
  fillWindow(fullFigure());
  show(view);
}

function fill(full: string | null): void {
  board.choices = { ...board.choices, full };
  address.keep(board.choices, true);
  fillWindow(fullFigure());
}

function fullFigure(): HTMLElement | null {
  const { full } = board.choices;
  return full === null ? null : ([...figures.values()].find(({ key }) => key === full)?.element ?? null);
}

/** The figure that the reader means: that with the mouse, or with the focus. */
function meantFigure(): GraphFigure | undefined {
  const all = [...figures.values()];
  return (
    all.find(({ face }) => face !== null && face.rest !== null) ??
    all.find(({ element: root }) => root.contains(document.activeElement))
  );
}

function toggleFill(figure: GraphFigure | undefined): void {
  if (board.choices.full !== null) fill(null);
  else if (figure !== undefined) fill(figure.key);
}

async function copyValues(): Promise<void> {
  const text = crosshair.timeS === null ? '' : (meantFigure()?.face?.valuesAt(crosshair.timeS) ?? '');
  if (text !== '' && (await copyText(text))) setText(spoken, `copied: ${text}`);
}

function show(view: View): void {
  board.view = view;
  board.preview = null;
  address.carry(view, viewLabel(view, page.timeZone));
  for (const figure of figures.values()) {
    figure.carry();
    figure.follow();
  }
}

function redraw(): void {
  for (const figure of figures.values()) if (figure.isNear) board.queue.add(figure);
}

function newestS(): number {
  return board.lastS ?? Math.floor(Date.now() / 1000);
}

function attachListeners(figure: GraphFigure, face: Face): () => void {
  if (page.isKiosk) return () => {};
  const use: PlotUse = { ...gestures, span: () => figure.span };
  const pointAgain = listenToPointer(face, board, use);
  copyFigures(face.stage.legend, (text) => setText(spoken, `copied: ${text}`));
  listenToPlotKeys(face, {
    ...use,
    timeS: () => crosshair.timeS,
    say: (text) => text !== '' && setText(spoken, text),
  });
  figure.carry();
  return () => {
    pointAgain();
    crosshair.refresh();
  };
}

function add(root: HTMLElement): void {
  const figure = new GraphFigure(root, board, { setUp: attachListeners, onHide: gestures.onHide });
  figures.set(root, figure);
  if (!page.isKiosk) addFillButton(root, () => toggleFill(figure));
  if (figure.key === board.choices.full) fillWindow(root);
  visibility.add(figure);
}

function remove(root: HTMLElement): void {
  const figure = figures.get(root);
  if (figure !== undefined) visibility.remove(figure);
  figures.delete(root);
}

const compare = setUpCompare(document.getElementById('compare'), (ago) => {
  board.ago = ago;
  show(board.view);
});
board.ago = compare.ago;
watchOrder();
watchMore();
setUpZoneSwitch(document.getElementById('zone'), page.base);
address.keep(board.choices);
const nextTheme = setUpThemeSwitch(document.getElementById('theme'), () => {
  board.theme = themeInForce();
  redraw();
});
if (!page.isKiosk) {
  listenToPageKeys({
    onTheme: nextTheme,
    onCompare: compare.toggle,
    onBack: back,
    onReset: reset,
    onFill: () => toggleFill(meantFigure()),
    onCopy: () => void copyValues(),
  });
}
watchPrint((isPrinted) => {
  board.theme = isPrinted ? 'light' : themeInForce();
  for (const figure of figures.values()) {
    if (isPrinted) figure.drawForPrint();
    else figure.drawForScreen();
  }
});
document.body.append(spoken);
// The number of columns of a wall depends on all of its figures.
if (page.isKiosk) forEachArrival(() => {}, setUpWall);
else forEachArrival(add, keepUpToDate);

function setUpWall(): void {
  const graphs = document.querySelector<HTMLElement>('.graphs');
  // Nobody is at a wall whom loading it again would disturb.
  if (graphs !== null) fillScreen(graphs, () => location.reload());
  for (const root of document.querySelectorAll<HTMLElement>('figure.graph')) add(root);
  keepUpToDate();
}

function keepUpToDate(): void {
  new StatusWatch(page, (lastS) => {
    board.lastS = lastS;
    for (const figure of figures.values()) figure.renew();
    void mergePage({ onAdded: add, onRemoved: remove });
  });
}
