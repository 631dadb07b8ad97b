// The keyboard on a focused graph: arrows move the crosshair, with Shift they pan, + and - zoom around it, 0 restores the
// page's first view, Escape goes back. The values at the crosshair are announced.

import type { PlotUse } from '../graph/board.js';
import type { Face } from '../graph/face.js';
import { panned, type Range, zoomed } from '../page/view.js';

const step = 1 / 96;
const leap = 1 / 12;
const panPart = 0.25;

/** The position of the crosshair, and a way to announce words. */
export interface PlotKeysUse extends PlotUse {
  readonly timeS: () => number | null;
  readonly say: (text: string) => void;
}

/** Listens to keys on a graph. */
export function listenToPlotKeys(face: Face, use: PlotKeysUse): void {
  face.stage.canvas.addEventListener('keydown', (event) => {
    if (face.picture === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const span = use.span();
    const atS = Math.min(span.endS, Math.max(span.startS, use.timeS() ?? span.endS));
    const moved = movedTo(event.key, span, atS);
    if (moved !== null || event.key === '+' || event.key === '=' || event.key === '-') face.leave();
    if (event.shiftKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      use.onZoom(panned(span, event.key === 'ArrowLeft' ? -panPart : panPart));
    } else if (moved !== null) {
      use.onPoint(moved);
      use.say(face.point(moved));
    } else if (event.key === '+' || event.key === '=') use.onZoom(zoomed(span, 1 / 2, atS));
    else if (event.key === '-') use.onZoom(zoomed(span, 2, atS));
    else if (event.key === '0') use.onReset();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  face.stage.canvas.addEventListener('blur', () => use.onPoint(null));
}

function movedTo(key: string, { startS, endS }: Range, atS: number): number | null {
  const parts: Readonly<Record<string, number>> = { ArrowLeft: -step, ArrowRight: step, PageUp: -leap, PageDown: leap };
  if (key === 'Home') return startS + 1;
  if (key === 'End') return endS;
  const part = parts[key];
  return part === undefined ? null : Math.min(endS, Math.max(startS + 1, atS + part * (endS - startS)));
}
