// Compares the page after a cycle, as the server now has it, with the visible one: figures of new services are inserted, those
// of gone ones are removed, and parts marked `data-live` are replaced if they differ. Nothing else moves, so nothing jumps
// under the reader's hand.

import { readSpec, specKey } from '../graph/spec.js';
import { importFigure } from './arrivals.js';

/** Callbacks for figures that came and went. */
export interface MergeUse {
  readonly onAdded: (figure: HTMLElement) => void;
  readonly onRemoved: (figure: HTMLElement) => void;
}

/** Fetches the page again and merges what is new; if that fails the page stays as it is, since the status reports the failure. */
export async function mergePage(use: MergeUse): Promise<void> {
  const { href } = location;
  const response = await fetch(href, { headers: { accept: 'text/html' }, cache: 'no-cache' }).catch(() => null);
  if (response === null || !response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  // The page may show something else meanwhile.
  if (location.href !== href) return;
  mergeParts(document, fresh);
  mergeFigures(document, fresh, use);
}

function mergeParts(page: Document, fresh: Document): void {
  for (const part of page.querySelectorAll<HTMLElement>('[data-live]')) {
    const other = fresh.querySelector<HTMLElement>(`[data-live="${CSS.escape(part.dataset['live'] ?? '')}"]`);
    if (other !== null) part.hidden = other.hidden;
    if (other === null || other.innerHTML === part.innerHTML || isInUse(part)) continue;
    part.replaceChildren(...[...other.childNodes].map((node) => page.importNode(node, true)));
    part.dispatchEvent(new Event('renewed', { bubbles: true }));
  }
}

/** Is the reader in it, or has unfolded something there? */
function isInUse(part: HTMLElement): boolean {
  return part.contains(document.activeElement) || part.querySelector('details[open]') !== null;
}

function mergeFigures(page: Document, fresh: Document, use: MergeUse): void {
  const main = page.querySelector('main.graphs');
  const theirs = figuresByKey(fresh);
  const ours = figuresByKey(page);
  if (main === null || theirs.size === 0) return;
  for (const [key, figure] of ours) {
    if (theirs.has(key)) continue;
    use.onRemoved(figure);
    figure.remove();
  }
  let before: HTMLElement | null = null;
  for (const [key, figure] of theirs) {
    const standing = ours.get(key);
    if (standing === undefined) {
      const added = importFigure(figure);
      if (before === null) main.prepend(added);
      else before.after(added);
      use.onAdded(added);
      before = added;
    } else before = standing;
  }
}

function figuresByKey(page: Document): Map<string, HTMLElement> {
  const figures = page.querySelectorAll<HTMLElement>('main figure.graph');
  return new Map([...figures].map((figure) => [specKey(readSpec(figure)), figure]));
}
