// The growth as a picture: an SVG with two logarithmic axes, a line for each kind of work, and a dashed line for linear growth. Pure:
// figures in, text out.

import type { GrowthLine } from './comparison.js';

const size = { width: 960, height: 540 };
const plot = { left: 90, right: 590, top: 60, bottom: 470 };

/** Distinguishable without red and green vision (Okabe and Ito), and by their marks. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#555555'];

const marks: readonly ((x: number, y: number) => string)[] = [
  (x, y) => `<circle cx="${x}" cy="${y}" r="4"/>`,
  (x, y) => `<rect x="${x - 4}" y="${y - 4}" width="8" height="8"/>`,
  (x, y) => `<path d="M${x} ${y - 5}l5 9h-10z"/>`,
  (x, y) => `<path d="M${x} ${y - 6}l6 6-6 6-6-6z"/>`,
];

/** Maps a value to a position on an axis. */
type Axis = (value: number) => number;

/** Draws lines of milliseconds over numbers of services. */
export function plotGrowth(lines: readonly GrowthLine[]): string {
  const points = lines.flatMap((line) => line.points);
  const xs = decades(points.map(({ services }) => services));
  const ys = decades(points.map(({ value }) => value));
  const x = logAxis(xs, plot.left, plot.right);
  const y = logAxis(ys, plot.bottom, plot.top);
  const placed = placeLabels(lines, y);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="Roboto, Helvetica, Arial, sans-serif" font-size="13" fill="#24292f">`,
    '<title>Processor time over the number of services</title>',
    `<rect width="${size.width}" height="${size.height}" fill="#ffffff"/>`,
    `<text x="${plot.left}" y="32" font-size="17" font-weight="600">Processor time over the number of services</text>`,
    grid(xs, ys, { x, y }),
    linear(xs, ys, { x, y }),
    ...lines.map((line, i) => drawLine(line, i, { x, y, labelY: placed[i] ?? 0 })),
    '</svg>',
  ].join('\n')}\n`;
}

/** The powers of ten around some values. */
function decades(values: readonly number[]): readonly number[] {
  const logs = values.map(Math.log10).filter(Number.isFinite);
  const from = Math.floor(Math.min(...logs));
  const to = Math.max(from + 1, Math.ceil(Math.max(...logs)));
  return Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
}

function logAxis(ticks: readonly number[], from: number, to: number): Axis {
  const [first = 1, last = 10] = [ticks[0], ticks.at(-1)];
  const scale = (to - from) / Math.log10(last / first);
  return (value) => Math.round(10 * (from + Math.log10(value / first) * scale)) / 10;
}

interface Axes {
  readonly x: Axis;
  readonly y: Axis;
}

function grid(xs: readonly number[], ys: readonly number[], { x, y }: Axes): string {
  const halves = (ticks: readonly number[]): number[] => ticks.slice(0, -1).flatMap((tick) => [2 * tick, 5 * tick]);
  const across = (at: number, colour: string): string =>
    `<path d="M${plot.left} ${y(at)}H${plot.right}" stroke="${colour}"/>`;
  return [
    ...halves(ys).map((at) => across(at, '#f0f2f4')),
    ...ys.map((at) => across(at, '#d0d7de')),
    ...xs.map((at) => `<path d="M${x(at)} ${plot.top}V${plot.bottom}" stroke="#d0d7de"/>`),
    ...ys.map((at) => `<text x="${plot.left - 10}" y="${y(at) + 4}" text-anchor="end">${formatMs(at)}</text>`),
    ...xs.map(
      (at) => `<text x="${x(at)}" y="${plot.bottom + 22}" text-anchor="middle">${at.toLocaleString('en')}</text>`,
    ),
    `<text x="${(plot.left + plot.right) / 2}" y="${plot.bottom + 48}" text-anchor="middle">services</text>`,
  ].join('\n');
}

/** The line of linear growth, as far as it stays within the plot. */
function linear(xs: readonly number[], ys: readonly number[], { x, y }: Axes): string {
  const [firstX = 1, lastX = 10] = [xs[0], xs.at(-1)];
  const [firstY = 1, lastY = 10] = [ys[0], ys.at(-1)];
  const times = Math.min(lastX / firstX, lastY / firstY);
  const [endX, endY] = [x(firstX * times), y(firstY * times)];
  return [
    `<path d="M${x(firstX)} ${y(firstY)}L${endX} ${endY}" stroke="#8c959f" stroke-dasharray="6 5" fill="none"/>`,
    `<text x="${endX - 8}" y="${endY + 38}" text-anchor="end" fill="#6e7781">linear</text>`,
  ].join('\n');
}

function drawLine({ work, points }: GrowthLine, i: number, { x, y, labelY }: Axes & { labelY: number }): string {
  const colour = colours[i % colours.length] ?? '#000000';
  const mark = marks[i % marks.length] ?? (() => '');
  const measured = points.filter(({ value }) => !Number.isNaN(value));
  const path = measured.map(({ services, value }) => `${x(services)} ${y(value)}`).join('L');
  const last = measured.at(-1);
  const [endX, endY] = last === undefined ? [plot.right, labelY] : [x(last.services), y(last.value)];
  return [
    `<g fill="${colour}" stroke="none">`,
    `<path d="M${path}" stroke="${colour}" stroke-width="2" fill="none"/>`,
    ...measured.map(({ services, value }) => mark(x(services), y(value))),
    `<path d="M${endX + 6} ${endY}L${plot.right + 22} ${labelY}" stroke="${colour}" stroke-width="0.8" fill="none"/>`,
    `<text x="${plot.right + 26}" y="${labelY + 4}">${escapeXml(work.replaceAll('`', ''))}</text>`,
    '</g>',
  ].join('\n');
}

/** Heights of the labels: at the end of each line, without overlap. */
function placeLabels(lines: readonly GrowthLine[], y: Axis): readonly number[] {
  const gapPx = 20;
  const ends = lines
    .map(({ points }, i) => ({ i, at: y(points.findLast(({ value }) => !Number.isNaN(value))?.value ?? 1) }))
    .sort((a, b) => a.at - b.at);
  const places = new Array<number>(lines.length).fill(0);
  let above = Number.NEGATIVE_INFINITY;
  for (const { i, at } of ends) {
    above = Math.max(at, above + gapPx);
    places[i] = above;
  }
  return places;
}

function formatMs(ms: number): string {
  if (ms >= 1000) return `${ms / 1000} s`;
  return ms >= 1 ? `${ms} ms` : `${Number((ms * 1000).toPrecision(3))} µs`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
