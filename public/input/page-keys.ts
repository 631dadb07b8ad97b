// The keyboard on the whole page, and the help that lists its keys.

import { element } from '../page/element.js';
import { openBar } from '../page/order.js';

/** Actions of keys that are not links or buttons of the page. */
export interface PageKeysUse {
  readonly onTheme: () => void;
  readonly onCompare: () => void;
  readonly onBack: () => void;
  readonly onReset: () => void;
  /** Lets the graph with the pointer or the focus fill the window, or not any more. */
  readonly onFill: () => void;
  /** Copies the values at the crosshair. */
  readonly onCopy: () => void;
}

const keys: readonly (readonly [string, string])[] = [
  ['/', 'search'],
  ['1 2 3 4', 'day, week, month, year'],
  ['t', 'switch the theme: system, light, dark'],
  ['w', 'on the page of a service: show or hide a week ago'],
  ['Tab', 'go to the next graph, link or button'],
  ['← →', 'on a graph: move the crosshair (Page Up, Page Down: further; Home, End)'],
  ['+ −', 'on a graph: zoom in and out around the crosshair'],
  ['Shift ← →', 'on a graph: pan to earlier or later times'],
  ['Enter, Space', 'in a legend: show or hide a series (with Shift: show only this one)'],
  ['f', 'fill the window with the graph under the pointer, or go back to the page'],
  ['c', 'copy the values at the crosshair'],
  ['Esc', 'one step back: out of the zoom, back to the page'],
  ['0', 'back to the original time range'],
  ['?', 'show this help'],
];

const pointers: readonly (readonly [string, string])[] = [
  ['drag', 'zoom in on all graphs'],
  ['click a figure', 'copy it'],
  ['Shift + drag', 'pan to earlier or later times (or scroll sideways)'],
  ['double click', 'one step back, out of the zoom'],
  ['tap, and tap again', 'on a touch screen: name a band of a stack, then open it'],
  ['long press, two fingers', 'zoom in on a touch screen'],
];

const marks: readonly (readonly [string, string])[] = [
  ['▲', 'counters restarted, or the clock was set'],
  ['◆', 'a service or server was added or removed'],
  ['□', 'a setting changed'],
  ['×', 'no data: cycles were missed or failed'],
];

/** Listens to keys, and lets the button in the bar open the help. */
export function listenToPageKeys(use: PageKeysUse): void {
  const help = helpDialog();
  document.body.append(help);
  document.querySelector('button.help')?.addEventListener('click', () => help.showModal());
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && event.target instanceof HTMLInputElement) {
      event.target.blur();
      event.preventDefault();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || help.open) return;
    if (act(event.key, { ...use, help })) event.preventDefault();
  });
}

function act(key: string, { help, ...use }: PageKeysUse & { help: HTMLDialogElement }): boolean {
  if (/^[1-4]$/.test(key)) {
    const link = document.querySelector<HTMLAnchorElement>(`.periods a[data-key="${key}"]`);
    link?.click();
    return link !== null;
  }
  if (key === '/') {
    const search = document.querySelector<HTMLInputElement>('.search input[type=search]');
    openBar();
    search?.focus();
    search?.select();
    return search !== null;
  }
  if (key === 't') use.onTheme();
  else if (key === 'w') use.onCompare();
  else if (key === '?') help.showModal();
  else if (key === 'Escape') use.onBack();
  else if (key === '0') use.onReset();
  else if (key === 'f') use.onFill();
  else if (key === 'c') use.onCopy();
  else return false;
  return true;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, select, textarea, [contenteditable]') !== null;
}

function helpDialog(): HTMLDialogElement {
  const list = (entries: typeof keys) =>
    element(
      'dl',
      {},
      ...entries.flatMap(([key, does]) => [element('dt', {}, element('kbd', {}, key)), element('dd', {}, does)]),
    );
  const close = element('form', { method: 'dialog' }, element('button', {}, 'Close'));
  const title = element('h2', { id: 'keys' }, 'Keyboard');
  return element(
    'dialog',
    { class: 'help', 'aria-labelledby': 'keys' },
    title,
    list(keys),
    element('h2', {}, 'Mouse and touch'),
    list(pointers),
    element('h2', {}, 'Symbols below a graph'),
    list(marks),
    close,
  );
}
