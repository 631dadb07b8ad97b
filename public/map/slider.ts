// The slider of hours: shows the map of an hour once the reader rests on it.

import type { MapPage } from './map-page.js';

/** Milliseconds of rest. */
const restMs = 150;

/** Listens to the slider, also after the content was replaced. */
export function setUpSlider(main: HTMLElement, page: MapPage): void {
  let timer = 0;
  main.addEventListener('input', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.id !== 'hour') return;
    clearTimeout(timer);
    const link = main.querySelectorAll<HTMLAnchorElement>('.hours a')[Number(target.value)];
    const href = link?.getAttribute('href') ?? null;
    target.setAttribute('aria-valuetext', link?.title ?? '');
    if (href === null) return;
    timer = window.setTimeout(() => void page.show(href), restMs);
  });
}
