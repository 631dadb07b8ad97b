// Handles the figures of a page while it is still loading. Thousands of them keep a browser busy for a second or two: those of
// the first group are set up as soon as each has arrived; the groups after it are text at first (src/web/figure.ts), and
// unpacked when there is time.

/** Longest time that a group waits for an idle moment, in milliseconds. */
const patienceMs = 300;

/** Calls back with every complete figure of the page, in order; then calls `onEnd`. */
export function forEachArrival(onFigure: (figure: HTMLElement) => void, onEnd: () => void): void {
  const figures = document.getElementsByTagName('figure');
  let taken = 0;
  const take = (isWhole: boolean): void => {
    // The last figure so far may be incomplete.
    const there = isWhole ? figures.length : figures.length - 1;
    for (; taken < there; taken++) {
      const figure = figures[taken];
      if (figure?.classList.contains('graph')) onFigure(figure);
    }
  };
  const end = (): void => {
    take(true);
    unpackLater(() => take(true), onEnd);
  };
  if (document.readyState !== 'loading') {
    end();
    return;
  }
  const arriving = new MutationObserver(() => take(false));
  arriving.observe(document.body, { childList: true, subtree: true });
  document.addEventListener('DOMContentLoaded', () => {
    arriving.disconnect();
    end();
  });
  take(false);
}

/** A figure of another document, for this page: without the picture for readers without scripts. */
export function importFigure(figure: HTMLElement): HTMLElement {
  const imported = document.importNode(figure, true);
  imported.querySelector('.still')?.remove();
  return imported;
}

function unpackLater(onUnpacked: () => void, onEnd: () => void): void {
  const groups = [...document.querySelectorAll<HTMLElement>('noscript.later')];
  // A reader who comes back is returned to the old position, which needs the whole page.
  const isBack = performance.getEntriesByType('navigation').some((one) => 'type' in one && one.type !== 'navigate');
  const next = (): void => {
    const group = groups.shift();
    if (group === undefined) {
      onEnd();
      return;
    }
    unpack(group);
    onUnpacked();
    if (isBack) next();
    else requestIdleCallback(next, { timeout: patienceMs });
  };
  if (isBack || groups.length === 0) next();
  else requestIdleCallback(next, { timeout: patienceMs });
}

function unpack(group: HTMLElement): void {
  const parsed = new DOMParser().parseFromString(group.textContent ?? '', 'text/html');
  group.replaceWith(...[...parsed.querySelectorAll<HTMLElement>('figure')].map(importFigure));
}
