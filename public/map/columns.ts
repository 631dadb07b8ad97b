// Columns that are dragged: the order of columns is part of the page's address.

import { type MapPage, shownDrawing } from './map-page.js';

/** Pixels that a pointer moves before a press is a drag. */
const slackPx = 6;

interface Drag {
  readonly column: SVGGElement;
  readonly startX: number;
  readonly startY: number;
  isMoving: boolean;
}

/** Lets columns be dragged by their heads. */
export function setUpColumns(main: HTMLElement, page: MapPage): void {
  let drag: Drag | null = null;
  /** The click that a browser makes of a drag's end is still to come. */
  let isClickToCome = false;
  main.addEventListener('pointerdown', (event) => {
    const { target } = event;
    if (event.button !== 0 || event.pointerType === 'touch' || !(target instanceof SVGElement)) return;
    const column = target.closest<SVGGElement>('g.column');
    if (column === null || target.closest('.cell, .button') !== null) return;
    drag = { column, startX: event.clientX, startY: event.clientY, isMoving: false };
  });
  addEventListener('pointermove', (event) => {
    if (drag === null) return;
    const [x, y] = [event.clientX - drag.startX, event.clientY - drag.startY];
    if (!drag.isMoving && Math.hypot(x, y) < slackPx) return;
    drag.isMoving = true;
    const scale = scaleOf(drag.column);
    drag.column.setAttribute('transform', `translate(${x / scale} ${y / scale})`);
  });
  addEventListener('pointerup', (event) => {
    const mine = drag;
    drag = null;
    if (mine === null || !mine.isMoving) return;
    isClickToCome = true;
    setTimeout(() => {
      isClickToCome = false;
    });
    const order = orderAfter(main, mine.column, event);
    mine.column.removeAttribute('transform');
    const url = new URL(location.href);
    url.searchParams.set('order', order.join(','));
    void page.show(url.pathname + url.search);
  });
  addEventListener('pointercancel', () => {
    drag?.column.removeAttribute('transform');
    drag = null;
  });
  // A drag is neither the drag of a link nor a click.
  main.addEventListener('dragstart', (event) => {
    if (event.target instanceof SVGElement) event.preventDefault();
  });
  main.addEventListener(
    'click',
    (event) => {
      if (!isClickToCome) return;
      isClickToCome = false;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
}

/** The groups in their order after a column was dropped at a point: before the first column whose middle is behind it. */
function orderAfter(main: HTMLElement, column: SVGGElement, { clientX, clientY }: PointerEvent): readonly string[] {
  const own = column.dataset['group'] ?? '';
  const others = [...(shownDrawing(main)?.querySelectorAll<SVGGElement>('g.column') ?? [])].filter(
    (one) => one !== column,
  );
  const groups = others.map((one) => one.dataset['group'] ?? '');
  const place = others.findIndex((one) => {
    const { left, width, top, bottom } = one.getBoundingClientRect();
    return clientY < top || (clientY <= bottom + 60 && clientX < left + width / 2);
  });
  return place < 0 ? [...groups, own] : groups.toSpliced(place, 0, own);
}

function scaleOf(column: SVGGElement): number {
  const { ownerSVGElement } = column;
  const width = ownerSVGElement?.viewBox.baseVal.width ?? 1;
  return (ownerSVGElement?.getBoundingClientRect().width ?? width) / width;
}
