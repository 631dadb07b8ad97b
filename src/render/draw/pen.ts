// The subset of a 2D drawing context that pictures use, common to a browser's canvas and the one in Node. Declared here, since
// a definition must not depend on the browser's types or the canvas package.

/** A 2D context, reduced to the used members (CanvasRenderingContext2D of the HTML standard). */
export interface Pen {
  fillStyle: unknown;
  strokeStyle: unknown;
  lineWidth: number;
  lineJoin: 'bevel' | 'miter' | 'round';
  font: string;
  textAlign: 'left' | 'right' | 'center' | 'start' | 'end';
  textBaseline: 'alphabetic' | 'middle' | 'top' | 'bottom' | 'hanging' | 'ideographic';
  save(): void;
  restore(): void;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  rect(x: number, y: number, width: number, height: number): void;
  clip(): void;
  setLineDash(segments: number[]): void;
  stroke(): void;
  fill(rule?: 'nonzero' | 'evenodd'): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  strokeText(text: string, x: number, y: number): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): { readonly width: number };
}

/** Font family and size in the syntax of `ctx.font`. */
export function fontOf(family: string, sizePx: number, weight: 400 | 500 = 400): string {
  return `${weight} ${sizePx}px ${family}`;
}

/** A font of `fontOf`, with its size multiplied by `factor`. */
export function scaledFont(font: string, factor: number): string {
  return font.replace(/[\d.]+px/, (size) => `${Math.floor(Number.parseFloat(size) * factor * 10) / 10}px`);
}

/** The longest text that fits, from a list of ever shorter ones; '' if none does. */
export function firstFitting(pen: Pen, texts: readonly string[], widthPx: number): string {
  return texts.find((text) => pen.measureText(text).width <= widthPx) ?? '';
}

/** A text that fits: the whole, or as much of it as leaves room for an ellipsis. */
export function withEllipsis(pen: Pen, text: string, widthPx: number): string {
  if (pen.measureText(text).width <= widthPx) return text;
  const characters = [...text];
  let [fitting, end] = [0, characters.length];
  while (fitting < end) {
    const length = Math.ceil((fitting + end) / 2);
    if (pen.measureText(`${characters.slice(0, length).join('')}…`).width <= widthPx) fitting = length;
    else end = length - 1;
  }
  return `${characters.slice(0, fitting).join('')}…`;
}

/** Host names, shortened step by step: all, fewer with "+n" for the rest, the first truncated, none. */
export function shorterHosts(hosts: readonly string[]): string[] {
  const [first] = hosts;
  if (first === undefined) return [];
  const fewer = hosts.map((_, index) => {
    const kept = hosts.slice(0, hosts.length - index).join(', ');
    return index === 0 ? kept : `${kept} +${index}`;
  });
  const rest = hosts.length > 1 ? ` +${hosts.length - 1}` : '';
  const cuts = [];
  for (let length = first.length - 2; length >= 6; length -= 2) cuts.push(`${first.slice(0, length)}…${rest}`);
  return [...fewer, ...cuts];
}
