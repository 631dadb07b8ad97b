// The graph of a figure, from its attributes.

import { directorName } from '../../src/model/names/name.js';
import type { Ago } from '../../src/render/define/comparison.js';
import { formatView, type View } from '../page/view.js';

/** A figure's graph: of one archive, or the stack of all. */
export interface FigureSpec {
  readonly kind: 'graph' | 'stack';
  readonly name: string;
  readonly type: string;
  readonly isShare: boolean;
  readonly isTile: boolean;
}

/** Reads a figure's attributes. */
export function readSpec({ dataset, classList }: HTMLElement): FigureSpec {
  return {
    kind: dataset['kind'] === 'stack' ? 'stack' : 'graph',
    name: dataset['name'] ?? '',
    type: dataset['type'] ?? '',
    isShare: dataset['share'] !== undefined,
    isTile: classList.contains('tile'),
  };
}

/** Figures with equal keys show the same. */
export function specKey({ kind, name, type, isShare }: FigureSpec): string {
  return [kind, name, type, isShare].join(' ');
}

/** The rows that a graph needs. */
interface LiveWish {
  readonly view: View;
  readonly widthPx: number;
  readonly ago?: Ago | null;
  readonly zone?: string | null;
}

/** The address of a graph's rows, for a plot `widthPx` device pixels wide, with times in a zone that the reader chose. */
export function liveUrl(base: string, spec: FigureSpec, { view, widthPx, ago = null, zone = null }: LiveWish): string {
  const name = spec.name === directorName ? '' : `name=${encodeURIComponent(spec.name)}&`;
  const compared = ago === null ? '' : `&compare=${ago}`;
  const inZone = zone === null ? '' : `&zone=${encodeURIComponent(zone)}`;
  return `${base}/live/${spec.kind}?${name}type=${encodeURIComponent(spec.type)}&${formatView(view)}&width=${widthPx}${compared}${inZone}`;
}
