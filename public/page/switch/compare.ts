// The button that shows the lines of an earlier span behind the graphs of a page, and hides them; the address remembers the choice.

import { type Ago, agos, comparisons } from '../../../src/render/define/comparison.js';

/** Whether `compare` is in an address: only pictures are drawn with it. */
const picture = /^[^?#]*\.png(?=[?#]|$)/;

/** The earlier span that an address asks for on a page that can compare; the first of them if it asks for none. */
export function agoIn(search: string): Ago | null {
  const text = new URLSearchParams(search).get('compare');
  return text === 'none' ? null : (agos.find((ago) => ago === text) ?? agos[0] ?? null);
}

/** The address of a download with an earlier span, if it is a picture. */
export function withCompared(address: string, ago: Ago | null): string {
  if (!picture.test(address)) return address;
  const [path = '', query = ''] = address.split('?');
  const parameters = new URLSearchParams(query);
  parameters.delete('compare');
  if (ago !== null) parameters.set('compare', ago);
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

/**
 * Sets up the button of a page, if it has one. `onChange` receives the earlier span whenever the reader shows or hides it. Returns the one
 * to begin with, and what toggles it.
 */
export function setUpCompare(
  button: HTMLElement | null,
  onChange: (ago: Ago | null) => void,
): { readonly ago: Ago | null; readonly toggle: () => void } {
  if (button === null) return { ago: null, toggle: () => {} };
  const first = agoIn(location.search);
  const usual = first ?? agos[0] ?? '1w';
  let shown = first;
  const write = (): void => {
    button.setAttribute('aria-pressed', String(shown !== null));
    button.textContent = `with ${comparisons[usual].name}`;
  };
  const toggle = (): void => {
    shown = shown === null ? usual : null;
    write();
    const parameters = new URLSearchParams(location.search);
    parameters.set('compare', shown ?? 'none');
    history.replaceState(history.state, '', `${location.pathname}?${parameters}${location.hash}`);
    onChange(shown);
  };
  button.addEventListener('click', toggle);
  write();
  return { ago: first, toggle };
}
