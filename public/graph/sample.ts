// The sample of a legend's row: how its series is drawn, 10 pixels square. As SVG, since every canvas of a page is a layer that
// the browser has to compose; and with attributes, since the content security policy forbids styles in markup.

import type { Style } from '../../src/render/define/picture.js';
import { drawStrokes } from '../../src/render/draw/draw-pattern.js';
import type { Pattern } from '../../src/render/look/member-looks.js';
import type { Colours } from '../../src/render/look/theme.js';

const namespace = 'http://www.w3.org/2000/svg';
const box = { left: 0, top: 0, right: 10, bottom: 10 };

/** An empty sample. */
export function sampleElement(): SVGSVGElement {
  const sample = document.createElementNS(namespace, 'svg');
  for (const [name, value] of [
    ['class', 'sample'],
    ['viewBox', '0 0 10 10'],
    ['width', '10'],
    ['height', '10'],
    ['aria-hidden', 'true'],
  ] as const)
    sample.setAttribute(name, value);
  return sample;
}

/** Draws a style, as `draw-legend.ts` does in pictures. */
export function paintSample(sample: SVGSVGElement, style: Style, colours: Colours): void {
  sample.replaceChildren(...shapesOf(style, colours));
}

function shapesOf({ form, fill, edge, pattern }: Style, colours: Colours): SVGElement[] {
  if (form === 'line') return [bar(4, 2, edge)];
  if (form === 'thin') return [bar(4, 1, edge)];
  if (fill === '') return [];
  if (form === 'area') return [bar(0, 2, edge), bar(2, 8, fill)];
  const lines = pattern === 'plain' ? [] : [shape('path', { d: strokePath(pattern), stroke: colours.pattern })];
  return [bar(0, 10, fill), ...lines];
}

function strokePath(pattern: Pattern): string {
  let path = '';
  const pen = {
    beginPath: () => undefined,
    moveTo: (x: number, y: number) => {
      path += `M${x} ${y}`;
    },
    lineTo: (x: number, y: number) => {
      path += `L${x} ${y}`;
    },
  };
  drawStrokes(pen, pattern, box);
  return path;
}

function bar(top: number, height: number, fill: string): SVGElement {
  return shape('rect', { x: '0', y: String(top), width: '10', height: String(height), fill });
}

function shape(name: 'rect' | 'path', attributes: Readonly<Record<string, string>>): SVGElement {
  const made = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
