// One graph in the whole window, below the bar. The rest of the page keeps its place behind it, and cannot be reached.

import { setAttribute, setText } from './element.js';

/** Adds the button that lets a graph fill the window. */
export function addFillButton(figure: HTMLElement, onFill: () => void): void {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'fill';
  button.addEventListener('click', onFill);
  figure.querySelector('.downloads')?.prepend(button);
  nameButton(figure);
}

/** Lets a figure fill the window; null: none does. */
export function fillWindow(figure: HTMLElement | null): void {
  for (const inert of document.querySelectorAll<HTMLElement>('[data-behind]')) {
    inert.inert = false;
    delete inert.dataset['behind'];
  }
  for (const other of document.querySelectorAll<HTMLElement>('figure.full')) {
    other.classList.remove('full');
    nameButton(other);
  }
  document.body.classList.toggle('filled', figure !== null);
  if (figure === null) return;
  figure.classList.add('full');
  nameButton(figure);
  putBehind(figure);
  const bar = document.querySelector<HTMLElement>('.bar');
  document.body.style.setProperty('--bar', `${bar?.offsetHeight ?? 0}px`);
}

function nameButton(figure: HTMLElement): void {
  const button = figure.querySelector('button.fill');
  if (button === null) return;
  const isFull = figure.classList.contains('full');
  setText(button, isFull ? 'back to the page' : 'enlarge');
  setAttribute(button, 'title', isFull ? 'Back to the page (Esc)' : 'Fill the window with this graph (f)');
}

/** Everything beside a figure, but not the bar and what reports to the reader. */
function putBehind(figure: HTMLElement): void {
  for (let one: Element | null = figure; one !== null && one !== document.body; one = one.parentElement) {
    for (const other of one.parentElement?.children ?? []) {
      if (other === one || !(other instanceof HTMLElement) || other.inert) continue;
      if (other.matches('.bar, #alarm, script, dialog, [aria-live]')) continue;
      other.inert = true;
      other.dataset['behind'] = '';
    }
  }
}
